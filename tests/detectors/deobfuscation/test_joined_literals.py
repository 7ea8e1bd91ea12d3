from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.interface import Obfuscation
from promptguard.detectors.deobfuscation.joined_literals import SPLIT_LITERALS

type Read = Callable[[Obfuscation, str], str | None]


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ('x = "abc" + "def"', 'x = "abcdef"'),
        ("x = 'abc' .\n  'def'", "x = 'abcdef'"),
        ("$x = 'abc'.'def';", "$x = 'abcdef';"),
        ("'a' || 'b'", "'ab'"),
        ('"abc" .. "def"', '"abcdef"'),
        ('"abc" ++ "def"', '"abcdef"'),
        ('"abc" & _\n      "def"', '"abcdef"'),
        ('"abc"\n        + "def";', '"abcdef";'),
        ("\"abc\" + 'def'", "\"abcdef'"),
        ('("abc"\n    "def")', '("abcdef")'),
        ('k =\n\t"abc"\n\t"def";', 'k =\n\t"abcdef";'),
        ('x = "abc" "def" "ghi"', 'x = "abcdefghi"'),
        ('#define KEY "abc" "def"', '#define KEY "abcdef"'),
        ('x = b"abc" rb"def"', 'x = b"abcdef"'),
        ("export K='abc'\"def\"", "export K='abcdef\""),
        ('export K=abc""def', "export K=abcdef"),
        ('"abc\\\n  def"', '"abcdef"'),
        ('"abc".concat("def")', '"abcdef")'),
        ('.append("abc").append("def")', '.append("abcdef")'),
        ('k = "abc";\nk += "def";', 'k = "abcdef";'),
        ("$k = 'abc';\n$k .= 'def';", "$k = 'abcdef';"),
        ('"abc%s" % "def"', '"abcdef"'),
        ('"abc{}".format("def")', '"abcdef")'),
        ('x = "abc" + name + "def"', None),
        ('["abc",\n "def"]', None),
        ('cp "abc" "def"', None),
        ("don't and can't", None),
        ('say "abc def" "ghi"', None),
    ],
)
def test_literals_that_the_language_joins_are_one(read: Read, text: str, reading: str | None) -> None:
    assert read(SPLIT_LITERALS, text) == reading
