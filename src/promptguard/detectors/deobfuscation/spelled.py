"""Values spelled out in words: digits (`four one one one …`) and the signs of an e-mail address."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from promptguard.detectors.deobfuscation.interface import SPELLING, ExpansionBudget, Obfuscation, Prefilter, Replacement

_LANGUAGES = (
    "zero one two three four five six seven eight nine oh",
    "null eins zwei drei vier fünf sechs sieben acht neun zwo",
    "zéro un deux trois quatre cinq six sept huit neuf",
    "cero uno dos tres cuatro cinco seis siete ocho nueve",
    "zero uno due tre quattro cinque sei sette otto nove",
    "nul een twee drie vier vijf zes zeven acht negen",
    "nul en to tre fire fem seks syv otte ni",
    "zero um dois três quatro cinco seis sete oito nove",
    "noll ett två tre fyra fem sex sju åtta nio",
    "zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć",
    "sıfır bir iki üç dört beş altı yedi sekiz dokuz",
)
"""Digits from nought on; what follows nine is another word for an earlier one."""
_DIGITS: dict[str, int] = {
    word: digit for language in _LANGUAGES for digit, word in enumerate(language.split()[:10])
} | {"oh": 0, "zwo": 2, "fuenf": 5, "tres": 3, "meia": 6, "två": 2}
_TIMES = {"double": 2, "triple": 3}

MIN = 8
"""Digits below which words are a count or a date."""

_WORD = "|".join(sorted((*_DIGITS, *_TIMES), key=lambda word: (-len(word), word)))
_ROW = re.compile(rf"\b(?:{_WORD})\b(?:[ ,.;\-]{{1,3}}\b(?:{_WORD})\b)*", re.IGNORECASE)
_LAST = re.compile(rf"\b(?:{_WORD})[ ,.;\-]{{1,3}}$", re.IGNORECASE)
_ONE = re.compile(r"[^\W\d_]+")

_MAX_BEFORE_LENGTH = 100
"""Characters before what a prefilter knows that may belong to the value."""


def _find_digits(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        if start < position:
            continue
        # First words that are none of the prefilters': `fünf`, `double`.
        first, words = start, 0
        while words < MIN and (before := _LAST.search(text, max(position, first - 12), first)):
            first, words = before.start(), words + 1
        match = _ROW.match(text, first)
        if match is None:
            continue
        position = max(match.end(), start)
        digits, times = "", 1
        for word in _ONE.findall(match.group().lower()):
            if word in _TIMES:
                times = _TIMES[word]
            else:
                digits += str(_DIGITS[word]) * times
                times = 1
        if len(digits) >= MIN:
            budget.take(len(digits))
            yield Replacement(match.start(), match.end(), digits, "spelled digits")


_TOP_LEVEL = "com|org|net|de|fr|es|it|nl|dk|uk|eu|io|ch|info|biz|edu|gov|ca|au|se|pl"
_DOT = r"(?:[ ]?[\[({<][ ]?(?:dot|\.)[ ]?[\])}>][ ]?|[ ](?:dot|punkt|punto)[ ])"
_AT = r"(?:[ ]?[\[({<][ ]?(?:at|@)[ ]?[\])}>][ ]?|[ ](?:at|@|arroba|chiocciola|klammeraffe)[ ]|@)"
_ADDRESS = re.compile(
    rf"(?<![\w.])(?P<local>[A-Za-z0-9][\w+-]{{0,63}}(?:(?:{_DOT}|\.)[\w+-]{{1,63}}){{0,2}}){_AT}"
    rf"(?P<domain>[A-Za-z0-9-]{{1,63}}(?:(?:{_DOT}|\.)[A-Za-z0-9-]{{1,63}}){{0,2}}){_DOT}(?P<top>{_TOP_LEVEL})\b",
    re.IGNORECASE,
)
_SIGN = re.compile(_DOT, re.IGNORECASE)
_NO_NAMES = frozenset({"look", "arrive", "aim", "good", "bad", "meet", "be", "is", "are", "was", "it", "this", "that"})
_NO_DOMAINS = frozenset({"the", "a", "an", "this", "that", "your", "our", "my", "their", "its", "every", "some", "any"})
"""`look at the dot com boom`."""


def _find_addresses(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        if start < position:
            continue
        match = _ADDRESS.search(text, max(position, start - _MAX_BEFORE_LENGTH), start + _MAX_BEFORE_LENGTH)
        if match is None:
            continue
        local, domain = (_SIGN.sub(".", match.group(name)) for name in ("local", "domain"))
        if local.lower() in _NO_NAMES or domain.lower() in _NO_DOMAINS:
            continue
        position = match.end()
        budget.take(position - match.start())
        yield Replacement(match.start(), position, f"{local}@{domain}.{match.group('top')}", "spelled signs")


def _digit_prefilters() -> Iterator[Prefilter]:
    """Every two digits in one language, as literals: a regex with all of them in it would cost ten times as much."""
    pairs = {
        f"{first}{sign}{second}"
        for language in _LANGUAGES
        for first, second in itertools.product(language.split(), repeat=2)
        for sign in (" ", "-", ", ")
        if f"{first}{second}".isascii()
    }
    return (Prefilter(re.escape(pair), len(pair), caseless=True) for pair in sorted(pairs))


SPELLED_DIGITS = Obfuscation("spelled digits", SPELLING, tuple(_digit_prefilters()), _find_digits)
SPELLED_SIGNS = Obfuscation(
    "spelled signs",
    SPELLING,
    (
        *(Prefilter(f" {word} [a-z]", 3 + len(word), caseless=True) for word in ("dot", "punkt", "punto")),
        *(Prefilter(rf"[\[({{<][ ]?{word}[ ]?[\])}}>]", 1, caseless=True) for word in ("dot", "at", r"\.", "@")),
    ),
    _find_addresses,
)
