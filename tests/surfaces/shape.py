"""A shape: one kind of request to one AI service, as its clients write it, and how the service answers.

They stand in `shapes/*.yaml`, written after the vendors' references and, for what is not documented, after what public
clients send. `{mail}` marks each place that can hold words: another address is planted in each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml
from tests.wire.formats.samples.interface import BOUNDARY, CONTENT_TYPES, FIELD, SampleAnswer, compact, enveloped
from tests.wire.formats.samples.tables import load_samples

from promptguard.model import WEBSOCKET, Request

FOLDER = Path(__file__).with_name("shapes")
MARKER = re.compile(r"\{(mail|secret)\}")
RECORD_END = "\x1e"
ENCODINGS = (
    "json",
    "lines",
    "form",
    "multipart",
    "connect",
    "signalr",
    "text",
    "query",
    "protobuf",
    "grpc",
    "websocket",
)

type Fill = Callable[[str], str]
"""Writes the value for each marker, in order."""


@dataclass(frozen=True, eq=False)
class Shape:
    """One kind of request."""

    surface: str
    """The service's id in the registry."""
    name: str
    method: str
    host: str
    path: str
    query: str
    encoding: str
    """One of `ENCODINGS`."""
    body: Any
    content_type: str
    headers: Mapping[str, str]
    notice: str
    """Where the client looks for a refusal: `stream`, `websocket`, `grpc`, `connect`, `json-rpc`, or the place in a
    JSON body.

    Empty where that is not known."""
    blocks: str
    """Why it is never rewritten; empty where it is."""
    answer: SampleAnswer | None

    @property
    def id(self) -> str:
        return f"{self.surface}: {self.name}"

    @property
    def markers(self) -> int:
        """Places that hold words."""
        return len(MARKER.findall(json.dumps(self.body)))

    def source(self, fill: Fill) -> bytes:
        """The body's bytes (the query's, where there is no body), with a value at each marker."""
        body = filled(self.body, fill)
        match self.encoding:
            case "form" | "query":
                return urlencode(list(body.items())).encode()
            case "text":
                return str(body).encode()
            case "lines":
                return "".join(compact(record) + "\n" for record in body).encode()
            case "signalr":
                return "".join(compact(record) + RECORD_END for record in body).encode()
            case "connect":
                return b"".join(enveloped(compact(record).encode()) for record in body)
            case "protobuf":
                return protobuf(body)
            case "grpc":
                return enveloped(protobuf(body))
            case "multipart":
                parts = [f"--{BOUNDARY}\r\n{heads(name, value)}" for name, value in body.items()]
                return "".join((*parts, f"--{BOUNDARY}--\r\n")).encode()
        return compact(body).encode()

    def request(self, fill: Fill) -> Request:
        """The request, with a value at each marker."""
        source = self.source(fill)
        if self.encoding == "query":
            return Request(self.method, self.host, self.path, source.decode())
        method = WEBSOCKET if self.encoding in ("websocket", "signalr") else self.method
        headers = {"content-type": self.content_type, **self.headers} if self.content_type else self.headers
        return Request(method, self.host, self.path, self.query, headers, source)


def heads(name: str, value: Any) -> str:
    """A part of a form: a field, or a file given as `{file: its name, type: …, content: …}`."""
    if not isinstance(value, Mapping):
        return f"{FIELD.format(name)}\r\n\r\n{value}\r\n"
    head = f'{FIELD.format(name)}; filename="{value["file"]}"\r\nContent-Type: {value["type"]}'
    return f"{head}\r\n\r\n{value['content']}\r\n"


def protobuf(fields: Mapping[int, Any]) -> bytes:
    """A message of protocol buffers (protobuf.dev/programming-guides/encoding): texts, numbers and messages."""
    out = bytearray()
    for number, value in fields.items():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, int):
                out += varint(number << 3) + varint(each)
                continue
            content = protobuf(each) if isinstance(each, Mapping) else str(each).encode()
            out += varint(number << 3 | 2) + varint(len(content)) + content
    return bytes(out)


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def filled(value: Any, fill: Fill) -> Any:
    """A value with each marker replaced, in order."""
    if isinstance(value, str):
        return MARKER.sub(lambda match: fill(match[1]), value)
    if isinstance(value, Mapping):
        return {key: filled(each, fill) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, fill) for each in value]
    return value


@cache
def load_shapes() -> dict[str, Shape]:
    """All shapes, by their ids."""
    entries = [entry for path in sorted(FOLDER.glob("*.yaml")) for entry in yaml.safe_load(path.read_text("utf-8"))]
    written = {(entry["surface"], each["name"]): each for entry in entries for each in entry["shapes"]}
    shapes = [_shape(entry, each, written) for entry in entries for each in entry["shapes"]]
    found = {shape.id: shape for shape in shapes}
    assert len(found) == len(shapes), "two shapes have one name"
    return found


def _shape(entry: Mapping[str, Any], given: Mapping[str, Any], written: Mapping[tuple[str, str], Any]) -> Shape:
    """One shape; `like: surface/name` takes what it does not say from another one."""
    if "like" in given:
        surface, _, name = given["like"].partition("/")
        given = {**written[surface, name], **given}
    method, url = given["send"].split(" ")
    address, _, query = url.partition("?")
    host, slash, path = address.partition("/")
    encoding = next(each for each in ENCODINGS if each in given)
    unknown = given.keys() - {"name", "like", "send", "type", "headers", "notice", "blocks", "answer", *ENCODINGS}
    assert not unknown, unknown
    return Shape(
        entry["surface"],
        given["name"],
        method,
        host,
        slash + path,
        query,
        encoding,
        given[encoding],
        given.get("type", _content_type(encoding)),
        given.get("headers", {}),
        given.get("notice", entry.get("notice", "")),
        given.get("blocks", ""),
        _answer(given["answer"]) if "answer" in given else None,
    )


def _content_type(encoding: str) -> str:
    more = {
        "lines": "application/x-ndjson",
        "text": "text/plain",
        "query": "",
        "websocket": "",
        "signalr": "",
        "protobuf": "application/x-protobuf",
        "grpc": "application/grpc",
    }
    return more.get(encoding) or CONTENT_TYPES.get(encoding, "")


def _answer(given: Any) -> SampleAnswer:
    """An answer that is written out, or that of a format's sample, by its id."""
    if isinstance(given, str):
        answer = load_samples()[given].answer
        assert answer is not None, given
        return answer
    says = json.loads(given["says"])
    return SampleAnswer(
        given["framing"],
        given.get("type", TYPES[given["framing"]]),
        given.get("before", []),
        given["says"],
        next(place_of(says, "TEXT")),
        given.get("after", []),
        given.get("cumulative", False),
    )


TYPES = {
    "sse": "text/event-stream",
    "ndjson": "application/x-ndjson",
    "json_lines": "application/jsonl",
    "json_document": "application/json",
    "json_array": "application/json",
    "connect": "application/connect+json",
    "aws_eventstream": "application/vnd.amazon.eventstream",
    "websocket_message": "",
    "signalr": "",
}


def place_of(value: Any, text: str) -> Iterator[tuple[str | int, ...]]:
    """Where a text stands in a JSON value."""
    if value == text:
        yield ()
    members: Sequence[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        members = list(value.items())
    elif isinstance(value, list):
        members = list(enumerate(value))
    for step, member in members:
        for rest in place_of(member, text):
            yield (step, *rest)
