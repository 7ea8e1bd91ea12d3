"""Where words stand in OpenDocument files made by odfpy: each place is read."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from odf import draw, form, office, table, text
from odf.element import Element
from odf.namespaces import TEXTNS
from odf.opendocument import OpenDocument, OpenDocumentPresentation, OpenDocumentSpreadsheet, OpenDocumentText

VALUE = "jo.miller@" + "fabrikam-sample.com"
CARD = "4556" + "737515442058"

type Make = Callable[[], OpenDocument]


def saved(document: OpenDocument) -> bytes:
    out = io.BytesIO()
    document.write(out)
    return out.getvalue()


def written(*elements: Any) -> Make:
    """A text whose paragraph has elements in it."""

    def make() -> OpenDocument:
        document = OpenDocumentText()
        paragraph = text.P(text="A text. ")
        for element in elements:
            paragraph.addElement(element, check_grammar=False)
        document.text.addElement(paragraph)
        return document

    return make


def cell(shown: str, **attributes: Any) -> Make:
    def make() -> OpenDocument:
        document = OpenDocumentSpreadsheet()
        sheet, row = table.Table(name="Sheet"), table.TableRow()
        each = table.TableCell(**attributes)
        each.addElement(text.P(text=shown))
        row.addElement(each)
        sheet.addElement(row)
        document.spreadsheet.addElement(sheet)
        return document

    return make


def control(element: Any) -> Make:
    def make() -> OpenDocument:
        document = written()()
        forms, one = office.Forms(), form.Form(name="f")
        one.addElement(element)
        forms.addElement(one)
        document.text.addElement(forms)
        return document

    return make


def validated() -> OpenDocument:
    document = cell("x")()
    rules = table.ContentValidations()
    rules.addElement(table.ContentValidation(name="v", condition=f'cell-content-is-in-list("{VALUE}";"b")'))
    document.spreadsheet.addElement(rules)
    return document


def named(page: str, shape: str = "x") -> Make:
    def make() -> OpenDocument:
        document = OpenDocumentPresentation()
        slide = draw.Page(name=page, masterpagename="x")
        slide.addElement(draw.Frame(name=shape))
        document.presentation.addElement(slide)
        return document

    return make


def choices() -> Any:
    """A drop-down, which odfpy has no function for."""
    element = Element(qname=(TEXTNS, "drop-down"), qattributes={(TEXTNS, "name"): "d"}, check_grammar=False)
    label = Element(qname=(TEXTNS, "label"), qattributes={(TEXTNS, "value"): VALUE}, check_grammar=False)
    element.addElement(label, check_grammar=False)
    return element


def note() -> Any:
    element = office.Annotation()
    element.addElement(text.P(text=VALUE))
    return element


PLACES: dict[str, Make] = {
    "paragraph": written(text.Span(text=VALUE)),
    "annotation": written(note()),
    "hidden text": written(text.HiddenText(condition="1", stringvalue=VALUE)),
    "conditional text": written(text.ConditionalText(condition="1", stringvalueiftrue=VALUE, stringvalueiffalse="x")),
    "drop-down": written(choices()),
    "variable": written(text.UserFieldGet(name=VALUE)),
    "bookmark": written(text.Bookmark(name=VALUE)),
    "title of a link": written(text.A(href="https://example.org/x", title=VALUE)),
    "link": written(text.A(href=f"mailto:{VALUE}")),
    "placeholder": written(text.Placeholder(placeholdertype="text", description=VALUE)),
    "value of a control": control(form.Text(id="c", value=VALUE)),
    "current value of a control": control(form.Text(id="c", currentvalue=VALUE)),
    "label of a control": control(form.Checkbox(id="c", label=VALUE)),
    "value shown otherwise": cell("4.56E+15", valuetype="float", value=CARD),
    "value in exponents": cell("4.56E+15", valuetype="float", value="4.556737515442058E15"),
    "text shown otherwise": cell("###", valuetype="string", stringvalue=VALUE),
    "formula": cell("x", formula=f'of:="{VALUE}"'),
    "validation": validated,
    "slide": named(VALUE),
    "shape": named("x", VALUE),
}


@pytest.mark.parametrize("place", PLACES)
def test_every_place_is_read(texts: Any, place: str) -> None:
    read = texts(saved(PLACES[place]()))
    said = "\n".join(f"{label}\n{text}" for label, text in read)
    assert VALUE in said or CARD in said, read
