"""Excel workbooks (SpreadsheetML, ECMA-376 part 1, 18): all sheets, hidden ones too, cells as they are shown.

A sheet is one text: a row a line, cells separated by tabs, empty cells left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from promptguard.files.extraction import Extraction
from promptguard.files.interface import Source
from promptguard.files.lines import Lines
from promptguard.files.markup import parse
from promptguard.files.number_formats import shown
from promptguard.files.office_parts import OfficePart
from promptguard.files.packages import Package
from promptguard.files.readers import cells
from promptguard.files.readers.office_open_xml import finish, targets

_WORKBOOK: Final = "xl/workbook.xml"
SHARED: Final = "xl/sharedStrings.xml"
_STYLES: Final = "xl/styles.xml"
_SHEETS: Final = frozenset({"worksheet", "chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"})
_CELLS: Final = re.compile(r"xl/(?:sharedStrings|calcChain)\.bin")
"""Parts of a binary workbook ([MS-XLSB]) in which nothing stands that its cells do not show."""

_LITERAL: Final = re.compile(r'"[^"]{4,}"|(?:\\.){4,}')
"""Words in the code of a number format, beyond a currency's."""


type _Format = tuple[int, str]


def read(source: Source, out: Extraction) -> None:
    """Read a workbook: its sheets, then comments, drawings and all other parts."""
    package = Package(source.data, out)
    before = len(out.texts)
    book = open_workbook(package)
    if book is None:
        cells.read(source.data, out)
        finish(package, out, {name for name in package if _CELLS.fullmatch(name)}, before)
        return
    shown: set[str] = set()
    for path, name in book.sheets.items():
        sheet = Sheet(book.strings, book.formats, from_1904=book.workbook.from_1904)
        out.add(sheet.read(package.read(path)), name)
        shown |= sheet.shared
    out.add(
        "\n".join(text for text in dict.fromkeys([*book.strings, *book.phonetic]) if text not in shown), "other texts"
    )
    out.add("\n".join([*book.workbook.sheets.values(), *book.workbook.names, *book.named]), "names")
    finish(package, out, {book.main, SHARED, _STYLES, *book.sheets}, before)


class OpenWorkbook(NamedTuple):
    """A workbook with what its sheets refer to."""

    main: str
    """The part of the workbook itself."""
    workbook: Workbook
    strings: list[str]
    """The texts that cells refer to by number."""
    phonetic: list[str]
    formats: list[_Format]
    """Of each cell style."""
    named: list[str]
    """The names of styles, and the words in formats."""
    sheets: dict[str, str]
    """Names by part, in order."""


def open_workbook(package: Package) -> OpenWorkbook | None:
    """A workbook in XML; None for one in a binary form."""
    main = next((target.path for target in targets(package, "") if target.kind == "officeDocument"), _WORKBOOK)
    if main.endswith(".bin"):
        return None
    workbook = Workbook(package.read(main) if main in package else b"<workbook/>")
    strings, phonetic = _shared_strings(package.read(SHARED)) if SHARED in package else ([], [])
    formats, named = _formats(package.read(_STYLES)) if _STYLES in package else ([], [])
    paths = {target.id: target.path for target in targets(package, main) if target.kind in _SHEETS}
    sheets: dict[str, str] = {}
    for id, name in workbook.sheets.items():
        if id in paths and paths[id] not in (main, SHARED, _STYLES):
            sheets.setdefault(paths[id], name)
    return OpenWorkbook(main, workbook, strings, phonetic, formats, named, sheets)


class Workbook:
    """What the workbook itself says: its sheets, defined names, and which day is day 0."""

    def __init__(self, part: bytes) -> None:
        self.sheets: dict[str, str] = {}
        """Names by the id of the relationship to the sheet's part."""
        self.names: list[str] = []
        """Defined names and what they stand for, which may be a constant."""
        self.from_1904 = False
        self._in_name = False
        self._beside = OfficePart()
        parse(part, self._start, self._end, self._text, self._beside.comment)
        self.names += filter(None, self._beside.take().split("\n"))

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            id = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.sheets[id] = attributes.get("name", "")
        elif name == "definedName":
            self._in_name = True
            self.names.append(f"{attributes.get('name', '')}: {attributes.get('comment', '')}")
        elif name == "workbookPr":
            self.from_1904 = attributes.get("date1904") in ("1", "true", "on")
        else:
            self._beside.start(name, attributes)

    def _end(self, name: str) -> None:
        self._in_name = False
        if name not in ("sheet", "definedName", "workbookPr"):
            self._beside.end(name)

    def _text(self, content: str) -> None:
        if self._in_name:
            self.names[-1] += content
        else:
            self._beside.text(content)


