"""The text of one XML part of an Office Open XML package: paragraphs, cells, and what stands in attributes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from promptguard.files.interface import words
from promptguard.files.labels import MAX_TOLD, is_noise, is_telling, local, paired
from promptguard.files.lines import Lines
from promptguard.files.markup import parse

TEXTS: Final = words("t delText instrText delInstrText v f text Text oddHeader oddFooter evenHeader evenFooter")
"""Elements that hold text in the vocabularies of documents, drawings, charts and comments."""

_RUNS: Final = words("t delText instrText delInstrText")
"""Those of which several make a line."""

_UNSEEN: Final = words("delText instrText delInstrText")

TOLD: Final = words("descr title alt string tooltip placeholder prompt promptTitle error errorTitle display location")
"""Attributes that hold text wherever they stand: alternative texts, WordArt, tool tips."""

FORMAT: Final = words(
    """rPr pPr tblPr tcPr trPr tblPrEx tblGrid numPr spPr bodyPr lstStyle xfrm prstGeom custGeom avLst ln defRPr
    endParaRPr lsdException latentStyles rPrDefault pPrDefault clrMap clrMapOvr fontScheme fmtScheme clrScheme sheetView
    cols pageMargins pageSetup cellStyles dxfs cellXfs cellStyleXfs fonts fills borders colors timing transition rsids
    compat compatSetting mathPr footnotePr endnotePr zoom shapelayout shapetype cNvSpPr sectPr pgSz pgMar themeFontLang
    clrSchemeMapping decimalSymbol listSeparator sdtEndPr buFont latin ea cs sym formulas handles fileVersion
    workbookView calcPr numCache lang lvlJc extent effectExtent positionH positionV wrapPolygon inline anchor
    cfvo color"""
)
"""Elements that say how something looks, with all that is in them."""

_FILLED_IN: Final = words(
    """alias tag name default statusText helpText listEntry listItem docVar result entryMacro exitMacro placeholder
    docPart connectString query udl lvlText textInput attr filter customFilter s n d e dataSource viewMergedData
    mailSubject addressFieldName mappedName column destination inputCells property cfRule filterColumn bookmarkStart"""
)
"""Elements whose attributes people fill in, whatever these are called."""

_STRUCTURE: Final = words(
    """style path coordsize coordorigin adj formulas eqn gfxdata from to points Ignorable Requires space schemaLocation
    author initials userId providerId date rsid rsidR rsidRPr rsidRDefault rsidP rsidDel rsidTr rsidSect paraId
    textId uri spid typeface panose charset lastEdited lowestEdited codeName xml:space version uniqueName dataDxfId
    quickStyle loTypeId csTypeId qsTypeId prst"""
)
"""Attributes that are of the format alone, and those that say who wrote what: programs fill them in."""

_AUTOMATIC: Final = re.compile(
    r"_(?:GoBack|Toc|Ref|Hlk|Hlt|PictureBullets|FilterDatabase)\w*|_x0000_\w+|_xlnm\.\w+"
    r"|(?:[^\W\d_]+(?: [^\W\d_]+){0,4} ?)\d{1,6}|[\w ]{0,40} Char"
)
"""Names that programs give by themselves."""

_LABEL_ONLY: Final = words("val value v name text t string descr title alt tooltip placeholder")
"""Attributes whose element tells what they are about, if it does."""


def part_text(part: bytes) -> str:
    """The text of a part: a paragraph a line, the cells of a table separated by tabs, then what attributes hold."""
    reading = OfficePart()
    parse(part, reading.start, reading.end, reading.text, reading.comment)
    return reading.take()


class OfficePart:
    """One part, read event by event."""

    def __init__(self) -> None:
        self._lines = Lines()
        self._told: dict[str, None] = {}
        self._inside = 0
        self._cells = 0
        self._format = 0
        self._name = ""
        self._pieces: list[str] = []
        self._visible: list[str] = []
        """The text of the paragraph without what is deleted, and without the codes of fields."""
        self._gap = self._is_split = False
        """Whether such stands within a word of it."""

    def take(self) -> str:
        """All that was read: paragraphs, then what attributes hold."""
        for value in self._told:
            self._lines.end()
            self._lines.add(value)
        return self._lines.take()

    def tell(self, line: str) -> None:
        """Note a line for the end of the part."""
        if len(self._told) < MAX_TOLD:
            self._told[line] = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self._flush()
        self._name = name
        if name in TEXTS:
            self._inside += 1
        elif name == "tab" and not self._format:
            self._lines.tab()
        elif name in ("br", "cr"):
            self._lines.add("\n")
        elif name == "noBreakHyphen":
            self._lines.add("-")
        elif name == "tc":
            self._cells += 1
        if name in FORMAT:
            self._format += 1
        if attributes:
            self._attributes(name, attributes)

    def _attributes(self, name: str, attributes: Mapping[str, str]) -> None:
        pair = None if self._format else paired(attributes)
        if pair and (name in _FILLED_IN or not is_noise(pair.value)):
            self.tell(f"{pair.name}: {pair.value}")
        else:
            pair = None
        for key, value in attributes.items():
            plain = local(key)
            if pair and value in pair:
                continue
            if plain in TOLD and value:
                self.tell(value)
            elif not self._format and not key.startswith("xmlns") and plain not in _STRUCTURE:
                self._attribute(name, plain, value)

    def _attribute(self, name: str, key: str, value: str) -> None:
        if key == "name" and _AUTOMATIC.fullmatch(value):
            return
        telling = name in _FILLED_IN or is_telling(name if key in _LABEL_ONLY else key)
        if (value and telling and not value.isspace()) or not is_noise(value):
            label = name if key in _LABEL_ONLY else key
            self.tell(value if label in ("cNvPr", "docPr", "s", "n") else f"{label}: {value}")

    def end(self, name: str) -> None:
        """An element ends."""
        self._flush()
        if name in FORMAT:
            self._format -= 1
        if name in TEXTS:
            self._inside -= 1
            if name not in _RUNS:
                self._lines.end()
        elif name == "p":
            self._lines.add(" ") if self._cells else self._lines.end()
            if self._is_split:
                self.tell("".join(self._visible))
            self._visible.clear()
            self._gap = self._is_split = False
        elif name == "tc":
            self._cells -= 1
            self._lines.tab()
        elif name == "tr":
            self._lines.end()
        self._name = ""

    def text(self, content: str) -> None:
        """Characters."""
        if not self._inside:
            self._pieces.append(content)
            return
        self._lines.add(content)
        if self._name in _UNSEEN:
            self._gap = bool(self._visible) and not self._visible[-1][-1:].isspace()
        elif content:
            self._is_split |= self._gap and not content[0].isspace()
            self._gap = False
            self._visible.append(content)

    def comment(self, content: str) -> None:
        """A comment of the mark-up itself."""
        if not content.isspace():
            self.tell(content.strip())

    def _flush(self) -> None:
        """Keep the characters of an element that is not known to hold text."""
        if not self._pieces:
            return
        content = "".join(self._pieces).strip()
        self._pieces.clear()
        if content and not is_noise(content) and not (self._format and len(content) < 8):
            self.tell(f"{self._name}: {content}" if self._name else content)
