from __future__ import annotations

import base64
import struct
from email.message import EmailMessage
from typing import Any

import pytest

from samples import office, pdf
from samples.tnef import ATTACHMENT, MAIL, attribute, binary, item, narrow, number, row, tnef, wide

VALUE = "jo.miller@" + "fabrikam-sample.com"
RTF = b"{\\rtf1 " + VALUE.encode() + b"}"
PLAIN_RTF = struct.pack("<IIII", len(RTF) + 12, len(RTF), 0x414C454D, 0) + RTF
"""Not compressed ([MS-OXRTFCP] 2.1.3.1.4)."""


def mail(*properties: bytes) -> bytes:
    return tnef(attribute(MAIL, 0x00069003, row(*properties)))


def attached(*attributes: bytes) -> bytes:
    return tnef(attribute(ATTACHMENT, 0x00069002, bytes(14)), *attributes)


def with_properties(*properties: bytes) -> bytes:
    return attached(attribute(ATTACHMENT, 0x00069005, row(*properties)))


PLACES = {
    "subject": tnef(attribute(MAIL, 0x00018004, VALUE.encode() + b"\0")),
    "body": tnef(attribute(MAIL, 0x0002800C, b"Write to " + VALUE.encode())),
    "sender": tnef(attribute(MAIL, 0x00008000, bytes(8) + b"Jo\0SMTP:" + VALUE.encode() + b"\0")),
    "recipient": tnef(attribute(MAIL, 0x00069004, struct.pack("<I", 1) + row(number(0x0C15, 1), wide(0x39FE, VALUE)))),
    "text property": mail(number(0x0017, 1), wide(0x0070, "topic"), wide(0x1000, VALUE)),
    "named property": mail(wide(0x8005, VALUE, name="contact")),
    "text of one byte a character": mail(narrow(0x1000, VALUE.encode())),
    "HTML body": mail(binary(0x1013, f"<p>{VALUE}</p>".encode())),
    "RTF body": mail(binary(0x1009, PLAIN_RTF)),
    "unknown attribute": tnef(attribute(MAIL, 0x00069999, b"\1\2" + VALUE.encode())),
    "name of an attachment": attached(attribute(ATTACHMENT, 0x00018010, VALUE.encode() + b"\0")),
    "attachment": attached(attribute(ATTACHMENT, 0x0006800F, pdf.document(pdf.text(VALUE)))),
    "attachment among properties": with_properties(wide(0x3707, "x.docx"), binary(0x3701, office.docx(VALUE))),
    "mail in a mail": with_properties(item(0x3701, mail(wide(0x1000, VALUE)))),
    "after the end": tnef(attribute(MAIL, 0x0002800C, b"x"), after=f"then {VALUE}".encode()),
}


@pytest.mark.parametrize("data", PLACES.values(), ids=PLACES)
def test_every_place_is_read(texts: Any, data: bytes) -> None:
    assert any(VALUE in text for _, text in texts(data, "winmail.dat")), texts(data)


def test_as_an_attachment_of_a_mail(texts: Any) -> None:
    message = EmailMessage()
    message["Subject"] = "x"
    message.set_content("See the attachment.")
    message.add_attachment(PLACES["attachment"], "application", "ms-tnef", filename="winmail.dat")
    assert any(VALUE in text for _, text in texts(message.as_bytes(), "x.eml"))


def test_texts_in_a_code_page(texts: Any) -> None:
    page = attribute(MAIL, 0x00069007, struct.pack("<II", 1251, 0))
    body = attribute(MAIL, 0x00069003, row(narrow(0x1000, "Привет".encode("cp1251"))))
    assert texts(tnef(page, body)) == [("mail", "Привет")]


@pytest.mark.parametrize(
    "data",
    [
        tnef(attribute(MAIL, 0x0002800C, b"x" * 90))[:-20],
        tnef(attribute(7, 0x0002800C, b"x")),
        mail(struct.pack("<HH", 0x0999, 0x1000)),
        mail(wide(0x1000, VALUE)[:-30]),
        with_properties(binary(0x3701, b"x" * 9)[:-8]),
    ],
    ids=["cut", "of an unknown level", "of an unknown type", "cut property", "cut property of an attachment"],
)
def test_damage_is_told(problem: Any, data: bytes) -> None:
    assert problem(data) == "file.damaged kind=tnef"


def test_an_attachment_that_cannot_be_read_is_named(problem: Any) -> None:
    opaque = base64.b64decode("AAECAwQFBgcICQ==") * 9
    assert problem(attached(attribute(ATTACHMENT, 0x0006800F, opaque))) == "file.unsupported kind=unknown within=tnef"
