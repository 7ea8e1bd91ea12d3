"""Letters of scripts that neither the names model nor a rule knows."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Final

import regex

from promptguard.detectors.names.scripts.spaced_scripts import SPACED_SCRIPTS

MIN_LETTERS: Final = 12
"""Letters of one script that matter: about a name in a few words, for many of these scripts put no spaces between."""

_KNOWN: Final = ("Latin", "Han", "Hiragana", "Katakana", "Bopomofo", "Hangul", "Thai", *SPACED_SCRIPTS)
_UNKNOWN_LETTER: Final = regex.compile(
    rf"[\p{{L}}--[{''.join(rf'\p{{{name}}}' for name in (*_KNOWN, 'Common', 'Inherited'))}]]", regex.V1
)

UNDETERMINED: Final = "und"
"""BCP 47 for a language that is not known."""

_TAGS: Final = {
    "KHMER": "km",
    "LAO": "lo",
    "MYANMAR": "my",
    "TIBETAN": "bo",
    "MONGOLIAN": "mn-Mong",
    "THAANA": "dv",
    "CHEROKEE": "chr",
    "SYRIAC": "syr",
    "NKO": "nqo",
    "TIFINAGH": "zgh",
    "CANADIAN": "iu-Cans",
    "YI": "ii",
    "JAVANESE": "jv-Java",
    "BALINESE": "ban-Bali",
    "SUNDANESE": "su-Sund",
    "OL": "sat",
    "MEETEI": "mni",
    "COPTIC": "cop",
    "ADLAM": "ff-Adlm",
    "VAI": "vai",
    "CHAKMA": "ccp",
    "TAI": "tdd",
    "NEW": "khb",
    "BUGINESE": "bug",
    "GOTHIC": "got",
    "RUNIC": "non",
}
"""Languages by the first word of their letters' names in Unicode."""


def unknown_scripts(text: str) -> frozenset[str]:
    """Tags of the languages in whose scripts a part of `text` is written. Linear in the text."""
    if text.isascii() or not _letters().search("".join(set(text))):
        return frozenset()
    letters = Counter(map(_tag, _letters().findall(text)))
    return frozenset(tag for tag, count in letters.items() if count >= MIN_LETTERS)


@cache
def _tag(letter: str) -> str:
    return _TAGS.get(unicodedata.name(letter, "").partition(" ")[0], UNDETERMINED)


@cache
def _letters() -> re.Pattern[str]:
    """The same letters as plain ranges, which are searched several times as fast as properties of characters."""
    return re.compile(f"[{''.join(f'{first}-{last}' for first, last in _ranges())}]")


def _ranges() -> Iterator[tuple[str, str]]:
    every = "".join(map(chr, (*range(0x0370, 0xD800), *range(0xE000, sys.maxunicode + 1))))
    for match in regex.finditer(rf"{_UNKNOWN_LETTER.pattern}+", every, regex.V1):
        yield match[0][0], match[0][-1]
