"""PDF documents, written by hand (ISO 32000-1): just what a reader needs."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Mapping, Sequence

_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
"""ISO 32000-1, 7.6.3.3, algorithm 2."""


def text(*lines: str) -> bytes:
    """The content stream of a page with lines of text."""
    shown = "".join(f"({_escaped(line)}) Tj T*\n" for line in lines)
    return f"BT /F1 12 Tf 72 720 Td 14 TL\n{shown}ET\n".encode("latin-1")


def picture(width: int = 450, height: int = 76) -> bytes:
    """The content stream of a page that shows its picture at a place of this size, in points."""
    return f"q {width} 0 0 {height} 72 300 cm /I1 Do Q\n".encode()


def document(
    *pages: bytes,
    image: tuple[int, int, bytes] | None = None,
    annotations: Sequence[str] = (),
    properties: Mapping[str, str] | None = None,
    attachments: Mapping[str, bytes] | None = None,
    password: str = "",
) -> bytes:
    """A document of pages given by their content streams.

    `image` is width, height and grey pixels; `annotations` are comments on the first page; a `password` encrypts all
    streams.
    """
    objects: dict[int, bytes] = {}
    kids = [10 + 2 * number for number in range(len(pages))]
    extra = ""
    if attachments:
        names = []
        for number, (name, content) in enumerate(attachments.items()):
            objects[900 + 2 * number] = _stream(content, "/Type /EmbeddedFile")
            objects[901 + 2 * number] = (
                f"<< /Type /Filespec /F ({_escaped(name)}) /UF ({_escaped(name)})"
                f" /EF << /F {900 + 2 * number} 0 R >> >>"
            ).encode()
            names.append(f"({_escaped(name)}) {901 + 2 * number} 0 R")
        extra = f"/Names << /EmbeddedFiles << /Names [{' '.join(names)}] >> >>"
    objects[1] = f"<< /Type /Catalog /Pages 2 0 R {extra} >>".encode()
    objects[2] = f"<< /Type /Pages /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] /Count {len(kids)} >>".encode()
    objects[3] = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    resources = "/Font << /F1 3 0 R >>"
    if image:
        width, height, pixels = image
        objects[4] = _stream(
            pixels,
            f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray"
            " /BitsPerComponent 8",
        )
        resources += " /XObject << /I1 4 0 R >>"
    if properties:
        entries = " ".join(f"/{name} ({_escaped(value)})" for name, value in properties.items())
        objects[5] = f"<< {entries} >>".encode("latin-1")
    for number, comment in enumerate(annotations):
        objects[800 + number] = (
            f"<< /Type /Annot /Subtype /Text /Rect [10 10 30 30] /Contents ({_escaped(comment)}) >>".encode("latin-1")
        )
    for kid, content in zip(kids, pages, strict=True):
        marks = ""
        if annotations and kid == kids[0]:
            marks = f"/Annots [{' '.join(f'{800 + number} 0 R' for number in range(len(annotations)))}]"
        objects[kid] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {kid + 1} 0 R"
            f" /Resources << {resources} >> {marks} >>"
        ).encode()
        objects[kid + 1] = _stream(content)
    return _file(objects, "5 0 R" if properties else "", password)


def _file(objects: dict[int, bytes], info: str, password: str) -> bytes:
    identifier = hashlib.md5(b"sample").digest()  # noqa: S324  # what the format asks for
    key = b""
    trailer = f"/Root 1 0 R /ID [<{identifier.hex()}> <{identifier.hex()}>]"
    if info:
        trailer += f" /Info {info}"
    if password:
        key, entry = _encryption(password.encode(), identifier)
        trailer += f" /Encrypt {entry}"
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, content in sorted(objects.items()):
        places[number] = len(out)
        if key and b"stream\n" in content:
            content = _encrypted_stream(content, key, number)
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, at in places.items():
        out += f"{number} 1\n{at:010} 00000 n \n".encode()
    out += f"trailer\n<< /Size {max(places) + 1} {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def _stream(content: bytes, entries: str = "") -> bytes:
    packed = zlib.compress(content)
    return f"<< {entries} /Filter /FlateDecode /Length {len(packed)} >>\nstream\n".encode() + packed + b"\nendstream"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _encryption(password: bytes, identifier: bytes) -> tuple[bytes, str]:
    """The key and the encryption dictionary of the standard handler, revision 2, 40 bits (7.6.3)."""
    padded = (password + _PADDING)[:32]
    owner = _rc4(hashlib.md5(padded).digest()[:5], padded)  # noqa: S324
    permissions = -4
    seed = padded + owner + struct.pack("<i", permissions) + identifier
    key = hashlib.md5(seed).digest()[:5]  # noqa: S324
    user = _rc4(key, _PADDING)
    return key, f"<< /Filter /Standard /V 1 /R 2 /O <{owner.hex()}> /U <{user.hex()}> /P {permissions} >>"


def _encrypted_stream(content: bytes, key: bytes, number: int) -> bytes:
    head, _, rest = content.partition(b"stream\n")
    body = rest.removesuffix(b"\nendstream")
    own = hashlib.md5(key + struct.pack("<I", number)[:3] + b"\0\0").digest()[:10]  # noqa: S324
    return head + b"stream\n" + _rc4(own, body) + b"\nendstream"


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
