"""Names whose place in lists says whose they are: heads of mails, rows without headings, rotas.

There the surname stands first, and may be a word of the language (`Kettle, Boris`), which the model takes for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from promptguard.detectors.names.lines import matches, where
from promptguard.detectors.names.name_fields import (
    GIVEN,
    SURNAME,
    WORD,
    are_places,
    is_given_name,
    may_be_given_name,
    may_be_surname,
)
from promptguard.detectors.names.spans import PERSON, Span

RECOGNIZER: Final = "NameInList"
IN_LIST: Final = 0.7

MIN_FIELDS: Final = 3
"""Fields of the shortest row that counts as one of a table without headings."""
_MAX_ROW: Final = 2_000
"""Characters of the longest line that is taken for a row."""
_DELIMITERS: Final = "\t;|,"

_HEAD: Final = re.compile(
    r"^[ \t>*]{0,8}(?:from|to|cc|bcc|reply-to|sender|attendees?|organi[sz]er|participants?|required|optional|present"
    r"|apologies|von|an|kopie|absender|empfänger|teilnehmer(?:innen)?|anwesend|entschuldigt|de|à|a|exp[ée]diteur|destinataires?"
    r"|participants|présents|para|asistentes|remitente|da|per|mittente|destinatari[oa]?|partecipanti|presenti|van|aan"
    r"|aanwezig(?:en)?|deelnemers|fra|til|kopi|deltagere|från|till|kopia|deltakere)"
    r"\*{0,2}[ \u00a0]?:\*{0,2}[ \t]+(?P<names>\S.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_LAST_FIRST: Final = re.compile(
    rf"(?:(?<=[;\t|])[ ]?|(?<=>,)[ ]?|\A)[\"'“]?(?P<name>(?P<last>{SURNAME}),[ ]?(?P<first>{GIVEN}))"
    rf"(?=[\"'”]?[ ]?(?:[;<(\[|\t]|,[ ]?[\"'“]?{SURNAME},[ ]?{WORD}|\.?[ ]*\Z))"
)
_PERSONAL: Final = re.compile(
    r"\d{4}-\d\d?-\d\d?|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d\d)|[^\s@]+@[^\s@]+\.\w{2,}|(?:\+|0)[\d ()/.-]{6,20}"
)
"""A date, an address of mail or a phone number: what stands beside names in records of people."""
_FIELD_NAME: Final = re.compile(rf"{SURNAME}")
_QUOTES: Final = "\"' \u00a0"
_SLOT: Final = re.compile(
    rf"(?:^|(?<=[ ]{{2}})|(?<=[\t|])[ ]?|(?<=[:,;][ ])|(?<=(?:Mo|Di|Mi|Do|Fr|Sa|So)\.[ ])|(?<=\d[ ])|(?<=[–-][ ]))"
    rf"(?P<name>(?P<last>{WORD})[ ](?P<first>{WORD}))(?=[ ]{{2}}|[ ]?[\t|,;.]|[ ]?$|[ ]\(?\d|[ ][–-][ ])",
    re.MULTILINE,
)
_SHIFT: Final = re.compile(
    r"\b\d{1,2}(?:[:.]\d\d|[ ]?(?:am|pm|uhr|h)\b)|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b"
    r"|\b(?:early|late|night|day)[ ](?:shift|duty)|\b(?:shift|rota|on[ -]call|standby|duty|roster"
    r"|(?:früh|spät|nacht)(?:dienst|schicht))\b|\b(?:mo|di|mi|do|fr|sa|so)[.:]|\b(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag"
    r"|sonntag|lundi|mardi|mercredi|jeudi|vendredi|lunes|martes|miércoles|jueves|viernes|maandag|dinsdag|woensdag|donderdag|vrijdag)\b",
    re.IGNORECASE,
)
_INITIALS: Final = re.compile(
    rf"(?<![\w.’'&-])(?P<name>(?P<last>{WORD}),[ ](?:[^\W\d_a-z]\.(?:[ -](?=[^\W\d_a-z]\.))?){{1,3}})(?!\w)"
)
_MAY_HAVE_INITIALS: Final = where(re.compile(r",[ ][^\W\d_a-z]\."))
_CITED: Final = re.compile(r"\(\d{4}[a-z]?\)|\b(?:et al|doi|vol|isbn|eds?)\b|\bpp?\.[ ]?\d", re.IGNORECASE)
"""What stands in the lines of works cited, whose authors are public."""
_MAY_BE_SLOT: Final = where(re.compile(rf"(?<!\w){WORD}[ ][^\W\d_a-z]"))
_MAY_BE_HEAD: Final = where(re.compile(r"^[ \t>*]{0,8}[^\W\d_][\w-]{0,16}\*{0,2}[ \u00a0]?:", re.MULTILINE))


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of fields."""

    delimiter: str
    fields: Sequence[tuple[int, int]]
    """Where they stand in the text, without quotes."""


