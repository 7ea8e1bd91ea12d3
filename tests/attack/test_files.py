"""Files in requests: what stands in any place of them is found, or the file is not inspected and so not sent."""

from __future__ import annotations

import base64
import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from harness.attack import Attack
from harness.requests import request

from samples import images, office, pdf

type Make = Callable[[str], bytes]


def text(value: str) -> str:
    return f"aws_access_key_id = {value}"


def zipped(members: dict[str, bytes], comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = comment
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def member_comment(value: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        member = zipfile.ZipInfo("a.txt")
        member.comment = value.encode()
        archive.writestr(member, "hello")
    return out.getvalue()


def locked(value: str) -> bytes:
    """A zip whose member says that it is encrypted."""
    data = bytearray(zipped({"a.txt": value.encode()}))
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(mark) + at] |= 1
    return bytes(data)


def tarred(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def mail(value: str, attachment: bytes | None = None, **headers: str) -> bytes:
    message = EmailMessage()
    message["subject"] = headers.get("subject", "hello")
    message["x-note"] = headers.get("note", "a")
    message.set_content("hello" if attachment else value)
    if attachment:
        message.add_attachment(attachment, maintype="application", subtype="octet-stream", filename="a.bin")
    return bytes(message)


def cells(*values: str) -> str:
    inner = "".join(f'<c t="inlineStr"><is><t>{value}</t></is></c>' for value in values)
    return f"<row>{inner}</row>"


def nested(value: str, depth: int) -> bytes:
    data = text(value).encode()
    for level in range(depth):
        data = zipped({f"{level}.{'zip' if level else 'txt'}": data})
    return data


FILES: dict[str, tuple[str, Make]] = {
    "text": ("a.txt", lambda v: text(v).encode()),
    "text in UTF-16": ("a.txt", lambda v: text(v).encode("utf-16")),
    "text with a NUL": ("a.txt", lambda v: b"\0" + text(v).encode()),
    "table": ("a.csv", lambda v: f"user,key\na,{v}\n".encode()),
    "table, last row": ("a.csv", lambda v: b"user,key\n" + b"a,b\n" * 2000 + f"a,{v}\n".encode()),
    "JSON": ("a.json", lambda v: json.dumps({"a": v}).encode()),
    "notebook": ("a.ipynb", lambda v: json.dumps({"cells": [{"outputs": [{"text": [v]}]}]}).encode()),
    "HTML": ("a.html", lambda v: f"<p>{v}</p>".encode()),
    "HTML, an attribute": ("a.html", lambda v: f'<p data-key="{v}">x</p>'.encode()),
    "HTML, a comment": ("a.html", lambda v: f"<p>x</p><!-- {v} -->".encode()),
    "HTML, a script": ("a.html", lambda v: f"<script>k='{v}'</script>".encode()),
    "RTF": ("a.rtf", lambda v: f"{{\\rtf1 {v}\\par}}".encode()),
    "SVG": ("a.svg", lambda v: f'<svg xmlns="http://www.w3.org/2000/svg"><text>{v}</text></svg>'.encode()),
    "Word": ("a.docx", lambda v: office.docx(office.paragraph(text(v)))),
    "Word, split over runs": (
        "a.docx",
        lambda v: office.docx(f"<w:p><w:r><w:t>{v[:7]}</w:t></w:r><w:r><w:t>{v[7:]}</w:t></w:r></w:p>"),
    ),
    "Word, hidden": (
        "a.docx",
        lambda v: office.docx(f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{v}</w:t></w:r></w:p>"),
    ),
    "Word, deleted": (
        "a.docx",
        lambda v: office.docx(f"<w:p><w:del><w:r><w:delText>{v}</w:delText></w:r></w:del></w:p>"),
    ),
    "Word, a field": ("a.docx", lambda v: office.docx(f"<w:p><w:r><w:instrText>LINK {v}</w:instrText></w:r></w:p>")),
    "Word, a bookmark": ("a.docx", lambda v: office.docx(f'<w:p><w:bookmarkStart w:name="{v}"/></w:p>')),
    "Word, an attribute": ("a.docx", lambda v: office.docx(f'<w:p><w:sdt><w:tag w:val="{v}"/></w:sdt></w:p>')),
    "Word, a comment": (
        "a.docx",
        lambda v: office.docx(
            office.paragraph("x"), {"word/comments.xml": office.word_part(office.paragraph(text(v)), "comments")}
        ),
    ),
    "Word, a header": (
        "a.docx",
        lambda v: office.docx(
            office.paragraph("x"), {"word/header1.xml": office.word_part(office.paragraph(text(v)), "hdr")}
        ),
    ),
    "Word, custom XML": (
        "a.docx",
        lambda v: office.docx(office.paragraph("x"), {"customXml/item1.xml": f'<a key="{v}"/>'}),
    ),
    "Word, an XML comment": (
        "a.docx",
        lambda v: office.docx(office.paragraph("x"), {"customXml/item1.xml": f"<a><!-- {v} --></a>"}),
    ),
    "Word, an unknown part": (
        "a.docx",
        lambda v: office.docx(office.paragraph("x"), {"word/novel.txt": text(v)}),
    ),
    "Word, an embedded file": (
        "a.docx",
        lambda v: office.docx(
            office.paragraph("x"), {"word/embeddings/a.docx": office.docx(office.paragraph(text(v)))}
        ),
    ),
    "Word, a relationship": (
        "a.docx",
        lambda v: office.docx(
            office.paragraph("x"),
            {"word/_rels/document.xml.rels": office.relationships([], [f"https://a.example/{v}"])},
        ),
    ),
    "Word, properties": (
        "a.docx",
        lambda v: office.docx(
            office.paragraph("x"),
            {"docProps/core.xml": f'<p:core xmlns:p="a" xmlns:d="b"><d:title>{v}</d:title></p:core>'},
        ),
    ),
    "Word, named as text": ("a.txt", lambda v: office.docx(office.paragraph(text(v)))),
    "Word, named as a picture": ("a.png", lambda v: office.docx(office.paragraph(text(v)))),
    "Excel": ("a.xlsx", lambda v: office.xlsx({"A": cells("user", v)})),
    "Excel, last row": ("a.xlsx", lambda v: office.xlsx({"A": cells("user", "b") * 500 + cells("x", v)})),
    "Excel, hidden sheet": ("a.xlsx", lambda v: office.xlsx({"A": cells("x"), "B": cells(v)}, hidden=["B"])),
    "Excel, a sheet's name": ("a.xlsx", lambda v: office.xlsx({v: cells("x")})),
    "Excel, a defined name": (
        "a.xlsx",
        lambda v: office.xlsx({"A": cells("x")}, names=f'<definedName name="k">"{v}"</definedName>'),
    ),
    "Excel, a formula": ("a.xlsx", lambda v: office.xlsx({"A": f'<row><c><f>CONCAT("{v}")</f><v>1</v></c></row>'})),
    "Excel, shared strings": (
        "a.xlsx",
        lambda v: office.xlsx({"A": '<row><c t="s"><v>0</v></c></row>'}, strings=[text(v)]),
    ),
    "Excel, a string no cell shows": ("a.xlsx", lambda v: office.xlsx({"A": cells("x")}, strings=[v])),
    "Excel, a number format": (
        "a.xlsx",
        lambda v: office.xlsx({"A": '<row><c s="1"><v>1</v></c></row>'}, formats={164: f'"{v}"'}),
    ),
    "Excel, a connection": (
        "a.xlsx",
        lambda v: office.xlsx(
            {"A": cells("x")}, parts={"xl/connections.xml": f'<connections><connection name="{v}"/></connections>'}
        ),
    ),
    "PowerPoint": ("a.pptx", lambda v: office.pptx(office.drawing(text(v)))),
    "PowerPoint, second slide": ("a.pptx", lambda v: office.pptx(office.drawing("x"), office.drawing(text(v)))),
    "PDF": ("a.pdf", lambda v: pdf.document(pdf.text(text(v)))),
    "PDF, second page": ("a.pdf", lambda v: pdf.document(pdf.text("x"), pdf.text(text(v)))),
    "PDF, a note": ("a.pdf", lambda v: pdf.document(pdf.text("x"), annotations=[text(v)])),
    "PDF, properties": ("a.pdf", lambda v: pdf.document(pdf.text("x"), properties={"Title": text(v)})),
    "PDF, own properties": ("a.pdf", lambda v: pdf.document(pdf.text("x"), properties={"Novel": text(v)})),
    "PDF, an attachment": ("a.pdf", lambda v: pdf.document(pdf.text("x"), attachments={"a.txt": text(v).encode()})),
    "PDF, an attachment's name": ("a.pdf", lambda v: pdf.document(pdf.text("x"), attachments={f"{v}.txt": b"x"})),
    "PDF, encrypted": ("a.pdf", lambda v: pdf.document(pdf.text(text(v)), password="secret")),
    "zip": ("a.zip", lambda v: zipped({"a.txt": text(v).encode()})),
    "zip, a name": ("a.zip", lambda v: zipped({f"{v}.txt": b"x"})),
    "zip, a comment": ("a.zip", lambda v: zipped({"a.txt": b"x"}, v.encode())),
    "zip, a member's comment": ("a.zip", member_comment),
    "zip, two deep": ("a.zip", lambda v: nested(v, 2)),
    "zip, four deep": ("a.zip", lambda v: nested(v, 4)),
    "zip, twelve deep": ("a.zip", lambda v: nested(v, 12)),
    "zip, encrypted": ("a.zip", locked),
    "zip, bytes before it": ("a.zip", lambda v: text(v).encode() + zipped({"a.txt": b"x"})),
    "zip, bytes after it": ("a.zip", lambda v: zipped({"a.txt": b"x"}) + text(v).encode()),
    "zip, two in one": ("a.zip", lambda v: zipped({"a.txt": text(v).encode()}) + zipped({"b.txt": b"x"})),
    "zip, a picture": ("a.zip", lambda v: zipped({"a.png": text(v).encode()})),
    "gzip": ("a.gz", lambda v: gzip.compress(text(v).encode())),
    "gzip, a name": (
        "a.gz",
        lambda v: b"\x1f\x8b\x08\x08\0\0\0\0\0\xff" + v.encode() + b"\0" + gzip.compress(b"x")[10:],
    ),
    "gzip, a comment": (
        "a.gz",
        lambda v: b"\x1f\x8b\x08\x10\0\0\0\0\0\xff" + v.encode() + b"\0" + gzip.compress(b"x")[10:],
    ),
    "gzip, bytes after it": ("a.gz", lambda v: gzip.compress(b"x") + text(v).encode()),
    "gzip, second member": ("a.gz", lambda v: gzip.compress(b"x") + gzip.compress(text(v).encode())),
    "tar": ("a.tar", lambda v: tarred("a.txt", text(v).encode())),
    "tar, a name": ("a.tar", lambda v: tarred(f"{v}.txt", b"x")),
    "tar, gzip": ("a.tar.gz", lambda v: gzip.compress(tarred("a.txt", text(v).encode()))),
    "mail": ("a.eml", lambda v: mail(text(v))),
    "mail, subject": ("a.eml", lambda v: mail("x", subject=text(v))),
    "mail, header": ("a.eml", lambda v: mail("x", note=text(v))),
    "mail, attachment": ("a.eml", lambda v: mail("x", text(v).encode())),
    "mail, attached Word": ("a.eml", lambda v: mail("x", office.docx(office.paragraph(text(v))))),
    "calendar": (
        "a.ics",
        lambda v: f"BEGIN:VCALENDAR\r\nDESCRIPTION:{v[:9]}\r\n {v[9:]}\r\nEND:VCALENDAR\r\n".encode(),
    ),
    "OpenDocument": ("a.odt", lambda v: office.open_document("text", f"<text:p>{text(v)}</text:p>")),
    "picture's comment": ("a.png", lambda v: images.encoded(images.written("hello"), comments={"Comment": text(v)})),
    "picture, bytes after it": ("a.png", lambda v: images.encoded(images.written("hello")) + text(v).encode()),
    "polyglot of picture and zip": (
        "a.png",
        lambda v: images.encoded(images.written("hello")) + zipped({"a.txt": text(v).encode()}),
    ),
    "program": ("a.exe", lambda v: b"MZ" + bytes(300) + text(v).encode() + bytes(300)),
    "SQLite": ("a.db", lambda v: b"SQLite format 3\0" + bytes(500) + text(v).encode()),
    "unknown bytes": ("a.bin", lambda v: bytes(range(256)) + text(v).encode()),
}

CARRIERS: dict[str, Callable[[str, bytes], bytes]] = {
    "OpenAI": lambda name, data: request(
        json.dumps(
            openai({"type": "file", "file": {"filename": name, "file_data": f"data:{kind(name)};base64,{b64(data)}"}})
        ).encode()
    ),
    "upload": lambda name, data: request(
        b'--b7q\r\ncontent-disposition: form-data; name="file"; filename="%s"\r\n'
        b"content-type: application/octet-stream\r\n\r\n%s\r\n--b7q--\r\n" % (name.encode(), data),
        path="/v1/files",
        kind="multipart/form-data; boundary=b7q",
    ),
}


def openai(part: dict[str, Any]) -> dict[str, Any]:
    return {"model": "gpt-5", "messages": [{"role": "user", "content": [part]}]}


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def kind(name: str) -> str:
    return {"pdf": "application/pdf", "txt": "text/plain", "png": "image/png"}.get(
        name.rpartition(".")[2], "application/octet-stream"
    )


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("name", FILES)
def test_files(name: str, carrier: str, attack: Attack) -> None:
    file, make = FILES[name]
    value = attack.plant("key")
    data = make(value)
    payload = CARRIERS[carrier](file, data)
    attack.client.exchange(payload)
    attack.nothing_arrived()
    arrived = attack.upstream.everything()
    assert b64(data)[-60:].encode() not in arrived, "the file arrived"
    assert data not in arrived, "the file arrived"


def anthropic(data: bytes, media: str) -> bytes:
    source = {"type": "base64", "media_type": media, "data": b64(data)}
    body = {"messages": [{"role": "user", "content": [{"type": "document", "source": source}]}]}
    return request(json.dumps(body).encode(), host="api.anthropic.com", path="/v1/messages")


def gemini(data: bytes, media: str) -> bytes:
    body = {"contents": [{"parts": [{"inlineData": {"mimeType": media, "data": b64(data)}}]}]}
    return request(
        json.dumps(body).encode(),
        host="generativelanguage.googleapis.com",
        path="/v1beta/models/gemini-3:generateContent",
    )


def responses(data: bytes, media: str) -> bytes:
    part = {"type": "input_file", "filename": "a", "file_data": f"data:{media};base64,{b64(data)}"}
    body = {"model": "gpt-5", "input": [{"role": "user", "content": [part]}]}
    return request(json.dumps(body).encode(), path="/v1/responses")


def converse(data: bytes, media: str) -> bytes:
    part = {"document": {"name": "a", "format": "docx", "source": {"bytes": b64(data)}}}
    body = {"messages": [{"role": "user", "content": [part]}]}
    return request(
        json.dumps(body).encode(),
        host="bedrock-runtime.us-east-1.amazonaws.com",
        path="/model/anthropic.claude/converse",
    )


def bare(data: bytes, media: str) -> bytes:
    return request(data, path="/v1/novel", kind=media)


@pytest.mark.parametrize("carry", [anthropic, gemini, responses, converse, bare])
@pytest.mark.parametrize("name", ["Word", "Excel", "PDF", "text", "gzip"])
@pytest.mark.parametrize("media", ["application/octet-stream", "application/pdf", "text/plain"])
def test_carriers(carry: Callable[[bytes, str], bytes], name: str, media: str, attack: Attack) -> None:
    data = FILES[name][1](attack.plant("key"))
    payload = carry(data, media)
    attack.client.exchange(payload, host=payload.split(b"host: ")[1].split(b"\r\n")[0].decode())
    attack.nothing_arrived()
    arrived = attack.upstream.everything()
    assert b64(data)[-60:].encode() not in arrived, "the file arrived"
    assert data not in arrived, "the file arrived"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", b"hello world"),
        ("a.docx", office.docx(office.paragraph("hello world"))),
        ("a.xlsx", office.xlsx({"A": cells("hello", "world")})),
        ("a.pdf", pdf.document(pdf.text("hello world"))),
        ("a.zip", zipped({"a.txt": b"hello"})),
    ],
)
@pytest.mark.parametrize("carrier", CARRIERS)
def test_clean_arrives_whole(carrier: str, name: str, data: bytes, attack: Attack) -> None:
    attack.arrives_whole(CARRIERS[carrier](name, data))
