"""Where people's words stand in office files made by the usual libraries: each place is read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import docx
import openpyxl
import pptx
import pytest
import xlsxwriter
import xlwt
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation
from pptx.util import Inches

VALUE = "jo.miller@" + "fabrikam-sample.com"
W = nsdecls("w")

type Make = Callable[[], bytes]


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_parts(data: bytes, parts: dict[str, str]) -> bytes:
    """A package with parts added to it, or put in the place of those of the same name."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def replaced(data: bytes, part: str, old: str, new: str) -> bytes:
    """A package with something else in one of its parts."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read(part).decode()
    assert old in content
    return with_parts(data, {part: content.replace(old, new, 1)})


def word(change: Callable[[Any], object]) -> Make:
    def make() -> bytes:
        document = docx.Document()
        document.add_paragraph("A document.")
        change(document)
        return saved(document)

    return make


def word_xml(xml: str) -> Make:
    """A document with an element at the end of its first paragraph."""
    return word(lambda document: document.paragraphs[0]._p.append(parse_xml(xml)))


def word_part(name: str, content: str) -> Make:
    return lambda: with_parts(word(lambda document: None)(), {name: content})


def control(properties: str) -> str:
    return f"<w:sdt {W}><w:sdtPr>{properties}</w:sdtPr><w:sdtContent><w:r><w:t>x</w:t></w:r></w:sdtContent></w:sdt>"


def field(data: str) -> str:
    return f'<w:r {W}><w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar></w:r>'


def set_property(name: str) -> Callable[[Any], None]:
    return lambda document: setattr(document.core_properties, name, VALUE)


def header(document: Any) -> None:
    document.sections[0].header.paragraphs[0].text = VALUE


def footer(document: Any) -> None:
    document.sections[0].footer.paragraphs[0].text = VALUE


def table(document: Any) -> None:
    document.add_table(1, 1).cell(0, 0).text = VALUE


def comment(document: Any) -> None:
    document.add_comment(document.paragraphs[0].runs, text=VALUE, author="x", initials="x")


def style(document: Any) -> None:
    document.styles.add_style(f"For {VALUE}", 1)


def alternative_text(document: Any) -> None:
    run = document.paragraphs[0].add_run()
    run._r.append(parse_xml(f'<w:drawing {W}><wp:docPr {nsdecls("wp")} id="1" name="x" descr="{VALUE}"/></w:drawing>'))


WORD: dict[str, Make] = {
    "body": word(lambda document: document.add_paragraph(VALUE)),
    "table": word(table),
    "header": word(header),
    "footer": word(footer),
    "comment": word(comment),
    "title": word(set_property("title")),
    "keywords": word(set_property("keywords")),
    "comments property": word(set_property("comments")),
    "name of a style": word(style),
    "alternative text": word(alternative_text),
    "bookmark": word_xml(f'<w:bookmarkStart {W} w:id="1" w:name="{VALUE}"/>'),
    "title of a content control": word_xml(control(f'<w:alias w:val="{VALUE}"/>')),
    "tag of a content control": word_xml(control(f'<w:tag w:val="{VALUE}"/>')),
    "entry of a list": word_xml(
        control(f'<w:dropDownList><w:listItem w:displayText="x" w:value="{VALUE}"/></w:dropDownList>')
    ),
    "entry of a combo box": word_xml(
        control(f'<w:comboBox><w:listItem w:displayText="{VALUE}" w:value="1"/></w:comboBox>')
    ),
    "data binding": word_xml(control(f'<w:dataBinding w:xpath="/a[@b=\'{VALUE}\']" w:storeItemID="x"/>')),
    "default of a form field": word_xml(field(f'<w:textInput><w:default w:val="{VALUE}"/></w:textInput>')),
    "drop-down of a form field": word_xml(field(f'<w:ddList><w:listEntry w:val="{VALUE}"/></w:ddList>')),
    "help of a form field": word_xml(field(f'<w:helpText w:type="text" w:val="{VALUE}"/>')),
    "simple field": word_xml(f'<w:fldSimple {W} w:instr="MERGEFIELD {VALUE}"/>'),
    "smart tag": word_xml(
        f'<w:smartTag {W} w:element="x"><w:smartTagPr><w:attr w:name="a" w:val="{VALUE}"/>'
        '</w:smartTagPr></w:smartTag>'
    ),
    "deleted text": word_xml(f'<w:del {W} w:id="1" w:author="x"><w:r><w:delText>{VALUE}</w:delText></w:r></w:del>'),
    "tool tip of a link": word_xml(f'<w:hyperlink {W} w:anchor="x" w:tooltip="{VALUE}"/>'),
    "comment of the mark-up": word_xml(f"<w:r {W}><!-- {VALUE} --></w:r>"),
    "variable": word_part("word/other.xml",
        f'<w:settings {W}><w:docVars><w:docVar w:name="a" w:val="{VALUE}"/></w:docVars>'
        '</w:settings>'
    ),
    "mail merge": word_part("word/other.xml",
        f'<w:settings {W}><w:mailMerge><w:connectString w:val="Server=x;Uid={VALUE}"/>'
        '</w:mailMerge></w:settings>'
    ),
    "query of a mail merge": word_part("word/other.xml",
        f'<w:settings {W}><w:mailMerge><w:query w:val="{VALUE}"/></w:mailMerge></w:settings>'
    ),
    "numbering": word_part("word/numbering.xml",
        f'<w:numbering {W}><w:lvl><w:lvlText w:val="{VALUE}"/></w:lvl></w:numbering>'
    ),
    "custom XML": word_part("customXml/item1.xml", f"<a><b>{VALUE}</b></a>"),
    "attribute of custom XML": word_part("customXml/item1.xml", f'<a><b c="{VALUE}"/></a>'),
    "comment of custom XML": word_part("customXml/item1.xml", f"<a><!--{VALUE}--></a>"),
    "control": word_part("word/activeX/activeX1.xml",
        f'<ax:ocx xmlns:ax="x"><ax:ocxPr ax:name="Caption" ax:value="{VALUE}"/></ax:ocx>'
    ),
    "web extension": word_part("word/webextensions/webextension1.xml",
        f'<we:x xmlns:we="x"><we:property name="a" value="{VALUE}"/></we:x>'
    ),
    "extension of a chart": word_part("word/charts/chart1.xml",
        f'<c:c xmlns:c="x"><c15:x xmlns:c15="y">{VALUE}</c15:x></c:c>'
    ),
    "link": word_part("word/_rels/x.xml.rels",
        f'<Relationships><Relationship Target="mailto:{VALUE}" TargetMode="External"/>'
        '</Relationships>'
    ),
    "name of a part": word_part(f"word/{VALUE}.txt", "words"),
}  # fmt: skip


def sheet(change: Callable[[Any, Any], object]) -> Make:
    def make() -> bytes:
        book = openpyxl.Workbook()
        book.active["A1"] = "A sheet."
        change(book, book.active)
        return saved(book)

    return make


def cell_comment(book: Any, active: Any) -> None:
    active["A1"].comment = Comment(VALUE, "x")


def validation(**options: Any) -> Make:
    def change(book: Any, active: Any) -> None:
        rule = DataValidation(type="list", **({"formula1": '"a,b"'} | options))
        active.add_data_validation(rule)
        rule.add("A2")

    return sheet(change)


def auto_filter(book: Any, active: Any) -> None:
    active.auto_filter.ref = "A1:A9"
    active.auto_filter.add_filter_column(0, [VALUE])


def number_format(book: Any, active: Any) -> None:
    active["A2"] = 5
    active["A2"].number_format = f'"{VALUE}" 0'


def hidden_sheet(book: Any, active: Any) -> None:
    book.create_sheet("more")["A1"] = VALUE
    book["more"].sheet_state = "veryHidden"


def defined_name(book: Any, active: Any) -> None:
    book.defined_names["rate"] = openpyxl.workbook.defined_name.DefinedName("rate", attr_text=f'"{VALUE}"')


def last_row(book: Any, active: Any) -> None:
    for row in (("user", "password"), ("x", "y"), (VALUE, "z")):
        active.append(row)


def xlsx_part(name: str, content: str) -> Make:
    return lambda: with_parts(sheet(lambda book, active: None)(), {name: content})


def drawn(change: Callable[[Any, Any], object]) -> Make:
    """A workbook by XlsxWriter."""

    def make() -> bytes:
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True})
        change(book, book.add_worksheet())
        book.close()
        return out.getvalue()

    return make


def chart(book: Any, page: Any) -> None:
    figure = book.add_chart({"type": "line"})
    page.write("A1", 5)
    figure.add_series({"values": "=Sheet1!$A$1:$A$1", "name": VALUE})
    page.insert_chart("C1", figure)


SHEETS: dict[str, Make] = {
    "cell": sheet(lambda book, active: active.append([VALUE])),
    "last row": sheet(last_row),
    "formula": sheet(lambda book, active: active.append([f'=A1&"{VALUE}"'])),
    "comment": sheet(cell_comment),
    "title of a sheet": sheet(lambda book, active: setattr(active, "title", VALUE[:30] or "")),
    "hidden sheet": sheet(hidden_sheet),
    "validation list": validation(formula1=f'"{VALUE},other"'),
    "validation prompt": validation(prompt=VALUE, showInputMessage=True),
    "validation error": validation(error=VALUE),
    "filter": sheet(auto_filter),
    "number format": sheet(number_format),
    "defined name": sheet(defined_name),
    "header": sheet(lambda book, active: setattr(active.oddHeader.left, "text", VALUE)),
    "footer": sheet(lambda book, active: setattr(active.evenFooter.right, "text", VALUE)),
    "tool tip": drawn(lambda book, page: page.write_url("A1", "https://example.org", tip=VALUE)),
    "text box": drawn(lambda book, page: page.insert_textbox("A1", VALUE)),
    "title of a text box": drawn(lambda book, page: page.insert_textbox("A1", "x", {"description": VALUE})),
    "chart": drawn(chart),
    "conditional format": drawn(
        lambda book, page: page.conditional_format(
            "A1:A9", {"type": "text", "criteria": "containing", "value": VALUE, "format": book.add_format()}
        )
    ),
    "custom property": drawn(lambda book, page: book.set_custom_property("Contact", VALUE)),
    "column of a table": drawn(
        lambda book, page: page.add_table("A1:B3", {"columns": [{"header": VALUE}], "name": "T"})
    ),
    "pivot cache": xlsx_part("xl/pivotCache/pivotCacheDefinition1.xml",
        f'<p><sharedItems><s v="{VALUE}"/></sharedItems></p>'
    ),
    "pivot records": xlsx_part("xl/pivotCache/pivotCacheRecords1.xml", f'<p><r><s v="{VALUE}"/></r></p>'),
    "connection": xlsx_part("xl/connections.xml",
        f'<connections><connection id="1"><dbPr connection="DSN=x;UID={VALUE}" command="x"/>'
        '</connection></connections>'
    ),
    "query": xlsx_part("xl/queryTables/queryTable1.xml", f'<queryTable name="{VALUE}"/>'),
    "external cell": xlsx_part("xl/externalLinks/externalLink1.xml",
        f"<e><sheetData><cell><v>{VALUE}</v></cell></sheetData></e>"
    ),
    "scenario": xlsx_part("xl/other.xml", f'<scenario name="x"><inputCells r="A1" val="{VALUE}"/></scenario>'),
    "form control": xlsx_part("xl/ctrlProps/ctrlProp1.xml",
        f'<formControlPr><itemLst><item val="{VALUE}"/></itemLst></formControlPr>'
    ),
    "threaded comment": xlsx_part("xl/threadedComments/threadedComment1.xml",
        f"<T><threadedComment><text>{VALUE}</text></threadedComment></T>"
    ),
}  # fmt: skip


def deck(change: Callable[[Any, Any], object]) -> Make:
    def make() -> bytes:
        show = pptx.Presentation()
        slide = show.slides.add_slide(show.slide_layouts[5])
        slide.shapes.title.text = "A slide."
        change(show, slide)
        return saved(show)

    return make


def slide_note(show: Any, slide: Any) -> None:
    slide.notes_slide.notes_text_frame.text = VALUE


def slide_table(show: Any, slide: Any) -> None:
    size = (Inches(1),) * 4
    slide.shapes.add_table(1, 1, *size).table.cell(0, 0).text = VALUE


def alternative(show: Any, slide: Any) -> None:
    slide.shapes.title._element.nvSpPr.cNvPr.set("descr", VALUE)


def named_shape(show: Any, slide: Any) -> None:
    slide.shapes.title.name = VALUE


def clicked(show: Any, slide: Any) -> None:
    slide.shapes.title.text_frame.paragraphs[0].runs[0].hyperlink.address = f"mailto:{VALUE}"


def pptx_part(name: str, content: str) -> Make:
    return lambda: with_parts(deck(lambda show, slide: None)(), {name: content})


SLIDES: dict[str, Make] = {
    "title": deck(lambda show, slide: setattr(slide.shapes.title, "text", VALUE)),
    "notes": deck(slide_note),
    "table": deck(slide_table),
    "alternative text": deck(alternative),
    "name of a shape": deck(named_shape),
    "link": deck(clicked),
    "subject": deck(lambda show, slide: setattr(show.core_properties, "subject", VALUE)),
    "layout": deck(lambda show, slide: setattr(show.slide_layouts[0].placeholders[0], "text", VALUE)),
    "tag": pptx_part("ppt/tags/tag1.xml", f'<p:tagLst xmlns:p="x"><p:tag name="A" val="{VALUE}"/></p:tagLst>'),
    "section": pptx_part("ppt/other.xml", f'<p14:section xmlns:p14="x" name="{VALUE}" id="{{1}}"/>'),
    "comment": pptx_part("ppt/comments/comment1.xml",
        f'<p:cmLst xmlns:p="x"><p:cm><p:text>{VALUE}</p:text></p:cm></p:cmLst>'
    ),
    "diagram": pptx_part("ppt/diagrams/data1.xml", f'<d xmlns:a="a"><a:t>{VALUE}</a:t></d>'),
    "custom show": pptx_part("ppt/other.xml", f'<p:custShow xmlns:p="x" name="{VALUE}" id="0"/>'),
}  # fmt: skip


def old_sheet(change: Callable[[Any, Any], object]) -> Make:
    def make() -> bytes:
        book = xlwt.Workbook()
        page = book.add_sheet("Budget")
        page.write(0, 0, "A sheet.")
        change(book, page)
        return saved(book)

    return make


OLD_SHEETS: dict[str, Make] = {
    "cell": old_sheet(lambda book, page: page.write(1, 0, VALUE)),
    "formula": old_sheet(lambda book, page: page.write(1, 0, xlwt.Formula(f'"{VALUE}"'))),
    "link": old_sheet(lambda book, page: page.write(1, 0, xlwt.Formula(f'HYPERLINK("mailto:{VALUE}";"x")'))),
    "rich text": old_sheet(lambda book, page: page.write_rich_text(1, 0, [VALUE[:6], (VALUE[6:], xlwt.Font())])),
    "header": old_sheet(lambda book, page: setattr(page, "header_str", VALUE.encode())),
    "footer": old_sheet(lambda book, page: setattr(page, "footer_str", VALUE.encode())),
    "number format": old_sheet(lambda book, page: page.write(1, 0, 5, xlwt.easyxf(num_format_str=f'"{VALUE}" 0'))),
    "name of a sheet": old_sheet(lambda book, page: book.add_sheet(VALUE)),
    "hidden sheet": old_sheet(lambda book, page: setattr(book.add_sheet(VALUE), "visibility", 2)),
}


def cases() -> Iterator[Any]:
    for kind, places in (("word", WORD), ("spreadsheet", SHEETS), ("presentation", SLIDES), ("xls", OLD_SHEETS)):
        for place, make in places.items():
            yield pytest.param(make, id=f"{kind}: {place}")


@pytest.mark.parametrize("make", cases())
def test_every_place_is_read(texts: Any, make: Make) -> None:
    read = texts(make())
    assert any(VALUE in text or VALUE in label for label, text in read), read


def test_names_of_elements_are_labels(texts: Any) -> None:
    data = word_part("customXml/item1.xml", "<a><userPassword>pelican7</userPassword><b apiKey='heron8'/></a>")()
    read = "\n".join(text for _, text in texts(data))
    assert "userPassword: pelican7" in read
    assert "apiKey: heron8" in read


def test_the_last_row_is_like_the_others(texts: Any) -> None:
    rows = sheet(last_row)()
    (_, text), *_ = texts(rows)
    assert f"\n{VALUE}\tz" in text


def test_plain_files_say_nothing_but_what_is_in_them(texts: Any) -> None:
    """What the libraries put into every file, and how it looks, is no text of it."""
    for make in (word(lambda document: None), deck(lambda show, slide: None), sheet(lambda book, active: None)):
        said = "\n".join(text for _, text in texts(make()))
        assert len(said) < 2_500, said


@pytest.mark.parametrize("hidden", ["<w:delText>gone</w:delText>", "<w:instrText>QUOTE</w:instrText>"])
def test_what_is_seen_reads_without_what_is_not(texts: Any, hidden: str) -> None:
    def run(text: str) -> str:
        return f"<w:r><w:t>{text}</w:t></w:r>"

    data = word_xml(f"<w:ins {W}>{run(VALUE[:6])}<w:r>{hidden}</w:r>{run(VALUE[6:])}</w:ins>")()
    assert any(VALUE in text for _, text in texts(data))


def test_names_that_word_gives_to_styles_are_no_text(texts: Any) -> None:
    """It makes a style for characters of each for paragraphs: `Body Text Char`."""
    document = docx.Document()
    document.styles.add_style("Body Text Char 2", 2)
    document.styles.add_style(f"{VALUE} Char", 2)
    read = [text for label, text in texts(saved(document)) if label.startswith("styles")]
    names = set("\n".join(read).splitlines())
    assert {"Body Text Char 2", f"{VALUE} Char"} <= names
    assert not {"Header Char", "Heading 1 Char", "Body Text Char"} & names
