"""OpenDocument texts, sheets, slides and drawings (ISO/IEC 26300), packaged or as one flat XML file's parts.

Annotations, headers and footers, hidden sheets, notes of slides and tracked deletions are read like the rest.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Final

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source, words
from promptguard.files.labels import is_noise, is_telling, paired
from promptguard.files.lines import Lines
from promptguard.files.markup import parse
from promptguard.files.number_formats import in_full
from promptguard.files.packages import Package
from promptguard.reasons import Code

_MANIFEST: Final = "META-INF/manifest.xml"
_PASSED_OVER: Final = re.compile(
    r"(?i)mimetype|manifest\.rdf|layout-cache|META-INF/.*|Thumbnails/.*|Configurations2/.*|Fonts/.*|(?:.*/)?settings\.xml"
)
_PICTURES: Final = re.compile(r"(?i)(?:.*/)?(?:Pictures|media|ObjectReplacements)/.*")
_AUTOMATIC: Final = words(
    """creator initial-creator printed-by creation-date date print-date generator editing-cycles editing-duration
    language"""
)
"""Properties that programs fill in by themselves, the name of the account among them."""

_BLOCKS: Final = frozenset({"p", "h", "table-row", "list-item", "annotation", "title", "desc"})
_CELLS: Final = words("table-cell covered-table-cell")
_LOOK: Final = words(
    """style default-style list-style text-properties paragraph-properties table-properties table-cell-properties
    table-column-properties table-row-properties graphic-properties drawing-page-properties font-face page-layout
    page-layout-properties list-level-style-bullet list-level-style-number list-level-properties number-style
    currency-style percentage-style date-style time-style boolean-style text-style map gradient marker stroke-dash
    table-column table-row document-content document-styles tab-stop default-page-layout outline-level-style"""
)
"""Elements whose attributes say how something looks."""
_FILLED_IN: Final = words("text table form office xlink db script draw presentation svg")
"""Prefixes of attributes that people fill in."""
_STRUCTURE: Final = words(
    """date-value time-value value-type anchor-type anchor-page-number z-index base-cell-address cell-range-address
    end-cell-address target-range-address id control-implementation class-names version mimetype type show actuate
    boolean-value currency number-columns-repeated number-rows-repeated viewBox d points transform path width height"""
)
"""Attributes that refer to places, or are of the format alone."""
_GIVEN: Final = re.compile(r"[^\W\d_]+ ?\d{1,6}|_?_?[A-Za-z]+__?\w*|ta\d+|gr\d+|Standard")
"""Names that programs give by themselves."""

_LONG: Final = 7
"""Digits of a number that may be an identifier, whatever it is shown as: 4.56E+15."""
_MAX_SPACES: Final = 100


def read(source: Source, out: Extraction) -> None:
    """Read a document: content, styles with headers and footers, properties, then embedded objects and pictures."""
    package = Package(source.data, out)
    before = len(out.texts)
    if _MANIFEST in package and b"encryption-data" in package.read(_MANIFEST):
        raise CannotRead(Code.FILE_ENCRYPTED)
    unread = False
    for name in sorted(package, key=lambda name: (name != "content.xml", posixpath.dirname(name))):
        folder, base = posixpath.split(name)
        label = folder if folder != "." else ""
        if _PASSED_OVER.fullmatch(name):
            continue
        if _PICTURES.fullmatch(name):
            unread |= not out.picture(package.read(name), "picture")
        elif base in ("content.xml", "styles.xml"):
            with out.labelled("/".join(filter(None, (label, "headers and footers" if base == "styles.xml" else "")))):
                _Content(out).read(package.read(name))
        elif base == "meta.xml":
            out.add(properties(package.read(name)), "properties")
        else:
            out.within(Source(package.read(name), base), name)
    if unread and len(out.texts) == before:
        raise CannotRead(Code.FILE_NO_TEXT_RECOGNITION)


def properties(part: bytes) -> str:
    """The properties that people fill in, and their names where they made them up."""
    lines = Lines()
    current = ""

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal current
        current = name
        lines.end()
        if name == "user-defined":
            lines.add(f"{attributes.get('meta:name', '')}: ")

    def text(content: str) -> None:
        if current not in _AUTOMATIC:
            lines.add(content.strip("\n"))

    parse(part, start, None, text)
    return lines.take()


class _Content:
    """The text of one part, cut at sheets and slides."""

    def __init__(self, out: Extraction) -> None:
        self._out = out
        self._lines = Lines()
        self._label = ""
        self._told: dict[str, None] = {}
        self._cells = 0
        self._value = ""
        """The number in the cell, which may be shown otherwise."""
        self._shown: list[str] = []
        """The text of the cell so far."""
        self._within_text = 0

    def read(self, part: bytes) -> None:
        """Add the part's texts."""
        parse(part, self._start, self._end, self._text, self._comment)
        self._cut("")
        self._out.add("\n".join(self._told), "links, fields and formulas")

    def _cut(self, label: str) -> None:
        self._out.add(self._lines.take(), self._label)
        self._label = label

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in _BLOCKS:
            self._within_text += 1
        elif name == "table" and "table:name" in attributes and not self._cells:
            self._cut(attributes["table:name"])
        elif name == "page" and "draw:name" in attributes:
            self._cut(attributes["draw:name"])
        elif name in _CELLS:
            self._cells += 1
            self._value = attributes.get("office:value", "")
            self._shown.clear()
        elif name == "tab":
            self._lines.tab()
        elif name == "line-break":
            self._lines.add("\n")
        elif name == "s":
            count = attributes.get("text:c", "1")
            self._lines.add(" " * min(int(count) if count.isdigit() else 1, _MAX_SPACES))
        if attributes and name not in _LOOK:
            self._attributes(name, attributes)

    def _attributes(self, name: str, attributes: Mapping[str, str]) -> None:
        pair = paired(attributes) if name not in _CELLS else None
        if pair and not is_noise(pair.value):
            self._told[f"{pair.name}: {pair.value}"] = None
        for key, value in attributes.items():
            prefix, _, plain = key.partition(":")
            if prefix == "xlink" and plain == "href":
                if not value.startswith(("Pictures/", "#", "./")):
                    self._told[value] = None
            elif key == "table:formula":
                if '"' in value:
                    self._told[value] = None
            elif key == "office:string-value":
                self._told[value] = None
            elif prefix in _FILLED_IN and plain not in _STRUCTURE and not plain.endswith("style-name"):
                self._attribute(name, plain, value)

    def _attribute(self, name: str, key: str, value: str) -> None:
        if key == "name" and _GIVEN.fullmatch(value):
            return
        if not is_noise(value) or (value.strip() and is_telling(key) and key != "name"):
            self._told[f"{name if key in ('value', 'name') else key}: {value}"] = None

    def _end(self, name: str) -> None:
        if name in _BLOCKS:
            self._within_text -= 1
            if name in ("p", "h") and self._cells:
                self._lines.add(" ")
            else:
                self._lines.end()
        elif name in _CELLS:
            self._cells -= 1
            number = in_full(self._value)
            if len(number.partition(".")[0]) >= _LONG and number not in "".join(self._shown):
                self._lines.add(f" {number}")
            self._value = ""
            self._lines.tab()
        elif name in ("table", "page"):
            self._lines.end()

    def _text(self, content: str) -> None:
        if self._within_text or not content.isspace():  # outside: scripts, formulas of embedded objects
            self._lines.add(content)
            if self._cells:
                self._shown.append(content)

    def _comment(self, content: str) -> None:
        if not content.isspace():
            self._told[content.strip()] = None
