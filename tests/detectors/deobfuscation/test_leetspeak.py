from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.interface import Obfuscation
from promptguard.detectors.deobfuscation.leetspeak import LEETSPEAK

type Read = Callable[[Obfuscation, str], str | None]


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("my p4ssw0rd: Tr0ub4dor", "my password: Tr0ub4dor"),
        ("P@$$W0RD=x, 4p1_k3y", "password=x, api_key"),
        ("s3cr3t_k3y t0k3n pa55wd", "secret_key token passwd"),
        ("password, secret, token and apikey", None),
        ("p4ss the salt", None),
    ],
)
def test_readings(read: Read, text: str, reading: str | None) -> None:
    assert read(LEETSPEAK, text) == reading
