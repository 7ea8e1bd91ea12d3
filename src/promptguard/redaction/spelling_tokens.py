"""What the spellings of placeholders are made of: brackets, separators, words, and escapes of each."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import Final

from promptguard.redaction.issued import Issued
from promptguard.redaction.placeholders import MAX_CODE_LENGTH
from promptguard.redaction.type_names import BACKWARDS, RUNS, SPACELESS, words_of

MAX_LEAD: Final = 160
"""Characters before a code that are looked at."""
MAX_HELD_LEAD: Final = MAX_LEAD + MAX_CODE_LENGTH

JOIN: Final = r"(?:\\{0,2}_|%5[Ff]|\\{1,2}u005[Ff]|&#95;|&#[xX]5[Ff];|&lowbar;)"
_DASH: Final = r"[-\u2010\u2011]"
GAP: Final = r"(?:[\s\u00ad\u200b\u2060\ufeff]|\\[nrt]|%20|%0[AaDd]|&nbsp;|&#32;)"
MARK: Final = r"[*`~]"
_WORD: Final = r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*"
SEPARATOR: Final = rf"(?:{JOIN}|{_DASH}|{GAP}|{MARK}|[:#.'\u2019])"
_PLAIN: Final = rf"(?:{JOIN}|{_DASH}|{GAP}|{MARK})"
PADDING: Final = rf"(?:{GAP}|{MARK}){{0,4}}"
_TYPE: Final = rf"{_WORD}(?:{SEPARATOR}{{1,6}}{_WORD})*"

# Alternatives begin with a character each, which lets `re` skip what begins none.
_OPENING: Final = (
    r"(?:\[|\\\\?\[|&#91;|&#[xX]5[Bb];|&lbrack;|&lsqb;|%5[Bb]|\\\\?u005[Bb]|\(|\\\\?\("
    r"|\{\{(?!\{)|\{(?<!\{\{)(?!\{)|&lt;|<|［|【|〔|「|（|«|‹|〈|《)"
)
CLOSING: Final = {
    "[": r"(?:\\{0,2}\]|&#93;|&#[xX]5[Dd];|&rbrack;|&rsqb;|%5[Dd]|\\{1,2}u005[Dd])",
    "(": r"\\{0,2}\)",
    "{{": r"\}\}",
    "{": r"\}",
    "<": r"(?:>|&gt;)",
    **dict(zip("［【〔「（«‹〈《", "］】〕」）»›〉》", strict=True)),
}
"""By the kind of the bracket that opens."""
_OPEN: Final = re.compile(_OPENING)
MAY_OPEN: Final = re.compile(r"[\[\\&%({<［【〔「（«‹〈《]")
"""What a bracket or an escape begins with: far quicker to look for."""
SEPARATORS: Final = re.compile(SEPARATOR + "+")
GAPS: Final = re.compile(GAP)
MARKS: Final = re.compile(MARK)
JOINED: Final = re.compile(rf"(?P<type>{_WORD}(?:{_PLAIN}{{1,6}}{_WORD})*)(?P<end>{_PLAIN}{{1,6}})")
WITHIN: Final = re.compile(rf"{PADDING}(?:(?P<type>{_TYPE})(?P<end>{SEPARATOR}{{0,6}}))?")
OUTSIDE: Final = re.compile(rf"(?P<type>{_WORD}(?:{_PLAIN}{{1,6}}{_WORD})*)(?P<end>{_PLAIN}{{0,6}})")
_LAST_BACKWARDS: Final = re.compile(rf"(?:_\\{{0,2}}|[-\u2010\u2011\s\u00ad\u200b\u2060\ufeff*`~]){{0,6}}({BACKWARDS})")
"""The last word of a text without escapes, behind which separators may stand. A text is long, and its end is not."""
_WORDS_BACKWARDS: Final = re.compile(r"[\w\s\u0300-\u036f\u2010\u2011\u00ad\u200b\u2060\ufeff\u2019\-*`~:#.'\\%&;]*")
MAX_OPENING: Final = 8
"""Characters of the longest bracket, `&lbrack;`."""
_LONGEST_LAST: Final = 64
_ESCAPES: Final = re.compile(rf"{JOIN}|{GAP}")
_ESCAPE_LAST: Final = re.compile(r"(?:\\[nrt]|%[0-9A-Fa-f]{2}|\\{1,2}u00[0-9A-Fa-f]{2})\Z")
GAP_LAST: Final = re.compile(r"(?:\\[nrt]|%20|%0[AaDd]|\\{1,2}u00(?:20|0[AaDd]))\Z")
LETTER: Final = re.compile(rf"[^\W_{SPACELESS}]|[\u0300-\u036f]")
"""What makes a word go on."""


def brackets_in(text: str, floor: int, stop: int, source: bool) -> Iterator[re.Match[str]]:
    position = floor
    while mark := MAY_OPEN.search(text, position, stop):
        begin = mark.start()
        bracket = _OPEN.match(text, begin, stop)
        position = bracket.end() if bracket else mark.end()
        if bracket and not (source and text[begin] == "{" and _begins_object(text, begin)):
            yield bracket


def _begins_object(text: str, position: int) -> bool:
    before = text[max(0, position - 8) : position].rstrip()
    return not before or before[-1] in ":,[{"


def words_begin(text: str, floor: int) -> int:
    """From where on a text is nothing but words, and what may stand between those of a type's name."""
    words = _WORDS_BACKWARDS.match(text[floor:][::-1])
    return len(text) - words.end() if words else len(text)


def kind_of(opening: str) -> str:
    if opening.startswith(("&l", "<")) and opening.endswith(("t;", "<")):
        return "<"
    last = opening.lstrip("\\")
    return last if last in CLOSING else "["


def in_brackets(text: str, position: int) -> bool:
    """Whether square brackets open at a position, in any spelling."""
    bracket = _OPEN.match(text, position)
    return bracket is not None and kind_of(bracket.group()) == "["


def words_within(text: str) -> str:
    return words_of(SEPARATORS.sub(" ", text))


def word_starts(text: str, floor: int, stop: int, issued: Issued, *, begun: bool = False) -> Iterator[int]:
    """Where the last words before `stop` begin, the longest row of them first that the name of a type may have.

    Args:
        begun: the last one may also be the beginning of a code.
    """
    window = _masked(text[floor:stop])
    last = _LAST_BACKWARDS.match(window[: -_LONGEST_LAST - 1 : -1])
    if last is None:
        return
    word = last[1][::-1]
    if not (issued.begins_word(words_of(word)) or (begun and issued.begins_code(word.upper()))):
        return
    words = deque(RUNS.finditer(window), issued.longest + 1)
    yield from (floor + word.start() for word in words if begins_word(text, floor + word.start()))


def _masked(text: str) -> str:
    """A text without the letters of its escapes."""
    if "\\" not in text and "%" not in text and "&" not in text:
        return text
    return _ESCAPES.sub(lambda escape: "_" * len(escape.group()), text)


def begins_word(text: str, position: int) -> bool:
    if position == 0 or not (LETTER.match(text, position - 1) and LETTER.match(text, position)):
        return True
    return _ESCAPE_LAST.search(text, max(0, position - 8), position) is not None


def without_escape(text: str, start: int) -> int:
    r"""Where a code begins of which the characters before may be the end of an escape: `\nN4HX…`, `%5FN4HX…`."""
    before = text[max(0, start - 4) : start]
    if before.endswith(("%", "\\u00")):
        return start + 2
    return start + 1 if before.endswith("\\") else start
