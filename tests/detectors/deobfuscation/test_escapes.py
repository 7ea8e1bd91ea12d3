from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.escapes import ESCAPES, LAYOUT
from promptguard.detectors.deobfuscation.interface import Obfuscation

type Read = Callable[[Obfuscation, str], str | None]


@pytest.mark.parametrize(
    ("obfuscation", "text", "reading"),
    [
        (ESCAPES, "a%40b%2Ec", "a@b.c"),
        (ESCAPES, "caf%C3%A9", "café"),
        (ESCAPES, "caf%E9!", "café!"),
        (ESCAPES, "U+0061 U+0062 U+0063 U+0064", "abcd"),
        (ESCAPES, "u+0061u+0062u+0063u+0064", "abcd"),
        (ESCAPES, "U+00A0 and U+2009 are spaces", None),
        (ESCAPES, r"\N{LATIN SMALL LETTER A}\N{U+0062}", "ab"),
        (ESCAPES, r"\N{NO SUCH LETTER}", None),
        (ESCAPES, r"\000061\000062 \0063\0064", "abcd"),
        (ESCAPES, r"\61 \62 \63 ", "abc"),
        (ESCAPES, "%u0061%U0062c%ud83d%ude00", "abc\U0001f600"),
        (ESCAPES, "5%unsure, %u12g4", None),
        (ESCAPES, "100% sure, 5 %d", None),
        (ESCAPES, "a&#64;b&period;c&nbsp;d", "a@b.c d"),
        (ESCAPES, "&nosuchname; a&b=c", None),
        (ESCAPES, r"\u0061\x62\143\u{64}\U00000065", "abcde"),
        (ESCAPES, r"\ud83d\ude00!", "\U0001f600!"),
        (ESCAPES, r"\ud83d alone", "\ud83d alone"),
        (ESCAPES, r"\U00ffffff", None),
        (ESCAPES, "a=40b.de", "a@b.de"),
        (ESCAPES, "abc=\ndef, abc=\r\ndef", "abcdef, abcdef"),
        (ESCAPES, "https://example.com/" + "path/" * 12 + "?sig=abc=\nHow", None),  # longer than such lines are
        (ESCAPES, "key==\nHow", None),
        (ESCAPES, "x=41, y=20", None),
        (ESCAPES, "status=200 code=404 port=2049", None),
        (LAYOUT, r"a\nB\tC\rd http:\/\/x", "a\nB\tC\rd http://x"),
        (LAYOUT, r"\d \s C:\ ", None),
    ],
)
def test_readings(read: Read, obfuscation: Obfuscation, text: str, reading: str | None) -> None:
    assert read(obfuscation, text) == reading