def find_in_rosters(text: str) -> list[Span]:
    """The names in lists in `text`; they may overlap. Linear in the text."""
    return [*_in_heads(text), *_in_rows(text), *_in_rotas(text), *_with_initials(text)]


def _with_initials(text: str) -> Iterator[Span]:
    """`Roe, J.` and `Roe, J.; Doe, J. K.`, but no authors of works cited."""
    for match in matches(_INITIALS, text, _MAY_HAVE_INITIALS):
        if not _in_short_line(text, match.start(), match.end()):
            continue
        surname = may_be_surname(match["last"]) and not are_places(match["last"])
        if surname and not _CITED.search(_line(text, match.start(), match.end())):
            yield Span(*match.span("name"), PERSON, IN_LIST, RECOGNIZER)


def _in_short_line(text: str, start: int, end: int) -> bool:
    """Whether no line break is far from text[start:end]: lists stand in lines that people read."""
    before = text.rfind("\n", max(0, start - _MAX_ROW), start) >= 0 or start <= _MAX_ROW
    return before and (text.find("\n", end, end + _MAX_ROW) >= 0 or len(text) - end <= _MAX_ROW)


def _line(text: str, start: int, end: int) -> str:
    """The line that text[start:end] stands in."""
    line_end = text.find("\n", end)
    return text[text.rfind("\n", 0, start) + 1 : len(text) if line_end < 0 else line_end]


def _in_heads(text: str) -> Iterator[Span]:
    """`From: Roe, Jane`, `An: Roe, Jane; Doe, John`."""
    for head in matches(_HEAD, text, _MAY_BE_HEAD):
        listed = head["names"]
        for match in _LAST_FIRST.finditer(listed):
            if _may_be_listed(match["first"], match["last"]):
                first = head.start("names")
                yield Span(first + match.start("name"), first + match.end("name"), PERSON, IN_LIST, RECOGNIZER)


def _may_be_listed(first: str, last: str) -> bool:
    return may_be_given_name(first) and may_be_surname(last) and not are_places(first, last)


def _in_rows(text: str) -> Iterator[Span]:
    """Surname and given name in fields side by side, in rows that hold a date, mail or phone of somebody."""
    for _, group in groupby(_rows(text), key=lambda row: row and (row.delimiter, len(row.fields))):
        rows = [row for row in group if row]
        if column := _name_column(text, rows):
            for row in rows:
                for start, end in row.fields[column - 1 : column + 1]:
                    if _FIELD_NAME.fullmatch(text, start, end):
                        yield Span(start, end, PERSON, IN_LIST, RECOGNIZER)


def _rows(text: str) -> Iterator[_Row | None]:
    """Each line as a row; None for one that is none."""
    start = 0
    for line in text.split("\n"):
        yield _row(line, start) if len(line) <= _MAX_ROW else None
        start += len(line) + 1


def _row(line: str, start: int) -> _Row | None:
    delimiter = max(_DELIMITERS, key=line.count)
    if line.count(delimiter) < MIN_FIELDS - 1:
        return None
    fields = []
    introduced = line.find(": ") + 2 if 0 <= line.find(": ") < line.find(delimiter) else 0
    position = introduced
    for field in line[introduced:].rstrip("\r").split(delimiter):
        content = field.strip(_QUOTES)
        at = start + position + (field.find(content) if content else 0)
        fields.append((at, at + len(content)))
        position += len(field) + 1
    return _Row(delimiter, fields)


def _name_column(text: str, rows: Sequence[_Row]) -> int:
    """The second of the two columns that hold the names of the rows' people; 0 where none do."""
    if not rows or not all(any(_PERSONAL.fullmatch(text, *field) for field in row.fields) for row in rows):
        return 0
    for column in range(1, len(rows[0].fields)):
        pairs = [(text[slice(*row.fields[column - 1])], text[slice(*row.fields[column])]) for row in rows]
        if 2 * sum(map(_is_pair, pairs)) >= len(rows):
            return column
    return 0


def _is_pair(pair: tuple[str, str]) -> bool:
    if not all(map(_FIELD_NAME.fullmatch, pair)):
        return False
    named = any(is_given_name(given) and may_be_surname(surname) for given, surname in (pair, pair[::-1]))
    return named and not are_places(*pair)


def _in_rotas(text: str) -> Iterator[Span]:
    """`Roe Jane` in a column or list of its own, in lines that tell days, hours or shifts."""
    for match in matches(_SLOT, text, _MAY_BE_SLOT):
        if not _in_short_line(text, match.start(), match.end()):
            continue
        if not is_given_name(match["first"]) or not _may_be_listed(match["first"], match["last"]):
            continue
        if _SHIFT.search(_line(text, match.start(), match.end())):
            yield Span(*match.span("name"), PERSON, IN_LIST, RECOGNIZER)
