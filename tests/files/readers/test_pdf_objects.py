"""Where words stand in PDF files beside the text of their pages: each place is read."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from pypdf import PdfWriter
from pypdf.annotations import FreeText, Text
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    RectangleObject,
    StreamObject,
    TextStringObject,
)
from reportlab.pdfgen.canvas import Canvas

VALUE = "jo.miller@" + "fabrikam-sample.com"
PROSE = "This page has quite some text of its own, enough to be no scan at all."

type Change = Callable[[PdfWriter], object]


def page(draw: Callable[[Canvas], object] = lambda canvas: None) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(72, 700, PROSE)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def changed(change: Change, data: bytes = b"") -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(data or page()))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def entries(**values: Any) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{name}"): value for name, value in values.items()})


def stream(content: bytes, **values: Any) -> StreamObject:
    made = StreamObject()
    made.set_data(content)
    made.update(entries(**values))
    return made


def text(value: str = VALUE) -> TextStringObject:
    return TextStringObject(value)


def in_catalogue(name: str, make: Callable[[PdfWriter], Any]) -> Change:
    def change(writer: PdfWriter) -> None:
        writer.root_object[NameObject(f"/{name}")] = make(writer)

    return change


def annotated(make: Callable[[PdfWriter], DictionaryObject]) -> Change:
    def change(writer: PdfWriter) -> None:
        annotation = make(writer)
        annotation.setdefault(NameObject("/Type"), NameObject("/Annot"))
        annotation.setdefault(NameObject("/Rect"), RectangleObject((72, 300, 472, 340)))
        writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(annotation)])

    return change


def field(kind: str = "Tx", **values: Any) -> Change:
    """A form field whose parent holds its values."""

    def change(writer: PdfWriter) -> None:
        parent = entries(FT=NameObject(f"/{kind}"), T=text("password"), **values)
        reference = writer._add_object(parent)
        annotated(lambda _: entries(Subtype=NameObject("/Widget"), Parent=reference))(writer)
        parent[NameObject("/Kids")] = writer.pages[0]["/Annots"]
        writer.root_object[NameObject("/AcroForm")] = entries(Fields=ArrayObject([reference]))

    return change


def appearance(writer: PdfWriter) -> DictionaryObject:
    font = entries(Type=NameObject("/Font"), Subtype=NameObject("/Type1"), BaseFont=NameObject("/Helvetica"))
    form = stream(
        f"BT /F1 12 Tf 5 10 Td ({VALUE}) Tj ET".encode(),
        Type=NameObject("/XObject"),
        Subtype=NameObject("/Form"),
        BBox=RectangleObject((0, 0, 400, 40)),
        Resources=entries(Font=entries(F1=font)),
    )
    signature = entries(Subtype=NameObject("/Widget"), FT=NameObject("/Sig"), F=NumberObject(4))
    signature[NameObject("/AP")] = entries(N=writer._add_object(form))
    return signature


def attached(writer: PdfWriter) -> DictionaryObject:
    file = writer._add_object(stream(VALUE.encode(), Type=NameObject("/EmbeddedFile")))
    specification = entries(Type=NameObject("/Filespec"), F=text("notes.txt"), EF=entries(F=file))
    return entries(Subtype=NameObject("/FileAttachment"), FS=specification)


def structure(name: str) -> Change:
    return in_catalogue(
        "StructTreeRoot",
        lambda writer: entries(
            Type=NameObject("/StructTreeRoot"), K=entries(S=NameObject("/Figure"), **{name: text()})
        ),
    )


def metadata(packet: str) -> Change:
    head = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='r'><rdf:Description xmlns:dc='dc' xmlns:c='c'"
    whole = f"{head}{packet}</rdf:Description></rdf:RDF></x:xmpmeta>".encode()
    return in_catalogue("Metadata", lambda writer: writer._add_object(stream(whole, Type=NameObject("/Metadata"))))


def script(**values: Any) -> DictionaryObject:
    return entries(S=NameObject("/JavaScript"), **values)


def outline(writer: PdfWriter) -> None:
    writer.add_outline_item(VALUE, 0)


CHANGES: dict[str, Change] = {
    "attachment": lambda writer: writer.add_attachment("a.txt", VALUE.encode()),
    "name of an attachment": lambda writer: writer.add_attachment(f"{VALUE}.txt", b"words"),
    "attachment as an annotation": annotated(attached),
    "comment": lambda writer: writer.add_annotation(0, Text(text=VALUE, rect=(10, 10, 30, 30))),
    "free text": lambda writer: writer.add_annotation(0, FreeText(text=VALUE, rect=(10, 10, 300, 30))),
    "appearance alone": annotated(appearance),
    "value in a parent field": field(V=text()),
    "default in a parent field": field(DV=text()),
    "tool tip": field(TU=text()),
    "option of a list": field("Ch", Opt=ArrayObject([text("x"), ArrayObject([text("1"), text()])])),
    "rich text": field(RV=text(f"<body><p>{VALUE}</p></body>")),
    "alternative text": structure("Alt"),
    "actual text": structure("ActualText"),
    "expansion": structure("E"),
    "custom property": lambda writer: writer.add_metadata({"/Contact": VALUE}),
    "title": lambda writer: writer.add_metadata({"/Title": VALUE}),
    "metadata": metadata(f"><dc:description><rdf:Alt><rdf:li>{VALUE}</rdf:li></rdf:Alt></dc:description>"),
    "attribute of metadata": metadata(f" c:contact='{VALUE}'>"),
    "script of the document": in_catalogue(
        "Names", lambda writer: entries(JavaScript=entries(Names=ArrayObject([text("a"), script(JS=text())])))
    ),
    "script at the start": in_catalogue("OpenAction", lambda writer: script(JS=text(f"app.alert('{VALUE}')"))),
    "script in a stream": in_catalogue(
        "OpenAction", lambda writer: script(JS=writer._add_object(stream(f"app.alert('{VALUE}')".encode())))
    ),
    "script of a field": field(AA=entries(K=script(JS=text(f"'{VALUE}'")))),
    "link": annotated(lambda _: entries(Subtype=NameObject("/Link"), A=entries(S=NameObject("/URI"), URI=text()))),
    "form to be sent": annotated(
        lambda _: entries(Subtype=NameObject("/Link"), A=entries(S=NameObject("/SubmitForm"), F=text()))
    ),
    "bookmark": outline,
    "layer": in_catalogue("OCProperties", lambda writer: entries(D=entries(Name=text()))),
    "name of a destination": in_catalogue("Names", lambda writer: entries(Dests=entries(Names=ArrayObject([text()])))),
    "label of a page": in_catalogue(
        "PageLabels", lambda writer: entries(Nums=ArrayObject([NumberObject(0), entries(P=text())]))
    ),
    "place of a signature": field("Sig", V=entries(Type=NameObject("/Sig"), Reason=text())),
}


@pytest.mark.parametrize("place", CHANGES)
def test_every_place_is_read(texts: Any, place: str) -> None:
    read = texts(changed(CHANGES[place]))
    assert any(VALUE in text or VALUE in label for label, text in read), read


def test_fields_have_their_names_as_labels(texts: Any) -> None:
    assert ("fields, scripts and metadata", "T: password\npassword: pelican7") in texts(
        changed(field(V=text("pelican7")))
    )


def test_encrypted_without_a_password(texts: Any) -> None:
    def change(writer: PdfWriter) -> None:
        writer.add_metadata({"/Contact": VALUE})
        writer.encrypt("", "owner", algorithm="AES-256")

    assert any(VALUE in text for _, text in texts(changed(change)))


def test_who_made_it_with_what_is_left_out(texts: Any) -> None:
    assert texts(page(lambda canvas: canvas.setAuthor("Jo Example"))) == [
        ("page 1", PROSE),
        ("properties", "untitled\nunspecified"),
    ]
