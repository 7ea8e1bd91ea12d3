from base64 import b64encode
from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.encoded_words import ENCODED_WORDS
from promptguard.detectors.deobfuscation.interface import Obfuscation

type Read = Callable[[Obfuscation, str], str | None]


def b(text: bytes) -> str:
    return b64encode(text).decode()


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("Subject: =?utf-8?Q?pass=77ord_is_x?=!", "Subject: password is x!"),
        (f"=?UTF-8?B?{b('grüße'.encode())}?=", "grüße"),
        ("=?iso-8859-1?q?caf=E9?= x", "café x"),
        ("=?utf-8*en?Q?a?=", "a"),
        ("=?utf-8?Q?sec?= =?utf-8?Q?ret?=", "secret"),
        ("=?utf-8?Q?sec?=\r\n =?utf-8?b?" + b(b"ret") + "?= on", "secret on"),
        ("=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=", "café"),
        ("=?utf-8?Q?a?= b =?latin1?Q?c?=", "a b c"),
        ("=?utf-8?Q?a?==?utf-8?Q?b?=", "ab"),
        ("=?x-unknown?Q?a?=", "a"),
        ("=?utf-8?B?!!?=", ""),
        ("x ? a?b?c : d", None),
        ("is it a?Q? maybe", None),
        ("=?utf-8?Q?unended", None),
    ],
)
def test_readings(read: Read, text: str, reading: str | None) -> None:
    assert read(ENCODED_WORDS, text) == reading


def test_linear(read: Read) -> None:
    assert read(ENCODED_WORDS, "=?a?Q?" * 20_000) is None
    made = read(ENCODED_WORDS, "=?utf-8?Q?a?= " * 20_000)
    assert made is not None and "aaaaaaaa" in made
