"""Tables with a column of passwords or keys: exports of browsers and password managers, spreadsheets, cookie files.

A detector of its own, not a recognizer: which column a value stands in is told at the head of the table, which may be
thousands of rows before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from promptguard.detectors.code_version import code_version
from promptguard.detectors.interface import Detector, DetectorFactory, find_in_each
from promptguard.detectors.secrets import secret_literals, spaced_values
from promptguard.detectors.secrets.secret_names import NameKind, kind_of
from promptguard.detectors.stems import lowered, occurrences, words_of
from promptguard.detectors.validators.secret_values import argument_password
from promptguard.model import DataClass, Match, Segment

THREAD_CHARACTERS = 20_000
"""Texts longer than this together are searched in a thread: about a millisecond's work."""
MAX_HEADER_LENGTH = 1_000
MAX_ROW_LENGTH = 8_192
"""Characters of a line; longer ones end a table."""

_STEMS = words_of(
    "pass pwd mdp kennwort contrase clave wachtwoord adgangskode kodeord token secret api key api_key apikey senha"
    " parola pin"
)
_LABEL = re.compile(r"[^\W\d_][\w .\-/#?&'’*:]{0,38}|[\"'`*]{1,2}[^\W\d_][\w .\-/#?&'’:]{0,38}[\"'`*]{1,2}")
_RULE = re.compile(r"[ \t]*[|+]?[ \t]*[:=\-]{2,}[-=:|+ \t]*\Z")
"""The line under the head of a Markdown or text table."""
_MAX_WORDS = 3
"""Words of a column's label; a sentence has more between its commas."""
_DELIMITERS = ("|", "\t", ";", ",")

_COOKIE = re.compile(
    r"^(?:\#HttpOnly_)?[\w.\-]{1,255}\t(?:TRUE|FALSE)\t/[^\t\n]{0,1024}\t(?:TRUE|FALSE)\t\d{1,12}(?:\.\d{1,9})?"
    r"\t(?P<name>[^\t\n]{1,256})\t(?P<value>[^\t\r\n]{1,4096})",
    re.MULTILINE,
)
"""A line of a Netscape cookie file, as curl, wget and browser extensions write it (curl.se/docs/http-cookies.html)."""
_MIN_COOKIE_LENGTH = 16


class CredentialTableDetector(Detector):
    """Finds the values in columns whose heads say password, secret or token, and sessions in cookie files."""

    id = "credential_tables"
    version = code_version()

    async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
        """See `Detector.find`."""
        return await find_in_each(segments, _find, in_loop=THREAD_CHARACTERS)


def _find(text: str) -> Iterator[Match]:
    yield from find_table_credentials(text)
    yield from find_cookies(text)


@dataclass(frozen=True, slots=True)
class _Table:
    delimiter: str
    columns: tuple[tuple[int, NameKind], ...]
    """Index and kind of each column that holds secrets."""
    width: int


def find_table_credentials(text: str) -> Iterator[Match]:
    """The passwords and keys in the tables of `text`."""
    if "\n" not in text:
        return
    done = 0
    for stem_start, _ in occurrences(lowered(text), _STEMS):
        if stem_start < done:
            continue
        start = text.rfind("\n", max(0, stem_start - MAX_HEADER_LENGTH), stem_start) + 1
        end = text.find("\n", stem_start, stem_start + MAX_HEADER_LENGTH)
        done = end + 1 if end >= 0 else stem_start + 1
        table = _table(text[start:end]) if end > start else None
        if table is not None:
            found, done = _rows(text, end + 1, table)
            yield from found


def find_cookies(text: str) -> Iterator[Match]:
    """The values of cookies that look like sessions or tokens."""
    if "\tTRUE\t" not in text and "\tFALSE\t" not in text:
        return
    for cookie in _COOKIE.finditer(text):
        value = cookie["value"]
        random = secret_literals.issued_key(value.partition(":")[0], shortest=_MIN_COOKIE_LENGTH)
        if random or (kind_of(cookie["name"]) is not None and secret_literals.mixes_kinds(value) and len(value) > 8):
            yield _match(*cookie.span("value"), "API_KEY", random or secret_literals.LIKELY)


