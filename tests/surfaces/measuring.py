"""What the product makes of a shape: measured with the shipped registry, recognizers and formats, in one process."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qsl, unquote

from tests.surfaces.shape import Fill, Shape
from tests.wire.formats.samples.interface import SampleAnswer
from tests.wire.formats.samples.played import RESTORED, TEXT, restored, said

from promptguard.configuration.bundle import Bundle, load_bundle
from promptguard.detectors.patterns.detector import PatternDetector
from promptguard.detectors.recognizers.loading import load_recognizers
from promptguard.detectors.scanner import Scanner
from promptguard.guard import Guard, Rules
from promptguard.model import Action, Event, Identity, Verdict
from promptguard.notices.templates import Templates
from promptguard.notices.writer import NoticeWriter
from promptguard.policy.policy import Policy
from promptguard.policy.schema import PolicyFile
from promptguard.redaction.redactor import Redactor
from promptguard.redaction.scope_memory import ScopeMemory
from promptguard.redaction.vault import MemoryVault
from promptguard.typed_yaml.reading import load
from promptguard.wire.answers import read_answer, read_websocket
from promptguard.wire.formats import Format, load_formats

CONFIG = Path(__file__).parents[2] / "config"
KEY = b"k" * 32
FORMATS = load_formats()
POLICY = {
    "version": "1",
    "rules": [
        {"id": "secret", "when": {"data_classes": "credentials"}, "action": "block", "reason": "A secret."},
        {"id": "person", "when": {"data_classes": "personal_data"}, "action": "redact", "reason": "Of a person."},
        {"id": "other", "action": "allow", "reason": "Nothing found."},
    ],
}
"""The same for each service, whatever its status: what is measured is what can be done."""


@dataclass(frozen=True)
class Measured:
    """What became of one shape; `None` where there is nothing to measure."""

    known: bool
    """The host is this service's, and passes decrypted."""
    format: str
    """The format that reads it."""
    found: int
    """Planted values that were found."""
    rewritten: bool | None
    """Each value replaced and not a byte more; None where it is blocked instead."""
    benign: bool
    """Without a value it leaves as it came."""
    restored: bool | None
    """Values are put back, wherever the answer is split."""
    notice: str
    """How a refusal is said: as the service's own `error`, in its `stream`, over the `WebSocket`, as `gRPC`,
    `Connect` or `JSON-RPC` say one; `plain` where
    the service's own form is not known; empty where nobody would see it."""


class NoRecord:
    async def record(self, event: Event) -> None:
        pass


@cache
def bundle() -> Bundle:
    return load_bundle(CONFIG)


@cache
def scanner() -> Scanner:
    made = Scanner(
        [PatternDetector(load_recognizers(CONFIG / "recognizers"), Path(TemporaryDirectory(delete=False).name))], KEY
    )
    asyncio.run(made.start())
    return made


def guard() -> Guard:
    """A guard that remembers nothing yet."""
    templates = load(CONFIG / "notices" / "en.yaml", Templates)
    registry = bundle().registry
    rules = Rules(
        registry,
        Policy(PolicyFile.model_validate(POLICY, strict=False)),
        Redactor(KEY),
        NoticeWriter(templates, None, registry.names()),
    )
    return Guard(rules, formats=FORMATS, scanner=scanner(), memory=ScopeMemory(MemoryVault(), KEY), record=NoRecord())


def inspected(shape: Shape, fill: Fill) -> Verdict:
    """What becomes of a shape's request."""
    destination = bundle().registry.find_host(shape.host)
    assert destination is not None, shape.host
    return asyncio.run(guard().inspect(shape.request(fill), Identity("ada", "p_ada"), destination))


@cache
def measured(shape: Shape) -> Measured:
    """Everything that there is to know about a shape."""
    destination = bundle().registry.find_host(shape.host)
    if destination is None or destination.id != shape.surface:
        return Measured(False, "", 0, None, False, None, "")
    values: list[str] = []
    verdict = inspected(shape, lambda kind: planted(kind, values))
    found = {value for value in values if value in set(verdict.restoration.originals.values())}
    return Measured(
        known=True,
        format=verdict.event.format,
        found=len(found) if verdict.decision.action is Action.REDACT else len(verdict.findings),
        rewritten=is_rewritten(shape, verdict) if verdict.decision.action is Action.REDACT else None,
        benign=is_left_alone(inspected(shape, lambda kind: "the customer")),
        restored=is_restored(shape),
        notice=style_of(shape, inspected(shape, secrets())),
    )


