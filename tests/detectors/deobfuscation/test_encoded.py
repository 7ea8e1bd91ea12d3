import base64
import gzip
from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.encoded import ENCODED
from promptguard.detectors.deobfuscation.interface import Obfuscation

type Read = Callable[[Obfuscation, str], str | None]


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        (base64.b64encode(b"hello, my friend").decode(), "hello, my friend"),
        ("data:;base64," + base64.b64encode(b"hello, my friend").decode(), "data:;base64, hello, my friend"),
        (base64.urlsafe_b64encode(b"why??? because>>>").decode(), "why??? because>>>"),
        (base64.b64encode(b"hello, my friend").decode()[:-2], "hello, my friend"),
        (base64.b64encode("Eine Straße, ein Café".encode()).decode(), "Eine Straße, ein Café"),
        (base64.b64encode("hello, my friend".encode("utf-16-le")).decode(), "hello, my friend"),
        (base64.b32encode(b"hello, my friend").decode(), "hello, my friend"),
        (b"hello, my friend".hex(), "hello, my friend"),
        (base64.a85encode(b"hello, my friend", adobe=True).decode(), "hello, my friend"),
        (base64.b64encode(gzip.compress(b"hello, my friend", mtime=0)).decode(), "hello, my friend"),
        ("see " + base64.b64encode(b"password: my dear").decode() + " ok", "see \npassword: my dear\n ok"),
        ("key/" + base64.b64encode(b"hello, my friend").decode(), "key/ hello, my friend"),
        (base64.b64encode(b"hello, my dear").decode().rstrip("=") + "\nAnswer it", "hello, my dear\nAnswer it"),
        (base64.b64encode(b"hello my friend").decode() + "\nAnswer it", "hello my friend\nAnswer it"),
        (base64.b64encode(bytes(range(128, 228))).decode(), None),
        ("internationalisation/of/everything", None),
        ("da39a3ee5e6b4b0d3255bfef95601890afd80709", None),
    ],
)
def test_readings(read: Read, text: str, reading: str | None) -> None:
    assert read(ENCODED, text) == reading
