"""Numbers as people say them, two digits at a time: `forty-five thirty-nine fourteen …`, `fünfundvierzig
neununddreißig`, and digits among words: `4 five 3 nine …`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from promptguard.detectors.deobfuscation.interface import (
    SPELLING,
    ExpansionBudget,
    Obfuscation,
    Prefilter,
    Replacement,
)

MIN_DIGITS: Final = 12
MAX_DIGITS: Final = 24
"""Those of a card (ISO/IEC 7812-1) are up to 19; a country's prefix may precede."""

_ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_GERMAN_ONES = ["ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"]
_GERMAN_TENS = ["zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"]
_GERMAN = [
    "null",
    "eins",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
    "dreizehn",
    "vierzehn",
    "fünfzehn",
    "sechzehn",
    "siebzehn",
    "achtzehn",
    "neunzehn",
]
_WORDS: Final[dict[str, str]] = (
    {word: str(digit) for digit, word in enumerate(_ONES)}
    | {"oh": "0", "o": "0", "fourty": "40", "ninty": "90", "zwo": "2"}
    | {word: str(number) for number, word in enumerate(_TEENS, 10)}
    | {word: str(number) for number, word in zip(range(20, 100, 10), _TENS, strict=True)}
    | {word: str(number) for number, word in enumerate(_GERMAN)}
    | {word: str(number) for number, word in zip(range(20, 100, 10), _GERMAN_TENS, strict=True)}
    | {
        f"{one}und{ten}": str(tens + number)
        for tens, ten in zip(range(20, 100, 10), _GERMAN_TENS, strict=True)
        for number, one in enumerate(_GERMAN_ONES, 1)
    }
    | {str(digit): str(digit) for digit in range(10)}
)
_PART = "|".join(sorted(_WORDS, key=lambda word: (-len(word), word)))
_SEPARATOR = r"[ ,.;\-]{1,3}"
_ROW: Final = re.compile(rf"\b(?:{_PART})\b(?:{_SEPARATOR}(?:and )?(?:{_PART})\b)*", re.IGNORECASE)
_LAST: Final = re.compile(rf"\b(?:{_PART}){_SEPARATOR}(?:and )?\Z", re.IGNORECASE)
_ONE_WORD: Final = re.compile(r"[^\W_]+")
_LONGEST: Final = 28
_MAX_WORDS: Final = 30


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        if start < position:
            continue
        first = _begin(text, start, position)
        row = _ROW.match(text, first)
        if row is None:
            continue
        position = max(row.end(), start)
        digits = _digits(_ONE_WORD.findall(row.group().lower()))
        if MIN_DIGITS <= len(digits) <= MAX_DIGITS and not row.group().replace(" ", "").isdigit():
            budget.take(len(digits))
            yield Replacement(row.start(), row.end(), digits, "spoken digits")


def _begin(text: str, start: int, earliest: int) -> int:
    """Where the row begins in which the word at `start` stands: what precedes it may be no prefilter's."""
    while start > earliest and text[start - 1].isalnum():
        start -= 1
    for _ in range(_MAX_WORDS):
        before = _LAST.search(text, max(earliest, start - _LONGEST), start)
        if before is None:
            break
        start = before.start()
    return start


def _digits(words: Sequence[str]) -> str:
    """What the words say: tens take the one that follows them."""
    said, tens = "", False
    for word in words:
        number = _WORDS.get(word, "")  # "and"
        if tens and len(number) == 1 and number != "0":
            said = said[:-1] + number
        else:
            said += number
        tens = word in _TENS and number.endswith("0")
    return said


_TEN = "(?:twent|thirt|fort|fift|sixt|sevent|eight|ninet)y"
_ANY_ONE = "(?:one|two|three|four|five|six|seven|eight|nine)"
_NEXT = f"(?:{'|'.join(_TEENS)}|{'|'.join(_TENS)}|{_ANY_ONE}|oh|zero)"

SPOKEN_PAIRS: Final = Obfuscation(
    "spoken pairs",
    SPELLING,
    (
        # All end in a word's last letter: the finder looks for the beginning.
        Prefilter(f"{_TEN}[ -]{_ANY_ONE}[ ,.-]{{1,2}}{_NEXT}", 1, caseless=True),
        Prefilter(r"und(?:zwan|vier|f.{1,2}nf|sech|sieb|acht|neun)zig", 1, caseless=True),
        Prefilter(f"[ ,][0-9][ ,-]{_ANY_ONE}[ ,-][0-9][ ,-]{_ANY_ONE}", 1, caseless=True),
    ),
    _find,
)
