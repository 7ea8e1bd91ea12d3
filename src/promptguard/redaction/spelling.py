r"""Placeholders as models write them back: `\[EMAIL\_ADDRESS\_N4HX4G8J\]`, `[E-Mail-Adresse N4HX4G8J]`, `N4HX4G8J`.

The code is the identity: issued in the scope and standing as a word, it is the placeholder, with what stands around it
of brackets and type. Brackets may be escaped for Markdown, JSON, HTML or a URL, or be others; within them the type may
be written in any case, shortened or translated, with spaces, line breaks and marks of emphasis. Without brackets the
type belongs to it if it is joined to the code (`email_address_n4hx4g8j`), or in capitals. Other words never do: "the
e-mail N4HX4G8J" keeps its words.

All looks are bounded, and depend on the text alone: `find` says what stands around a code, `beginnings.pending` from
where on a text may be the beginning of something that `find` would take.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from promptguard.redaction.issued import Issued
from promptguard.redaction.placeholders import ALPHABET, CODE_LENGTH, MAX_CODE_LENGTH, type_of
from promptguard.redaction.spelling_tokens import (
    CLOSING,
    GAP_LAST,
    GAPS,
    JOIN,
    JOINED,
    LETTER,
    MARKS,
    MAX_LEAD,
    PADDING,
    SEPARATORS,
    WITHIN,
    begins_word,
    brackets_in,
    in_brackets,
    kind_of,
    without_escape,
    word_starts,
    words_within,
)
from promptguard.redaction.type_names import SPACELESS, is_type, names_of

_CODE: Final = re.compile(rf"[{ALPHABET}{ALPHABET.lower()}]{{{CODE_LENGTH},}}")
_CODE_IN_BYTES: Final = re.compile(_CODE.pattern.encode("ascii"))
_TRAIL: Final = {kind: re.compile(PADDING + closing) for kind, closing in CLOSING.items()}
_TRAIL_BEGINS: Final = re.compile(PADDING + r"(?:\\{1,2}(?:u(?:0(?:05?)?)?)?|&#?\w{0,6}|%\w?|\})?\Z")
"""The rest of a text that may go on to be the trail of some bracket."""
_JOINS_LAST: Final = re.compile(rf"{JOIN}\Z")
_BINDS: Final = re.compile(rf"[^\W{SPACELESS}]|[\])$#@]")
"""Before a parenthesis or brace: it is a call, a link's target or a variable."""
_OF_ADDRESS: Final = re.compile(r"[\w=&?/.%+#:;,~-]")
"""Before a percent-encoded bracket: the text is an address or a form, whose reader is no person."""
_LINKS: Final = ("(mailto:", "(tel:", "(http:", "(https:")
"""After square brackets: they are those of a link in Markdown."""


class Escape(Enum):
    """How the text around a placeholder is escaped, beyond what its channel says."""

    NONE = 0
    JSON = 1
    JSON_IN_JSON = 2
    HTML = 3
    URL = 4


@dataclass(frozen=True, slots=True)
class Spelled:
    """A placeholder as it stands in a text."""

    placeholder: str
    start: int
    end: int
    escape: Escape = Escape.NONE


@dataclass(frozen=True, slots=True)
class Undecided:
    """What follows must still say what belongs to a placeholder, or whether it is one."""

    start: int


def may_hold(text: str | bytes) -> bool:
    """Whether a text, or JSON source, may hold a placeholder in any spelling. Cheap; seldom yes where there is none."""
    return (_CODE.search(text) if isinstance(text, str) else _CODE_IN_BYTES.search(text)) is not None


def spelled_in(text: str, issued: Issued) -> Iterator[Spelled]:
    """All placeholders of a whole text."""
    floor = 0
    for start, end, placeholder in codes(text, 0, issued):
        found = find(text, floor, start, end, placeholder, issued, final=True) if start >= floor else None
        if isinstance(found, Spelled):
            yield found
            floor = found.end


def codes(text: str, position: int, issued: Issued) -> Iterator[tuple[int, int, str]]:
    """Where codes that were issued stand from a position on, each with its placeholder."""
    for run in _CODE.finditer(text, position):
        start, end = without_escape(text, run.start()), run.end()
        if CODE_LENGTH <= end - start <= MAX_CODE_LENGTH and begins_word(text, start):
            placeholders = issued.placeholders(text[start:end].upper())
            if len(placeholders) > 1:
                # Two types with the same code: only what stands there exactly tells them apart.
                placeholders = [each for each in placeholders if _exact_start(text, start, end, each) is not None]
            if placeholders:
                yield start, end, placeholders[0]


def find(
    text: str, floor: int, start: int, end: int, placeholder: str, issued: Issued, *, final: bool, source: bool = False
) -> Spelled | Undecided | None:
    """What stands around the code at `start` to `end`; None where it is no placeholder.

    Args:
        floor: where the text before begins that belongs to nothing else.
        source: the text is JSON source.
        final: nothing follows, or it cannot be waited for.
    """
    exact = _exact_start(text, start, end, placeholder)
    if exact is not None and exact >= floor:
        return _link(text, Spelled(placeholder, exact, end + 1), exact + 1, end, final)
    if end < len(text) and LETTER.match(text, end):
        return None
    floor = max(floor, start - MAX_LEAD)
    bracket = deque(brackets_in(text, floor, start, source), 1)
    within = WITHIN.fullmatch(text, bracket[0].end(), start) if bracket else None
    if within is None:
        return _bare(text, floor, start, end, placeholder, issued, final)
    name = words_within(within["type"] or "")
    if not name or name in names_of(type_of(placeholder)):
        found = _bracketed(text, bracket[0], within, end, placeholder, issued, final)
        return found or _bare(text, floor, start, end, placeholder, issued, final)
    found = _bare(text, floor, start, end, placeholder, issued, final)
    if found is None and in_brackets(text, bracket[0].start()) and not is_type(name):
        return _unnamed(text, start, end, placeholder, final)
    return found


