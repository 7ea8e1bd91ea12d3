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
from promptguard.files.lines import Lines
from promptguard.files.markup import parse
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
        self._within_text = 0

    def read(self, part: bytes) -> None:
        """Add the part's texts."""
        parse(part, self._start, self._end, self._text)
        self._cut("")
        self._out.add("\n".join(self._told), "links and formulas")

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
        elif name == "table-cell":
            self._cells += 1
        elif name == "tab":
            self._lines.tab()
        elif name == "line-break":
            self._lines.add("\n")
        elif name == "s":
            count = attributes.get("text:c", "1")
            self._lines.add(" " * min(int(count) if count.isdigit() else 1, _MAX_SPACES))
        for key, value in attributes.items():
            is_link = key == "xlink:href" and not value.startswith(("Pictures/", "#", "./"))
            if is_link or key == "office:string-value" or (key == "table:formula" and '"' in value):
                self._told[value] = None

    def _end(self, name: str) -> None:
        if name in _BLOCKS:
            self._within_text -= 1
            if name in ("p", "h") and self._cells:
                self._lines.add(" ")
            else:
                self._lines.end()
        elif name == "table-cell":
            self._cells -= 1
            self._lines.tab()
        elif name in ("table", "page"):
            self._lines.end()

    def _text(self, content: str) -> None:
        if self._within_text or not content.isspace():  # outside: scripts, formulas of embedded objects
            self._lines.add(content)