def planted(kind: str, values: list[str]) -> str:
    """The next address that stands nowhere else."""
    values.append(f"jane{len(values)}.porter@orchard-lane.com")
    return values[-1]


def secrets() -> Fill:
    """A key in the first place, and nothing in all others."""
    first = itertools.chain(
        ["AKIA" + base64.b32encode(b"2" + b"qk7Lw9xRm").decode()[:16]], itertools.repeat("the customer")
    )
    return lambda kind: next(first)


def is_rewritten(shape: Shape, verdict: Verdict) -> bool:
    """Whether what leaves is the request with placeholders at the markers, and the same in all else.

    A file whose length was told before is as long as it was, with blanks at its end.
    """
    placeholders = {original: placeholder for placeholder, original in verdict.restoration.originals.items()}
    values: list[str] = []
    again: list[str] = []
    expected = shape.source(lambda kind: placeholders.get(planted(kind, values), "nothing"))
    written = verdict.body if shape.encoding != "query" else (verdict.query or "").encode()
    if written is not None and shape.encoding in ("form", "query"):
        return parse_qsl(written.decode()) == parse_qsl(expected.decode())
    came = len(shape.source(lambda kind: planted(kind, again)))
    return written in (expected, expected.ljust(came))


def is_left_alone(verdict: Verdict) -> bool:
    return (verdict.decision.action, verdict.body, verdict.query) == (Action.ALLOW, None, None)


def is_restored(shape: Shape) -> bool | None:
    """Whether a client reads the values in an answer that is split anywhere."""
    if shape.answer is None:
        return None
    destination = bundle().registry.find_host(shape.host)
    assert destination is not None
    route = bundle().registry.route(destination, shape.method, shape.path)
    wire_format = route.format if route else destination.format
    key = (wire_format, repr(shape.answer))  # many services answer in one shape
    if key not in _restored:
        _restored[key] = _is_restored_everywhere(FORMATS[wire_format], shape.answer)
    return _restored[key]


_restored: dict[tuple[str, str], bool] = {}


def _is_restored_everywhere(wire_format: Format, answer: SampleAnswer) -> bool:
    before, after = len(answer.before), len(answer.after)
    for place in range(len(TEXT) + 1):
        messages = restored(wire_format, answer, place)
        if said(answer, messages[before : len(messages) - after]) != RESTORED:
            return False
    return True


def style_of(shape: Shape, verdict: Verdict) -> str:
    """In which style a refusal is said, where the client looks for it."""
    if verdict.notice is None or verdict.answer is None:
        return ""
    text, answer, place = verdict.notice.text, verdict.answer, shape.notice
    content_type = answer.headers.get("content-type", "")
    if place == "websocket":
        said_there = read_websocket(verdict.messages, verdict.shape).texts
        return "WebSocket" if any(text in each for each in said_there) else ""
    if place == "grpc":
        return "gRPC" if text == unquote(answer.trailers.get("grpc-message", "")) else ""
    if place == "connect":
        return "Connect" if answer.status == 200 and text in json.loads(answer.body[5:])["error"]["message"] else ""
    if place == "quiet":
        words = [each for each in json.loads(answer.body)["error"].values() if " " in each]
        return "with the message" if answer.status >= 400 and verdict.quiet and not words else ""
    if place == "json-rpc":
        calls = json.loads(answer.body)
        calls = calls if isinstance(calls, list) else [calls]
        return "JSON-RPC" if all(call["error"]["message"] == text for call in calls) else ""
    if place == "stream":
        said_there = read_answer(answer.body, content_type, verdict.shape).texts
        return "stream" if answer.status == 200 and any(text in each for each in said_there) else ""
    if not place:
        return "plain" if answer.status >= 400 and text in json.loads(answer.body)["error"]["message"] else ""
    return "error" if answer.status >= 400 and at(json.loads(answer.body), place) == text else ""


def at(value: Any, place: str) -> Any:
    """The member at a place such as `error.message` or `0.error.message`."""
    for step in place.split("."):
        if isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        elif isinstance(value, dict):
            value = value.get(step)
        else:
            return None
    return value
