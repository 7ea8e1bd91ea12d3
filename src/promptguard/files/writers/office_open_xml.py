"""Office Open XML packages (ECMA-376): documents, workbooks, presentations, and those within them.

Parts that do not change are taken over as they are, all in the order in which they came. In a part that does, the texts
of runs are edited where they stand, though a value may be spread over several; properties, targets of links and names
of authors are edited where they hold a value that is replaced. The preview of the first
page, which shows what stood there, is left out.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote
from xml.parsers import expat

from promptguard.files.interface import CannotRead, Source
from promptguard.files.kinds import SPREADSHEET, identify
from promptguard.files.limits import MAX_DEPTH, MAX_UNPACKED
from promptguard.files.office_parts import FORMAT, TEXTS, TOLD, part_text
from promptguard.files.replacements import Replacements, values_pattern
from promptguard.files.writers import workbook
from promptguard.files.writers.xml_source import Node, XmlSource, aligned, spread
from promptguard.model import Edit
from promptguard.reasons import Code

_SIGNED: Final = re.compile(r"(?i)_xmlsignatures/.*")
_MARKUP: Final = re.compile(r"(?i).*\.(?:xml|rels|vml)")
_LOOKS: Final = re.compile(r"(?i)\[Content_Types\]\.xml|.*/(?:theme/.*|styles|settings|webSettings|fontTable)\.xml")
"""Parts in which words of the format stand: there, a word that is a name too is left alone."""

_PREVIEW: Final = re.compile(r"(?i)docProps/thumbnail\.\w+")
_TO_PREVIEW: Final = re.compile(
    rb"""<(?:\w+:)?Relationship\b(?=[^>]*\sTarget\s*=\s*["']/?(?i:docProps/thumbnail)\.)[^>]*"""
    rb"(?:/>|>\s*</(?:\w+:)?Relationship\s*>)"
)
"""The picture of the first page, and what points to it (ECMA-376 part 2, 12.3)."""

_FIXED: Final = frozenset({"Id", "Type", "ContentType", "PartName", "Extension", "TargetMode"})
_NUMBERS: Final = frozenset({"numCache", "numLit"})
"""Elements that hold numbers: another text in them would break the file."""


def write(source: Source, replacements: Replacements) -> bytes:
    """The package again.

    Raises:
        CannotRead: it is signed, or unpacks to too much.
    """
    return _write(source.data, replacements, 1)


def _write(data: bytes, replacements: Replacements, depth: int) -> bytes:
    archive = zipfile.ZipFile(io.BytesIO(data))
    if any(map(_SIGNED.fullmatch, archive.namelist())):
        raise CannotRead(Code.REWRITE_FIXED)
    if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED:
        raise CannotRead(Code.FILE_TOO_MUCH_UNPACKED)
    package = _Package(data, replacements)
    parts = {info.filename: archive.read(info) for info in archive.infolist()}
    written = {name: package.written(name, content, depth) for name, content in parts.items()}
    return data if written == parts else _packed(archive, _without_preview(written))


def _without_preview(parts: dict[str, bytes]) -> dict[str, bytes]:
    kept = {name: content for name, content in parts.items() if not _PREVIEW.fullmatch(name)}
    if len(kept) < len(parts) and "_rels/.rels" in kept:
        kept["_rels/.rels"] = _TO_PREVIEW.sub(b"", kept["_rels/.rels"])
    return kept


def _packed(archive: zipfile.ZipFile, parts: Mapping[str, bytes]) -> bytes:
    """A package as another, of other parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", allowZip64=False) as packed:
        packed.comment = archive.comment
        for info in archive.infolist():
            if info.filename in parts:
                packed.writestr(_like(info), parts[info.filename])
    return out.getvalue()


def _like(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    copy = zipfile.ZipInfo(info.filename, info.date_time)
    for name in ("compress_type", "comment", "create_system", "external_attr", "internal_attr"):
        setattr(copy, name, getattr(info, name))
    return copy


class _Package:
    """What becomes of each part of a package."""

    def __init__(self, data: bytes, replacements: Replacements) -> None:
        is_workbook = identify(Source(data)) is SPREADSHEET
        self._replacements = replacements
        self._sheets = workbook.changes(data, replacements) if is_workbook else workbook.Changes()
        self._loose = {**replacements.values(replacements.by_text.keys() - self._sheets.texts), **self._sheets.told}

    def written(self, name: str, content: bytes, depth: int) -> bytes:
        """A part with its values replaced; as it came, where it holds none."""
        if content.startswith(b"PK\x03\x04"):
            return self._within(name, content, depth)
        if not _MARKUP.fullmatch(name):
            return content
        changed = self._sheets.parts.get(name, content)
        try:
            return self._markup(name, changed)
        except (UnicodeDecodeError, expat.ExpatError):
            return changed

    def _within(self, name: str, content: bytes, depth: int) -> bytes:
        """A package in the package, such as the workbook behind a chart."""
        if depth > MAX_DEPTH or identify(Source(content, name)).writer != "office_open_xml":
            return content
        return _write(content, self._replacements, depth + 1)

    def _markup(self, name: str, content: bytes) -> bytes:
        telling, loose = self._replacements.telling, self._loose
        source = XmlSource(content)
        text = "" if self._sheets.has(name) else part_text(content)
        beside = set(source.nodes)
        if text:
            runs = [node for node in source.nodes if not node.attribute and node.inside & TEXTS]
            placed = aligned(text, runs)
            if edits := self._replacements.by_text.get(text):
                end = placed[-1][0] + len(placed[-1][1].content) if placed else 0
                spread([each for each in placed if not each[1].inside & _NUMBERS], [e for e in edits if e.start < end])
            beside -= {node for _, node in placed}
        _by_value(beside, telling if _LOOKS.fullmatch(name) else {**loose, **telling}, self._may_change(name))
        return source.written() if any(node.edits for node in source.nodes) else content

    def _may_change(self, name: str) -> Callable[[Node], bool]:
        is_workbook_part = self._sheets.has(name)

        def may_change(node: Node) -> bool:
            if not node.attribute:
                return not (node.inside & _NUMBERS or (is_workbook_part and node.element in ("v", "t")))
            if node.attribute in _FIXED or node.attribute.startswith("xmlns"):
                return False
            if node.element in ("sheet", "n"):  # names that may not be any; numbers
                return False
            return not node.inside & FORMAT or node.attribute in TOLD

        return may_change


def _by_value(nodes: set[Node], values: dict[str, str], may_change: Callable[[Node], bool]) -> None:
    """Replace values wherever they stand in these nodes."""
    pattern = values_pattern(values)
    if pattern is None:
        return
    for node in nodes:
        if may_change(node):
            as_written = quote if node.attribute == "Target" else str
            found = pattern.finditer(node.content)
            node.edits += [Edit(match.start(), match.end(), as_written(values[match[0]])) for match in found]
