from __future__ import annotations

from typing import Any

from samples import office


def test_sheets_row_by_row(texts: Any) -> None:
    data = office.xlsx(
        {
            "Customers": '<row r="1"><c t="s"><v>1</v></c><c t="s"><v>0</v></c></row>'
            '<row r="9"><c><v>17.50</v></c></row>',
            "Hidden": '<row><c t="inlineStr"><is><r><t>rich </t></r><r><t>text</t></r></is></c></row>',
            "Empty": "",
        },
        strings=["name", "a & b"],
        hidden=["Hidden"],
    )
    assert texts(data) == [
        ("Customers", "a & b\tname\t\n17.50"),
        ("Hidden", "rich text"),
        ("names", "Customers\nHidden\nEmpty"),
    ]


def test_cells_as_they_are_shown(texts: Any) -> None:
    cells = '<c s="1"><v>123456789</v></c><c s="2"><v>29221</v></c><c s="9"><v>5</v></c><c t="b"><v>1</v></c>'
    cells += '<c t="str"><f>"a"&amp;"b"</f><v>ab</v></c><c t="e"><v>#N/A</v></c><c><f>SUM(A1)</f><v>4.1E+15</v></c>'
    data = office.xlsx({"S": f"<row>{cells}</row>"}, formats={164: "000-00-0000", 14: ""})
    assert texts(data)[0][1].split("\n") == [
        "123-45-6789\t1980-01-01\t5\tTRUE\tab\t#N/A\t4100000000000000\t",
        '"a"&"b"',
    ]


def test_what_stands_beside_the_cells(texts: Any) -> None:
    parts = {
        "xl/comments1.xml": "<comments><t>a comment</t></comments>",
        "xl/drawings/drawing1.xml": "<d><t>in a box</t></d>",
        "xl/tables/table1.xml": "<table><tableColumn name='x'/></table>",
        "xl/worksheets/_rels/sheet1.xml.rels": office.relationships([], ["https://example.org/?q=1"]),
        "docProps/core.xml": "<c><title>A title</title></c>",
    }
    rows = "<row/></sheetData><headerFooter><oddHeader>&amp;C Secret</oddHeader></headerFooter><sheetData>"
    rows += '</sheetData><dataValidation prompt="choose well"/><sheetData>'
    data = office.xlsx({"S": rows}, names='<definedName name="rate">"17 %"</definedName>', parts=parts)
    assert texts(data) == [
        ("S", "&C Secret\nchoose well"),
        ("names", 'S\nrate: "17 %"'),
        ("comments1", "a comment"),
        ("drawing1", "in a box"),
        ("properties", "A title"),
        ("links", "https://example.org/?q=1"),
    ]


def test_damaged_workbooks(problem: Any, texts: Any) -> None:
    assert "damaged" in problem(office.xlsx({"S": "<row>"}))
    assert texts(
        office.xlsx({"S": '<row><c t="s"><v>99</v></c><c t="s"><v>-1</v></c><c s="x"><v>3</v></c></row>'})
    ) == [
        ("S", "\t\t3"),
        ("names", "S"),
    ]
