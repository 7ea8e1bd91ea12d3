"""Files that are written again say the same but for what was replaced, open, and are else as they came."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping

import docx
import openpyxl
import pptx
import pytest
from openpyxl.workbook.defined_name import DefinedName

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source
from promptguard.files.replacements import Replacements, values_pattern
from promptguard.files.rewriting import rewrite
from promptguard.model import Edit
from samples import office, office_made, pdf

NAME, MAIL, NUMBER = "Anna Schmidt", "anna.schmidt@example.org", "4111111111111111"
VALUES = {NAME: "[PERSON_7KQ2M4XC]", MAIL: "[EMAIL_ADDRESS_7KQ2M4XB]", NUMBER: "[CREDIT_CARD_7KQ2M4XD]"}


def extraction() -> Extraction:
    return Extraction(1_000_000)


def read(source: Source) -> list[tuple[str, str]]:
    out = extraction()
    out.file(source)
    return out.texts


def rewritten(data: bytes, name: str = "", values: Mapping[str, str] = VALUES) -> bytes:
    """The file with every value replaced wherever its reader shows it."""
    source = Source(data, name)
    pattern = re.compile("|".join(map(re.escape, values)))
    edits = {
        number: [Edit(found.start(), found.end(), values[found[0]]) for found in pattern.finditer(text)]
        for number, (_, text) in enumerate(read(source))
    }
    return rewrite(source, {number: made for number, made in edits.items() if made}, extraction)


def parts(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The parts of a package and of those in it."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    for name in archive.namelist():
        content = archive.read(name)
        if content.startswith(b"PK"):
            yield from ((f"{name}/{inner}", part) for inner, part in parts(content))
        yield name, content


MADE = {
    "document": office_made.word(NAME, MAIL, NUMBER),
    "workbook": office_made.workbook(NAME, MAIL, NUMBER),
    "presentation": office_made.presentation(NAME, MAIL, NUMBER),
}


@pytest.mark.parametrize("made", MADE)
def test_no_part_of_an_office_file_keeps_a_value(made: str) -> None:
    before, after = MADE[made], rewritten(MADE[made])
    assert [name for name, part in parts(after) if re.search(rb"schmidt|4111|4\.111", part, re.IGNORECASE)] == []
    previews = {"docProps/thumbnail.jpeg"}
    names = [name for name in zipfile.ZipFile(io.BytesIO(before)).namelist() if name not in previews]
    assert zipfile.ZipFile(io.BytesIO(after)).namelist() == names
    assert b"thumbnail" not in dict(parts(after))["_rels/.rels"]
    kept = {name: part for name, part in parts(before) if not re.search(rb"(?i)schmidt|4111|4\.111|anna|@", part)}
    kept = {name: part for name, part in kept.items() if name not in {*previews, "_rels/.rels"}}
    assert {name: part for name, part in parts(after) if name in kept and not name.endswith(".xlsx")} == kept


def test_a_package_within_in_which_nothing_is_replaced_stays() -> None:
    inner = office.xlsx({"S": "<row><c><v>1</v></c></row>"})
    after = rewritten(office.docx(office.paragraph(NAME), {"word/embeddings/book.xlsx": inner}))
    assert dict(parts(after))["word/embeddings/book.xlsx"] == inner


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('A1="Anna Schmidt"', 'A1="[PERSON_7KQ2M4XC]"'),
        ("A1=4111111111111111", 'A1="[CREDIT_CARD_7KQ2M4XD]"'),
        ('OR(A1="x",A1=4111111111111111)', 'OR(A1="x",A1="[CREDIT_CARD_7KQ2M4XD]")'),
    ],
)
def test_a_formula_stays_one(formula: str, expected: str) -> None:
    book = openpyxl.Workbook()
    book.defined_names["which"] = DefinedName("which", attr_text=formula)
    out = io.BytesIO()
    book.save(out)
    assert openpyxl.load_workbook(io.BytesIO(rewritten(out.getvalue()))).defined_names["which"].value == expected


def test_a_document_opens() -> None:
    document = docx.Document(io.BytesIO(rewritten(MADE["document"])))
    assert [paragraph.text for paragraph in document.paragraphs] == [
        f"Write to {VALUES[MAIL]} and R&D ",
        f"Card {VALUES[NUMBER]} & <co>",
    ]
    assert document.paragraphs[0].runs[2].bold
    assert document.tables[0].cell(1, 1).text == f"{VALUES[NAME]}\nsecond line"
    assert document.core_properties.author == VALUES[NAME]


def test_a_workbook_opens() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(rewritten(MADE["workbook"]))).active
    assert sheet is not None
    assert [[cell.value for cell in row] for row in sheet.rows] == [
        ["Name", "Mail", "Card", "Sum"],
        [VALUES[NAME], VALUES[MAIL], VALUES[NUMBER], "=C2+1"],
        [VALUES[NAME], "other", 5, f'=CONCAT("{VALUES[MAIL]}",A2)'],
    ]


def test_a_presentation_opens() -> None:
    deck = pptx.Presentation(io.BytesIO(rewritten(MADE["presentation"])))
    texts = [shape.text_frame.text for shape in deck.slides[0].shapes if shape.has_text_frame]
    assert texts == [f"On {VALUES[NAME]}", f"Card {VALUES[NUMBER]}, mail {VALUES[MAIL]} at the end"]
    (chart,) = (shape.chart for shape in deck.slides[0].shapes if shape.has_chart)
    assert list(chart.plots[0].categories) == [VALUES[NAME], "others"]


@pytest.mark.parametrize("charset", ["cp1252", "utf-16", "utf-8-sig", "utf-16-le", "utf-32"])
def test_text_stays_in_its_encoding(charset: str) -> None:
    text = f"Größe;Übung\r\nSenf für {NAME};Müller\r\n" * 20
    assert rewritten(text.encode(charset), "a.csv") == text.replace(NAME, VALUES[NAME]).encode(charset)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f'{{"n":{NUMBER},"s":"a \\"{NUMBER}\\" b"}}', f'{{"n":"{VALUES[NUMBER]}","s":"a \\"{VALUES[NUMBER]}\\" b"}}'),
        (f'{{"n":{NUMBER}}}\n\n[1.0,{NUMBER}]\n', f'{{"n":"{VALUES[NUMBER]}"}}\n\n[1.0,"{VALUES[NUMBER]}"]\n'),
        (f"[see {NUMBER}]", f"[see {VALUES[NUMBER]}]"),
        (f"x = {NUMBER}", f"x = {VALUES[NUMBER]}"),
    ],
    ids=["JSON", "JSON lines", "a list of Markdown", "source"],
)
def test_json_stays_json(text: str, expected: str) -> None:
    assert rewritten(text.encode(), "a.json") == expected.encode()


CELL = '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row><c t="s"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("data", "values", "expected"),
    [
        (office.xlsx({"S": CELL}, strings=["Anna", "Schmidt"]), {"Anna\tSchmidt": "[P]"}, "[P]\t\nSchmidt"),
        (office.xlsx({"S": CELL}, strings=["Anna", "Schmidt"]), {"Anna": "[P]"}, "[P]\tSchmidt\t\nSchmidt"),
        (office.xlsx({"S": CELL}, strings=["a", "x Schmidt"]), {"Schmidt": "[P]"}, "a\tx [P]\t\nx [P]"),
        (office.xlsx({"S": "<row><c><v>41111111</v></c></row>"}), {"41111111": "[N]"}, "[N]"),
    ],
    ids=["over two cells, one shared", "one of two", "shared", "number"],
)
def test_cells(data: bytes, values: dict[str, str], expected: str) -> None:
    assert read(Source(rewritten(data, values=values))) == [("S", expected), ("names", "S")]


@pytest.mark.parametrize(
    ("data", "values"),
    [
        (pdf.document(pdf.text(f"To {MAIL}")), VALUES),
        (office.zipped({"a.docx": office.docx(office.paragraph(MAIL))}), VALUES),
        (office.docx(office.paragraph(MAIL), {"_xmlsignatures/sig1.xml": "<x/>"}), VALUES),
        (office.xlsx({"Schmidt": "<row><c><v>1</v></c></row>"}), {"Schmidt": "[P]"}),
        (f'{{"n":-{NUMBER}}}'.encode(), VALUES),
        (f"caf\xe9 {NAME}".encode("iso2022_jp", "replace") + b"\x1b$B\x1b(B", VALUES),
    ],
    ids=["PDF", "archive", "signed", "name of a sheet", "part of a number", "shifting encoding"],
)
def test_what_cannot_be_written_is_said(data: bytes, values: dict[str, str]) -> None:
    with pytest.raises(CannotRead, match="rewrite"):
        rewritten(data, values=values)


@pytest.mark.parametrize("shared", ["", "x" * 200])
def test_thousands_of_values_take_no_longer_than_a_few(shared: str) -> None:
    """As one alternative each, they would take minutes."""
    values = {f"{shared}{number}@example.org": f"[EMAIL_ADDRESS_{number}]" for number in range(4_000)}
    text = "".join(f"{number};{value}\r\n" for number, value in enumerate(values))
    expected = "".join(f"{number};{value}\r\n" for number, value in enumerate(values.values()))
    texts = [("", text)]
    edits = [Edit(m.start(), m.end(), values[m[0]]) for m in re.finditer(r"\w+@example\.org", text)]
    replacements = Replacements.of(texts, {0: edits})
    assert replacements.hold(texts, [("", expected.replace("\r", ""))])
    assert not replacements.hold(texts, [("", expected.replace("[EMAIL_ADDRESS_77]", "77@example.org"))])


def test_of_values_that_begin_alike_the_longest_is_found() -> None:
    pattern = values_pattern({"anna": "", "anna b": "", "anna bc": "", ".anna": "", "an": ""})
    assert pattern is not None
    assert pattern.findall("anna bcd anna bc .anna bx &Canna annab") == ["anna", "anna bc", ".anna", "anna"]