def _shared_strings(part: bytes) -> tuple[list[str], list[str]]:
    """The texts that cells refer to by number, and their phonetic guides (`rPh`), which are no part of them."""
    strings: list[str] = []
    guides: list[str] = []
    pieces: list[str] = []
    inside = phonetic = False

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal inside, phonetic
        inside = name == "t"
        if name == "si":
            pieces.clear()
        elif name == "rPh":
            phonetic = True

    def end(name: str) -> None:
        nonlocal inside, phonetic
        inside = False
        if name == "rPh":
            phonetic = False
        elif name == "si":
            strings.append("".join(pieces))

    def text(content: str) -> None:
        if inside:
            (guides if phonetic else pieces).append(content)

    parse(part, start, end, text)
    return strings, guides


def _formats(part: bytes) -> tuple[list[_Format], list[str]]:
    """Number and code of the number format of each cell style; and the words in formats and names of styles."""
    codes: dict[int, str] = {}
    named: list[str] = []
    formats: list[_Format] = []
    in_cells = False

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal in_cells
        if name == "numFmt":
            codes[_integer(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif name == "cellStyle" and "builtinId" not in attributes:
            named.append(attributes.get("name", ""))
        elif name == "cellXfs":
            in_cells = True
        elif name == "xf" and in_cells:
            number = _integer(attributes.get("numFmtId"))
            formats.append((number, codes.get(number, "")))

    def end(name: str) -> None:
        nonlocal in_cells
        if name == "cellXfs":
            in_cells = False

    parse(part, start, end)
    return formats, [*named, *filter(_LITERAL.search, codes.values())]


class Sheet:
    """One sheet, read cell by cell."""

    def __init__(self, strings: list[str], formats: list[_Format], *, from_1904: bool) -> None:
        self.shared: set[str] = set()
        """The shared texts that are shown."""
        self.number = -1
        """Of the cell that is being read, from 0."""
        self._strings = strings
        self._formats = formats
        self._from_1904 = from_1904
        self._lines = Lines()
        self._formulas: dict[str, None] = {}
        """Those that say something of their own: they have literals."""
        self._beside = OfficePart()
        """All but the cells: headers, validations, filters, links."""
        self._in_cell = False
        self._type = ""
        self._style = 0
        self._where = ""
        self._pieces: list[str] = []
        self._value = ""

    def read(self, part: bytes) -> str:
        """The text of a sheet's part."""
        parse(part, self._start, self._end, self._text, self._beside.comment)
        for text in (*self._beside.take().split("\n"), *self._formulas):
            self._lines.end()
            self._lines.add(text)
        return self._lines.take()

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            self._in_cell = True
            self.number += 1
            self._type = attributes.get("t", "n")
            self._style = _integer(attributes.get("s"))
            self._value = ""
        elif self._in_cell:
            self._where = name if name in ("v", "t", "f") else ""
            self._pieces.clear()
        elif name != "row":
            self._beside.start(name, attributes)

    def _end(self, name: str) -> None:
        if name == "c":
            self._in_cell = False
            if self._value:
                self.put(self._shown())
        elif name == "row":
            self._lines.end()
        elif not self._in_cell:
            self._beside.end(name)
        elif name == self._where:
            content = "".join(self._pieces)
            self._where = ""
            if name in ("v", "t"):
                self._value += content
            elif '"' in content:
                self._formulas[content] = None

    def put(self, text: str) -> None:
        """Add the text that the cell shows."""
        self._lines.add(text)
        self._lines.tab()

    @property
    def shared_text(self) -> int:
        """The number of the shared text that the cell refers to; -1 for none."""
        return _integer(self._value, -1) if self._type == "s" else -1

    def _text(self, content: str) -> None:
        if self._where:
            self._pieces.append(content)
        elif not self._in_cell:
            self._beside.text(content)

    def _shown(self) -> str:
        value = self._value
        if self._type == "s":
            index = _integer(value, -1)
            text = self._strings[index] if 0 <= index < len(self._strings) else ""
            self.shared.add(text)
            return text
        if self._type == "b":
            return "TRUE" if value == "1" else "FALSE"
        if self._type != "n":
            return value
        number, code = self._formats[self._style] if self._style < len(self._formats) else (0, "")
        return shown(value, number, code, from_1904=self._from_1904)


def _integer(text: str | None, default: int = 0) -> int:
    """A number from an attribute."""
    return int(text) if text and text.isascii() and text.isdigit() else default
