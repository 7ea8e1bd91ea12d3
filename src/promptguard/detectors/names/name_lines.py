"""Names that stand alone on lines below each other: who took part, who translated, who is invited.

`Mendel Roe⏎Kees van den Doe⏎Elros Example`: one such line may be anything, of three that are written like full names,
some of which the lists know, each is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from promptguard.detectors.names.lexicon import lexicon
from promptguard.detectors.names.lexicon.word_table import is_word_beyond_english
from promptguard.detectors.names.name_fields import are_places
from promptguard.detectors.names.organisations import names_organisation
from promptguard.detectors.names.spans import PERSON, Span
from promptguard.detectors.names.thresholds import PARTICLES

RECOGNIZER: Final = "NameOnLine"
ON_LINE: Final = 0.65

MIN_LINES: Final = 3
KNOWN: Final = 3
"""One in so many of the lines has to begin with a listed given name."""
_WORD: Final = r"[^\W\d_a-z][^\W\d_]{1,24}(?:['’-][^\W\d_]{1,24})?"
_PARTICLE: Final = r"(?:van|von|de|der|den|del|della|di|da|dos|du|la|le|ter|ten|al|bin|el)"
_LINE: Final = re.compile(
    rf"^[ \t>]{{0,8}}(?:[-*•–][ \t]{{1,3}}|\d{{1,3}}[.)][ \t]{{1,3}})?"
    rf"(?P<name>{_WORD}(?:[ ][A-Z]\.)?(?:[ ]{_PARTICLE}){{0,3}}[ ]{_WORD}(?:[ ]{_WORD})?)[ \t]*[,;]?[ \t]*\r?$",
    re.MULTILINE,
)
_LETTERS: Final = re.compile(r"[^\W\d_]{2,}")


def find_on_lines(text: str) -> Iterator[Span]:
    """The names in `text`. Linear in it."""
    if text.count("\n") < MIN_LINES - 1:
        return
    block: list[tuple[int, int]] = []
    after = -1
    for line in _LINE.finditer(text):
        if line.start() != after:
            yield from _names(text, block)
            block = []
        block.append(line.span("name"))
        after = line.end() + 1
    yield from _names(text, block)


def _names(text: str, block: Sequence[tuple[int, int]]) -> Iterator[Span]:
    if len(block) < MIN_LINES:
        return
    likely = [(start, end) for start, end in block if _may_be_name(text, start, end)]
    known = sum(_is_known(text[start:end]) for start, end in likely)
    if known > 1 and len(likely) * 4 >= len(block) * 3 and known * KNOWN >= len(block):
        yield from (Span(start, end, PERSON, ON_LINE, RECOGNIZER) for start, end in likely)


def _is_known(name: str) -> bool:
    """Whether it begins with a listed given name that is no word, or is listed in full."""
    lists = lexicon()
    words = [word.lower() for word in _LETTERS.findall(name)]
    given = words[0] in lists.given_names and words[0] not in lists.common_words
    return given and words[-1] not in lists.common_words


def _may_be_name(text: str, start: int, end: int) -> bool:
    """Whether nothing speaks against a name: words of the language, places, companies, products."""
    name, lists = text[start:end], lexicon()
    words = _LETTERS.findall(name)
    if _is_known(name) and not are_places(name):
        return not names_organisation(text, end)
    if lists.names_no_person(words) or names_organisation(text, end) or are_places(name):
        return False
    names = [word for word in words if word not in PARTICLES]
    plain = sum(lists.is_plain(word) or is_word_beyond_english(word.lower()) for word in names)
    return plain * 2 < len(names)
