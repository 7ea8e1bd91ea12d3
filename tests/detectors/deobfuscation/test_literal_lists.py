from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.interface import Obfuscation
from promptguard.detectors.deobfuscation.literal_lists import LISTED_CHARACTERS, LITERAL_LISTS

type Read = Callable[[Obfuscation, str], str | None]


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("CONCAT('abc','def')", "CONCAT('abcdef')"),
        ('concat!("abc", "def")', 'concat!("abcdef")'),
        ('"".join(["abc", "def", "ghi"])', '"".join(["abcdefghi"])'),
        ("''.join((\n    'abc',\n    'def'\n))", "''.join((\n    'abcdef'\n))"),
        ('".".join(["abc", "def"])', '".".join(["abc.def"])'),
        ("['abc', 'def'].join('-')", "['abc-def'].join('-')"),
        ("['abc', 'def'].join", "['abcdef'].join"),
        ("%w[abc def].join", "%w[abcdef].join"),
        ('join("", ["abc", "def"])', 'join("", ["abcdef"])'),
        ("implode('', ['abc', 'def'])", "implode('', ['abcdef'])"),
        ('strings.Join([]string{"abc", "def"}, "")', 'strings.Join([]string{"abcdef"}, "")'),
        ("-join ('abc','def')", "-join ('abcdef')"),
        ("('abc','def') -join ''", "('abcdef') -join ''"),
        ('"%s%s" % ("abc", "def")', '"%s%s" % ("abcdef")'),
        ('"{}{}".format("abc", "def")', '"{}{}".format("abcdef")'),
        ("'{0}{1}' -f 'abc','def'", "'{0}{1}' -f 'abcdef'"),
        ('sprintf("%s%s", "abc", "def")', 'sprintf("%s%s", "abcdef")'),
        ('", ".join(["abc", "def"])', None),
        ('"|".join(["abc", "def"])', None),
        ('", ".join(names)', None),
        ('f(["abc", "def"])', None),
    ],
)
def test_literals_that_a_call_joins_are_one(read: Read, text: str, reading: str | None) -> None:
    assert read(LITERAL_LISTS, text) == reading


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ('["a","b","c","d","e","f","g","h"]', '["abcdefgh"]'),
        ("{'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 0}", "{'abcdefgh', 0}"),
        ('["a","b","c","d"]', None),
        ('["a","b","c","north","e","f","g","h","i"]', None),
    ],
)
def test_characters_in_a_list_are_one_text(read: Read, text: str, reading: str | None) -> None:
    assert read(LISTED_CHARACTERS, text) == reading
