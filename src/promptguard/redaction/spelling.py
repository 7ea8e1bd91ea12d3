r"""Placeholders as models write them back: `\[EMAIL\_ADDRESS\_N4HX4G8J\]`, `[E-Mail-Adresse N4HX4G8J]`, `N4HX4G8J`.

The code is the identity: issued in the scope and standing as a word, it is the placeholder, with what stands around it
of brackets and type. Brackets may be escaped for Markdown, JSON, HTML or a URL, or be others; within them the type may
be written in any case, shortened or translated, with spaces, line breaks and marks of emphasis. Without brackets the
type belongs to it if it is joined to the code (`email_address_n4hx4g8j`), or in capitals. Other words never do: "the
e-mail N4HX4G8J" keeps its words.

All looks are bounded, and depend on the text alone: `find` says what stands around a code, `pending` from where on a
text may be the beginning of something that `find` would take.
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
from promptguard.redaction.type_names import RUN, RUNS, SPACELESS, is_type, names_of, words_of

MAX_LEAD: Final = 160
"""Characters before a code that are looked at."""
MAX_HELD_LEAD: Final = MAX_LEAD + MAX_CODE_LENGTH

_CODE: Final = re.compile(rf"[{ALPHABET}{ALPHABET.lower()}]{{{CODE_LENGTH},}}")
_JOIN: Final = r"(?:\\{0,2}_|%5[Ff]|\\{1,2}u005[Ff]|&#95;|&#[xX]5[Ff];|&lowbar;)"
_DASH: Final = r"[-\u2010\u2011]"
_GAP: Final = r"(?:[\s\u00ad\u200b\u2060\ufeff]|\\[nrt]|%20|%0[AaDd]|&nbsp;|&#32;)"
_MARK: Final = r"[*`~]"
_WORD: Final = r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*"
_SEPARATOR: Final = rf"(?:{_JOIN}|{_DASH}|{_GAP}|{_MARK}|[:#.'\u2019])"
_PLAIN: Final = rf"(?:{_JOIN}|{_DASH}|{_GAP}|{_MARK})"
_PADDING: Final = rf"(?:{_GAP}|{_MARK}){{0,4}}"
_TYPE: Final = rf"{_WORD}(?:{_SEPARATOR}{{1,6}}{_WORD})*"

# Alternatives begin with a character each, which lets `re` skip what begins none.
_OPENING: Final = (
    r"(?:\[|\\\\?\[|&#91;|&#[xX]5[Bb];|&lbrack;|&lsqb;|%5[Bb]|\\\\?u005[Bb]|\(|\\\\?\("
    r"|\{\{(?!\{)|\{(?<!\{\{)(?!\{)|&lt;|<|［|【|〔|「|（|«|‹|〈|《)"
)
_CLOSING: Final = {
    "[": r"(?:\\{0,2}\]|&#93;|&#[xX]5[Dd];|&rbrack;|&rsqb;|%5[Dd]|\\{1,2}u005[Dd])",
    "(": r"\\{0,2}\)",
    "{{": r"\}\}",
    "{": r"\}",
    "<": r"(?:>|&gt;)",
    **dict(zip("［【〔「（«‹〈《", "］】〕」）»›〉》", strict=True)),
}
"""By the kind of the bracket that opens."""
_TRAIL: Final = {kind: re.compile(_PADDING + closing) for kind, closing in _CLOSING.items()}
_TRAIL_BEGINS: Final = re.compile(_PADDING + r"(?:\\{1,2}(?:u(?:0(?:05?)?)?)?|&#?\w{0,6}|%\w?|\})?\Z")
"""The rest of a text that may go on to be the trail of some bracket."""

_OPEN: Final = re.compile(_OPENING)
_SEPARATORS: Final = re.compile(_SEPARATOR + "+")
_GAPS: Final = re.compile(_GAP)
_MARKS: Final = re.compile(_MARK)
_JOINED: Final = re.compile(rf"(?P<type>{_WORD}(?:{_PLAIN}{{1,6}}{_WORD})*)(?P<end>{_PLAIN}{{1,6}})")
_WITHIN: Final = re.compile(rf"{_PADDING}(?:(?P<type>{_TYPE})(?P<end>{_SEPARATOR}{{0,6}}))?")
_OUTSIDE: Final = re.compile(rf"(?P<type>{_WORD}(?:{_PLAIN}{{1,6}}{_WORD})*)(?P<end>{_PLAIN}{{0,6}})")
_LAST: Final = re.compile(rf"({RUN})({_PLAIN}{{0,6}})\Z")
_ESCAPE_BEGINS: Final = re.compile(
    r"(?:\\{1,2}(?:u(?:0(?:05?)?)?)?|&(?:#[xX]?[0-9A-Fa-f]{0,2}|[A-Za-z]{0,6})|%[05-9]?)\Z"
)
_JOINS_LAST: Final = re.compile(rf"{_JOIN}\Z")
_ESCAPES: Final = re.compile(rf"{_JOIN}|{_GAP}")
_ESCAPE_LAST: Final = re.compile(r"(?:\\[nrt]|%[0-9A-Fa-f]{2}|\\{1,2}u00[0-9A-Fa-f]{2})\Z")
_GAP_LAST: Final = re.compile(r"(?:\\[nrt]|%20|%0[AaDd]|\\{1,2}u00(?:20|0[AaDd]))\Z")

_LETTER: Final = re.compile(rf"[^\W_{SPACELESS}]|[\u0300-\u036f]")
"""What makes a word go on."""
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


def may_hold(text: str) -> bool:
    """Whether a text may hold a placeholder in any spelling. Cheap; seldom yes where there is none."""
    return _CODE.search(text) is not None


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
        start, end = _without_escape(text, run.start()), run.end()
        if CODE_LENGTH <= end - start <= MAX_CODE_LENGTH and _begins_word(text, start):
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
    if end < len(text) and _LETTER.match(text, end):
        return None
    floor = max(floor, start - MAX_LEAD)
    bracket = deque(_brackets(text, floor, start, source), 1)
    within = _WITHIN.fullmatch(text, bracket[0].end(), start) if bracket else None
    if within is None:
        return _bare(text, floor, start, end, placeholder, issued, final)
    name = _words(within["type"] or "")
    if not name or name in names_of(type_of(placeholder)):
        found = _bracketed(text, bracket[0], within, end, placeholder, issued, final)
        return found or _bare(text, floor, start, end, placeholder, issued, final)
    found = _bare(text, floor, start, end, placeholder, issued, final)
    if found is None and in_brackets(text, bracket[0].start()) and not is_type(name):
        return _unnamed(text, start, end, placeholder, final)
    return found


def _without_escape(text: str, start: int) -> int:
    r"""Where a code begins of which the characters before may be the end of an escape: `\nN4HX…`, `%5FN4HX…`."""
    before = text[max(0, start - 4) : start]
    if before.endswith(("%", "\\u00")):
        return start + 2
    return start + 1 if before.endswith("\\") else start


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


def _brackets(text: str, floor: int, stop: int, source: bool) -> Iterator[re.Match[str]]:
    for bracket in _OPEN.finditer(text, floor, stop):
        begin = bracket.start()
        before = text[max(0, begin - 8) : begin].rstrip()
        if not (source and text[begin] == "{" and (not before or before[-1] in ":,[{")):
            yield bracket  # else it begins an object


def _bracketed(
    text: str, bracket: re.Match[str], within: re.Match[str], end: int, placeholder: str, issued: Issued, final: bool
) -> Spelled | Undecided | None:
    """A code in brackets, alone or under a name of its type; None where the brackets are not its own."""
    opening, begin = bracket.group(), bracket.start()
    kind = _kind(opening)
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


def _kind(opening: str) -> str:
    if opening.startswith(("&l", "<")) and opening.endswith(("t;", "<")):
        return "<"
    last = opening.lstrip("\\")
    return last if last in _CLOSING else "["


def _escape(opening: str) -> Escape:
    if opening.startswith("%"):
        return Escape.URL
    if opening.startswith("&"):
        return Escape.HTML
    if opening[-1] not in "bB":
        return Escape.NONE
    return Escape.JSON_IN_JSON if opening.startswith("\\\\") else Escape.JSON


def _words(text: str) -> str:
    return words_of(_SEPARATORS.sub(" ", text))


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
    if underscores and after < len(text) and _LETTER.match(text, after):
        return None
    return Spelled(placeholder, begin, end)


def _name_start(text: str, floor: int, start: int, placeholder: str, issued: Issued) -> tuple[int, str]:
    """Where the name of a type begins that belongs to a code without brackets, and marks of emphasis within it."""
    names = names_of(type_of(placeholder))
    for begin in _word_starts(text, floor, start, issued):
        joined = _JOINED.fullmatch(text, begin, start)
        if joined and _belongs(joined) and _words(joined["type"]) in names:
            return begin, "".join(_MARKS.findall(joined.group()))
    return start, ""


def _word_starts(text: str, floor: int, stop: int, issued: Issued, *, begun: bool = False) -> Iterator[int]:
    """Where the last words before `stop` begin, the longest row of them first that the name of a type may have.

    Args:
        begun: the last one may also be the beginning of a code.
    """
    window = _masked(text[floor:stop])
    last = _LAST.search(window, max(0, len(window) - 64))
    if last is None or not (issued.begins_word(words_of(last[1])) or (begun and issued.begins_code(last[1].upper()))):
        return
    words = deque(RUNS.finditer(window), issued.longest + 1)
    yield from (floor + word.start() for word in words if _begins_word(text, floor + word.start()))


def _masked(text: str) -> str:
    """A text without the letters of its escapes."""
    if "\\" not in text and "%" not in text and "&" not in text:
        return text
    return _ESCAPES.sub(lambda escape: "_" * len(escape.group()), text)


def _belongs(joined: re.Match[str]) -> bool:
    written = joined["type"]
    if _SEPARATORS.sub("", written).isupper():
        return True
    return not _GAPS.search(joined.group()) and not _MARKS.match(joined["end"])


def _begins_word(text: str, position: int) -> bool:
    if position == 0 or not (_LETTER.match(text, position - 1) and _LETTER.match(text, position)):
        return True
    return _ESCAPE_LAST.search(text, max(0, position - 8), position) is not None


def _stands_free(text: str, position: int) -> bool:
    """Whether no word goes on at a position; escapes before it end with letters."""
    if position <= 0:
        return True
    before = text[max(0, position - 6) : position]
    if _JOINS_LAST.search(before) or before.endswith(("%5B", "%5b")):
        return False
    return not _LETTER.match(before, len(before) - 1) or _GAP_LAST.search(before) is not None


def _count(text: str, position: int, character: str) -> int:
    return len(text[position : position + 4]) - len(text[position : position + 4].lstrip(character))


def _count_before(text: str, position: int) -> int:
    before = text[max(0, position - 4) : position]
    return len(before) - len(before.rstrip("_"))


def in_brackets(text: str, position: int) -> bool:
    """Whether square brackets open at a position, in any spelling."""
    bracket = _OPEN.match(text, position)
    return bracket is not None and _kind(bracket.group()) == "["


def pending(text: str, floor: int, issued: Issued, *, patient: bool, source: bool = False) -> int:
    """From where on the end of a text may be the beginning of a placeholder; its length where nowhere.

    Args:
        floor: where to look from, at most.
        patient: look for spellings without square brackets too: any word that may begin a type's name is waited for.
        source: the text is JSON source.
    """
    floor = max(floor, len(text) - MAX_HELD_LEAD)
    escape = _ESCAPE_BEGINS.search(text, max(floor, len(text) - 8))
    stop = escape.start() if escape else len(text)
    for bracket in _brackets(text, floor, stop, source):
        if not patient and not in_brackets(text, bracket.start()):
            continue
        within = _WITHIN.fullmatch(text, bracket.end(), stop)
        if within and _may_go_on(within, issued, ended=escape is not None):
            return bracket.start()
    if not patient:
        return len(text)
    return min(_pending_name(text, floor, stop, issued, escape is not None), _pending_code(text, floor, issued), stop)


def _pending_name(text: str, floor: int, stop: int, issued: Issued, ended: bool) -> int:
    for start in _word_starts(text, floor, stop, issued, begun=True):
        outside = _OUTSIDE.fullmatch(text, start, stop)
        if outside and _may_be_written(outside) and _may_go_on(outside, issued, ended=ended):
            return start
    return len(text)


def _pending_code(text: str, floor: int, issued: Issued) -> int:
    """From where on a code may begin that is joined to something unknown."""
    start = len(text)
    while start > floor and len(text) - start <= MAX_CODE_LENGTH + 4 and text[start - 1] in "_":
        start -= 1
    end = start
    while start > floor and end - start < MAX_CODE_LENGTH and text[start - 1].upper() in ALPHABET:
        start -= 1
    begin = _without_escape(text, start)
    return begin if begin < end and issued.begins_code(text[begin:end].upper()) else len(text)


def _may_be_written(outside: re.Match[str]) -> bool:
    written = outside["type"]
    first = _SEPARATORS.split(written, maxsplit=1)[0]
    return first.isupper() or not _GAPS.search(outside.group())


def _may_go_on(begun: re.Match[str], issued: Issued, *, ended: bool) -> bool:
    """Whether words may be the beginning of a type's name and a code."""
    written = begun["type"]
    if written is None:
        return True
    words = _words(written)
    if issued.begins_name(words + " " if ended or begun["end"] else words):
        return True
    if (ended or begun["end"]) and issued.is_name(words):
        return True
    name, _, last = words.rpartition(" ")
    return (not name or issued.is_name(name)) and not begun["end"] and issued.begins_code(last.upper())
