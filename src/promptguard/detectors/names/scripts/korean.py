"""Korean names: a surname and a given name of one or two syllables each, before a form of address or listed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

import regex

from promptguard.detectors.names.scripts.listed import FOUND, RECOGNIZER, listed_names
from promptguard.detectors.names.scripts.word_lists import any_of, words
from promptguard.detectors.names.spans import PERSON, Span

_DOUBLE: Final = any_of("korean.double_surnames")
_SURNAMES: Final = "".join(words("korean.surnames"))
_HONORIFICS: Final = any_of("korean.honorifics")
_PARTICLES: Final = any_of("korean.particles")
_CUES: Final = any_of("korean.cues")
_END: Final = (
    rf"(?=[ ]?(?:{_HONORIFICS})(?:{_PARTICLES})?(?!\p{{Hangul}})|(?:{_PARTICLES})(?!\p{{Hangul}})|(?!\p{{Hangul}}))"
)
_SUR: Final = f"(?:{_DOUBLE}|[{_SURNAMES}])"
_ADDRESSED: Final = regex.compile(
    rf"(?<!\p{{Hangul}})(?P<name>{_SUR}\p{{Hangul}}{{1,2}})(?=[ ]?(?:{_HONORIFICS})(?:{_PARTICLES})?(?!\p{{Hangul}}))"
)
_CUED: Final = regex.compile(
    rf"(?<!\p{{Hangul}})(?:{_CUES})[ ]?[:：]?[ ]{{0,2}}(?P<name>{_SUR}\p{{Hangul}}{{2}}?)"
    rf"(?=(?:입니다|이에요|예요|이라고|라고|[ ]?(?:씨|님))|[ ]?(?:[,.。\n|)]|\Z))"
)
_NO_NAMES: Final = frozenset(words("korean.no_names"))
"""Words that begin with a surname's syllable and stand before forms of address."""


@cache
def _listed() -> regex.Pattern[str]:
    given = "|".join(sorted(name for name in listed_names().given if regex.fullmatch(r"\p{Hangul}{2}", name)))
    return regex.compile(rf"(?<!\p{{Hangul}})(?P<name>{_SUR}(?:{given})){_END}")


def find_korean(text: str) -> Iterator[Span]:
    """The names in `text`; they may overlap."""
    for expression in (_ADDRESSED, _CUED, _listed()):
        for match in expression.finditer(text):
            if match["name"] not in _NO_NAMES:
                yield Span(*match.span("name"), PERSON, FOUND, RECOGNIZER)
