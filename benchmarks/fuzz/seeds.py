"""Small files of the kinds that take a library or a layout to make, for the fuzzer to start from."""

from __future__ import annotations

import binascii
import bz2
import gzip
import io
import lzma
import struct
import tarfile
from collections.abc import Iterator

import py7zr
import xlwt
import zstandard
from PIL import Image
from tests.samples import compound, office, pdf, tnef

_WORDS = "the wifi word is pelican"


def files() -> Iterator[bytes]:
    """One of each kind."""
    yield from _packed()
    yield from _office()
    yield from _mails()
    for form in ("PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP", "PPM"):
        yield _saved(Image.new("L", (9, 9)), form)
    yield pdf.document(pdf.text(_WORDS), properties={"Title": _WORDS}, attachments={"a.txt": _WORDS.encode()})
    yield _metafile()
    yield b"\x01\0\x09\0\0\x03" + bytes(12) + struct.pack("<IHH", 6, 0x0521, 2) + b"hi\0\0" + struct.pack("<IH", 3, 0)


def _packed() -> Iterator[bytes]:
    for compress in (gzip.compress, bz2.compress, lzma.compress, zstandard.compress):
        yield compress(_WORDS.encode())
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        archive.writestr(_WORDS, "a.txt")
    yield out.getvalue()
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tape:
        info = tarfile.TarInfo("a.txt")
        info.size = len(_WORDS)
        tape.addfile(info, io.BytesIO(_WORDS.encode()))
    yield out.getvalue()


def _office() -> Iterator[bytes]:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write(0, 0, _WORDS)
    sheet.write(1, 0, 39_448, xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    sheet.header_str = _WORDS.encode()
    out = io.BytesIO()
    book.save(out)
    yield out.getvalue()
    yield office.xlsx({"a": f'<row r="1"><c r="A1" t="inlineStr"><is><t>{_WORDS}</t></is></c></row>'})
    yield office.pptx(office.drawing(_WORDS))
    objects = b"{\\object{\\*\\objdata 0105000002000000}}{\\*\\shppict{\\pict\\pngblip 89504e47}}"
    yield b"{\\rtf1\\ansi\\ansicpg1251{\\info{\\title t}}{\\v hidden}\\u8364?\\'e4" + objects + b"}"


def _mails() -> Iterator[bytes]:
    streams = {"__properties_version1.0": bytes(32), "__substg1.0_1000001F": _WORDS.encode("utf-16-le")}
    yield compound.compound(streams)
    rows = tnef.row(tnef.wide(0x1000, _WORDS), tnef.binary(0x1009, b"\x10\0\0\0\4\0\0\0MELA\0\0\0\0{\\r}"))
    yield tnef.tnef(tnef.attribute(tnef.MAIL, 0x9003, rows), tnef.attribute(tnef.ATTACHMENT, 0x800F, b"hi"))
    head = b"From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: "
    yield head + b"text/plain\r\n\r\nbegin 644 a.txt\n" + binascii.b2a_uu(_WORDS.encode()) + b"`\nend\n"
    signed = bytes.fromhex("308006092a864886f70d010702a0803080020101310030800609") + b"\x2a\x03" + bytes(8)
    yield head + b"application/pkcs7-mime\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + signed
    yield b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:the wifi\r\n  word\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    yield b"BEGIN:VCARD\r\nFN;ENCODING=QUOTED-PRINTABLE:J=C3=\r\n=B6\r\nEND:VCARD\r\n"


def _metafile() -> bytes:
    """A picture that draws a text (EMR_EXTTEXTOUTW, [MS-EMF] 2.3.5.8)."""
    text = _WORDS.encode("utf-16-le")
    head = struct.pack("<II", 84, 76 + len(text)) + bytes(36) + struct.pack("<III", len(_WORDS), 76, 0)
    return struct.pack("<II", 1, 108) + bytes(100) + head + bytes(76 - len(head)) + text


def _saved(image: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()
