"""A sample's answer as the service sends it and as the client receives it, a text split in two at a given place."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from tests.wire.formats.samples.interface import RECORD_END, SampleAnswer, compact, enveloped

from promptguard.model import Restoration
from promptguard.redaction.frames import FrameRestorer
from promptguard.redaction.message_restorer import MessageRestorer
from promptguard.redaction.stream_restorer import FramedRestorer
from promptguard.wire import json_text
from promptguard.wire.formats import Format
from promptguard.wire.formats.google_web import GUARD
from promptguard.wire.framings import Framing, framing_for
from promptguard.wire.framings.aws_eventstream import message as event_message

EMAIL = "[EMAIL_ADDRESS_7KQ2M4XB]"
NAME = "[PERSON_3RTW8ZBK]"
RESTORATION = Restoration({EMAIL: "anna@corp.example", NAME: "Änne"})
TEXT = f"Write to {EMAIL}, for {NAME} is away."
RESTORED = "Write to anna@corp.example, for Änne is away."
MESSAGES = ("websocket_message", "signalr")


def framed(answer: SampleAnswer, message: Any) -> bytes:
    """One message as the service sends it."""
    source = compact(message).encode()
    match answer.framing:
        case "sse":
            return b"data: " + source + b"\n\n"
        case "ndjson" if answer.coded:
            return (b"0:" if isinstance(message, str) else b"1:") + source + b"\n"
        case "ndjson" | "json_lines" | "json_document":
            return source + b"\n"
        case "connect":
            return enveloped(source, 0 if message else 2)
        case "aws_eventstream":
            return event_message(b"", source)
        case "length_prefixed":
            return b"%d\n%b\n" % (len(source.decode().encode("utf-16-le")) // 2 + 2, source)
        case "signalr":
            return source + RECORD_END.encode()
    return source


def pieces(answer: SampleAnswer, place: int) -> list[Any]:
    """The messages that say the text in two pieces."""
    second = TEXT if answer.cumulative else TEXT[place:]
    return [json.loads(answer.piece.replace("TEXT", piece)) for piece in (TEXT[:place], second)]


def passed(wire_format: Format, answer: SampleAnswer, parts: Sequence[bytes], cut: int | None = None) -> list[bytes]:
    """What the client receives of an answer; `cut` is the length of the pieces in which a body arrives."""
    if answer.framing in MESSAGES:
        messages = MessageRestorer(wire_format, RESTORATION)
        return [out for part in parts for out in messages.restore(part)] + messages.finish()
    body = joined(answer, parts)
    stream = FramedRestorer(framing_of(wire_format, answer, body).decoder(), FrameRestorer(wire_format, RESTORATION))
    step = cut or len(body)
    sent = [out for start in range(0, len(body), step) for out in stream.feed(body[start : start + step])]
    return [*sent, *stream.finish()]


def joined(answer: SampleAnswer, parts: Sequence[bytes]) -> bytes:
    """The whole answer."""
    return b"[%b]" % b",".join(parts) if answer.framing == "json_array" else b"".join(parts)


def framing_of(wire_format: Format, answer: SampleAnswer, body: bytes) -> Framing:
    """The framing that the answer is taken to have: the one that it has."""
    framing = framing_for(answer.content_type, body[:100], wire_format.framing)
    assert framing is not None
    assert framing.id == answer.framing
    return framing


def restored(wire_format: Format, answer: SampleAnswer, place: int, cut: int | None = None) -> list[Any]:
    """The messages that the client receives of an answer whose text is split at a place."""
    parts = [framed(answer, each) for each in (*answer.before, *pieces(answer, place), *answer.after)]
    if answer.framing == "length_prefixed":
        parts.insert(0, GUARD)
    sent = passed(wire_format, answer, parts, cut)
    if answer.framing in MESSAGES:
        return [json.loads(out) for each in sent for out in each.decode().split(RECORD_END) if out]
    body = b"".join(sent)
    frames = framing_of(wire_format, answer, body).frames(body)
    return [json.loads(frame.payload) for frame in frames if frame.payload is not None]


def said(answer: SampleAnswer, messages: Sequence[Any]) -> str:
    """The text that a client makes of the messages."""
    texts = [json_text.string_at(message, answer.text) or "" for message in messages]
    if not answer.cumulative:
        return "".join(texts)
    return str(json.loads(texts[-1])[4][0][1][0]) if answer.framing == "length_prefixed" else texts[-1]