def _exact_start(text: str, start: int, end: int, placeholder: str) -> int | None:
    begin = start - (len(placeholder) - (end - start) - 1)
    return begin if begin >= 0 and text.startswith(placeholder, begin) else None


def _link(text: str, spelled: Spelled, inner: int, outer: int, final: bool) -> Spelled | Undecided:
    """A placeholder in square brackets, without them where they are a link's."""
    follows = text[spelled.end : spelled.end + max(map(len, _LINKS))].lower()
    if follows.startswith(_LINKS):
        return Spelled(spelled.placeholder, inner, outer)
    if follows and not final and any(link.startswith(follows) for link in _LINKS):
        return Undecided(spelled.start)
    return spelled


def _bracketed(
    text: str, bracket: re.Match[str], within: re.Match[str], end: int, placeholder: str, issued: Issued, final: bool
) -> Spelled | Undecided | None:
    """A code in brackets, alone or under a name of its type; None where the brackets are not its own."""
    opening, begin = bracket.group(), bracket.start()
    kind = kind_of(opening)
    before = text[max(0, begin - 1) : begin]
    if kind in "({{" and (_BINDS.match(before) or (within["type"] is None and kind == "(")):
        return None
    if kind == "<" and "@" in issued[placeholder]:
        return None  # `Anna <N4HX4G8J>`: the form of mail headers
    trail = _TRAIL[kind].match(text, end)
    if trail is None:
        return Undecided(begin) if not final and _TRAIL_BEGINS.match(text, end) else None
    if opening.startswith("%") and _OF_ADDRESS.match(before):
        return None
    if opening.startswith("\\") and kind in "[(" and "\\" not in trail.group() + within.group():
        begin += opening.count("\\")  # `C:\Users\[Person_…]`: no Markdown
    spelled = Spelled(placeholder, begin, trail.end(), _escape(opening))
    if kind != "[" or not trail.group().endswith("]"):
        return spelled
    return _link(text, spelled, bracket.end(), trail.end() - 1, final)


def _unnamed(text: str, start: int, end: int, placeholder: str, final: bool) -> Spelled | Undecided | None:
    """A code in brackets under a name that nobody knows: the code alone is replaced."""
    if _TRAIL["["].match(text, end):
        return Spelled(placeholder, start, end)
    return Undecided(start) if not final and _TRAIL_BEGINS.match(text, end) else None


def _escape(opening: str) -> Escape:
    if opening.startswith("%"):
        return Escape.URL
    if opening.startswith("&"):
        return Escape.HTML
    if opening[-1] not in "bB":
        return Escape.NONE
    return Escape.JSON_IN_JSON if opening.startswith("\\\\") else Escape.JSON


def _bare(
    text: str, floor: int, start: int, end: int, placeholder: str, issued: Issued, final: bool
) -> Spelled | Undecided | None:
    begin, marks = _name_start(text, floor, start, placeholder, issued)
    underscores = _count(text, end, "_")
    after = end + underscores
    if after == len(text) and not final:
        return Undecided(begin)
    if marks:
        if not final and len(text) - end < len(marks) and marks.startswith(text[end:]):
            return Undecided(begin)
        if text.startswith(marks, end):
            return Spelled(placeholder, begin, end + len(marks))
        begin = start
    if _count_before(text, begin) != underscores or not _stands_free(text, begin - underscores):
        return None
    if underscores and after < len(text) and LETTER.match(text, after):
        return None
    return Spelled(placeholder, begin, end)


def _name_start(text: str, floor: int, start: int, placeholder: str, issued: Issued) -> tuple[int, str]:
    """Where the name of a type begins that belongs to a code without brackets, and marks of emphasis within it."""
    names = names_of(type_of(placeholder))
    for begin in word_starts(text, floor, start, issued):
        joined = JOINED.fullmatch(text, begin, start)
        if joined and _belongs(joined) and words_within(joined["type"]) in names:
            return begin, "".join(MARKS.findall(joined.group()))
    return start, ""


def _belongs(joined: re.Match[str]) -> bool:
    written = joined["type"]
    if SEPARATORS.sub("", written).isupper():
        return True
    return not GAPS.search(joined.group()) and not MARKS.match(joined["end"])


def _stands_free(text: str, position: int) -> bool:
    """Whether no word goes on at a position; escapes before it end with letters."""
    if position <= 0:
        return True
    before = text[max(0, position - 6) : position]
    if _JOINS_LAST.search(before) or before.endswith(("%5B", "%5b")):
        return False
    return not LETTER.match(before, len(before) - 1) or GAP_LAST.search(before) is not None


def _count(text: str, position: int, character: str) -> int:
    return len(text[position : position + 4]) - len(text[position : position + 4].lstrip(character))


def _count_before(text: str, position: int) -> int:
    before = text[max(0, position - 4) : position]
    return len(before) - len(before.rstrip("_"))