def _table(header: str) -> _Table | None:
    """The table that a line is the head of, if it is one."""
    for delimiter in _DELIMITERS:
        if delimiter not in header:
            continue
        labels = [header[start:end].strip() for start, end in _cells(header, delimiter)]
        named = [label for label in labels if label]
        if len(named) < 2 or not all(map(_is_label, named)):
            return None
        kinds = ((index, _kind_of_column(label)) for index, label in enumerate(labels) if label)
        columns = tuple((index, kind) for index, kind in kinds if kind not in {None, NameKind.KEY} and kind is not None)
        return _Table(delimiter, columns, len(labels)) if columns and len(columns) < len(named) else None
    return None


def _kind_of_column(label: str) -> NameKind | None:
    """What stands in a column; the word that says so comes last, unlike in `password FROM users`."""
    return kind_of(" ".join(label.strip("\"'`* ").split()[-2:])) if kind_of(label.split()[-1]) else None


def _is_label(cell: str) -> bool:
    return _LABEL.fullmatch(cell) is not None and len(cell.split()) <= _MAX_WORDS


def _cells(line: str, delimiter: str) -> list[tuple[int, int]]:
    """The spans of a line's cells; a delimiter within quotation marks divides none (RFC 4180 2)."""
    spans = []
    start = position = 0
    if delimiter == "|" and line.lstrip().startswith("|"):
        start = position = line.index("|") + 1
    while True:
        if line[position : position + 1] == '"' and delimiter != "|":
            closing = line.find('"', position + 1)
            while closing >= 0 and line[closing + 1 : closing + 2] == '"':
                closing = line.find('"', closing + 2)
            position = closing + 1 if closing >= 0 else position
        end = line.find(delimiter, position)
        if end < 0:
            break
        spans.append((start, end))
        start = position = end + 1
    if delimiter != "|" or line[start:].strip():
        spans.append((start, len(line)))
    return spans


def _rows(text: str, position: int, table: _Table) -> tuple[list[Match], int]:
    """The secrets in the rows from `position` on, and where the table ends."""
    found: list[Match] = []
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        line = text[position : min(end, position + MAX_ROW_LENGTH)]
        if _RULE.match(line):
            position = end + 1
            continue
        cells = _cells(line.rstrip("\r"), table.delimiter) if line.strip() else []
        if len(cells) != table.width:
            break
        for index, kind in table.columns:
            start, stop = _trimmed(line, *cells[index])
            score = _score(line[start:stop], kind)
            if score:
                entity_type = "PASSWORD" if kind is NameKind.PASSWORD else "API_KEY"
                found.append(_match(position + start, position + stop, entity_type, score))
        position = end + 1
    # Names of variables stand in columns, too: words alone are no passwords yet.
    sure = any(match.score >= secret_literals.LIKELY for match in found)
    return (found if sure else []), position


def _trimmed(line: str, start: int, end: int) -> tuple[int, int]:
    while start < end and line[start] in " \t\r\"`'":
        start += 1
    while end > start and line[end - 1] in " \t\r\"`'":
        end -= 1
    return start, end


def _score(value: str, kind: NameKind) -> float:
    if len(value.split()) > 1:
        spaced = kind is NameKind.PASSWORD and spaced_values.end_of_spaced(value, 0)
        return secret_literals.WEAK if spaced else 0.0
    if not value:
        return 0.0
    if kind is NameKind.TOKEN:
        return secret_literals.issued_key(value)
    return float(argument_password(value) or 0.0)


def _match(start: int, end: int, entity_type: str, score: float) -> Match:
    return Match(start, end, entity_type, score, "CredentialTableDetector", DataClass.CREDENTIALS)


FACTORY = DetectorFactory(
    CredentialTableDetector.id, lambda _: CredentialTableDetector(), frozenset({"API_KEY", "PASSWORD"})
)
