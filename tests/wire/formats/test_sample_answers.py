"""Every format's streamed answer, with a placeholder that is split over two of its messages at every place."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from tests.wire.formats.samples.interface import RECORD_END, Sample, SampleAnswer, compact, enveloped
from tests.wire.formats.samples.tables import FORMATS, load_samples

from promptguard.model import Restoration
from promptguard.redaction.frames import FrameRestorer
from promptguard.redaction.message_restorer import MessageRestorer
from promptguard.redaction.stream_restorer import FramedRestorer
from promptguard.wire import json_text
from promptguard.wire.formats.google_web import GUARD
from promptguard.wire.framings import Framing, framing_for
from promptguard.wire.framings.aws_eventstream import message as event_message

EMAIL = "[EMAIL_ADDRESS_7KQ2M4XB]"
NAME = "[PERSON_3RTW8ZBK]"
RESTORATION = Restoration({EMAIL: "anna@corp.example", NAME: "Änne"})
TEXT = f"Write to {EMAIL}, for {NAME} is away."
RESTORED = "Write to anna@corp.example, for Änne is away."

SAMPLES = {id: sample for id, sample in load_samples().items() if sample.answer}
MESSAGES = ("websocket_message", "signalr")

every_answer = pytest.mark.parametrize(
    ("sample", "answer"), [pytest.param(sample, sample.answer, id=id) for id, sample in SAMPLES.items()]
)


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


def passed(sample: Sample, answer: SampleAnswer, parts: Sequence[bytes], cut: int | None = None) -> list[bytes]:
    """What the client receives of an answer; `cut` is the length of the pieces in which a body arrives."""
    if answer.framing in MESSAGES:
        messages = MessageRestorer(FORMATS[sample.id], RESTORATION)
        return [out for part in parts for out in messages.restore(part)] + messages.finish()
    body = b"".join(parts)
    stream = FramedRestorer(framing_of(sample, answer, body).decoder(), FrameRestorer(FORMATS[sample.id], RESTORATION))
    step = cut or len(body)
    sent = [out for start in range(0, len(body), step) for out in stream.feed(body[start : start + step])]
    return [*sent, *stream.finish()]


def framing_of(sample: Sample, answer: SampleAnswer, body: bytes) -> Framing:
    """The framing that the answer is taken to have: the one that it has."""
    framing = framing_for(answer.content_type, body[:100], FORMATS[sample.id].framing)
    assert framing is not None
    assert framing.id == answer.framing
    return framing


def restored(sample: Sample, answer: SampleAnswer, place: int, cut: int | None = None) -> list[Any]:
    """The messages that the client receives of an answer whose text is split at a place."""
    parts = [framed(answer, each) for each in (*answer.before, *pieces(answer, place), *answer.after)]
    if answer.framing == "length_prefixed":
        parts.insert(0, GUARD)
    sent = passed(sample, answer, parts, cut)
    if answer.framing in MESSAGES:
        return [json.loads(out) for each in sent for out in each.decode().split(RECORD_END) if out]
    body = b"".join(sent)
    frames = framing_of(sample, answer, body).frames(body)
    return [json.loads(frame.payload) for frame in frames if frame.payload is not None]


def said(answer: SampleAnswer, messages: Sequence[Any]) -> str:
    """The text that a client makes of the messages."""
    texts = [json_text.string_at(message, answer.text) or "" for message in messages]
    if not answer.cumulative:
        return "".join(texts)
    return str(json.loads(texts[-1])[4][0][1][0]) if answer.framing == "length_prefixed" else texts[-1]


@every_answer
def test_is_restored_wherever_it_is_split(sample: Sample, answer: SampleAnswer) -> None:
    first, last = len(answer.before), len(answer.after)
    for place in range(len(TEXT) + 1):
        messages = restored(sample, answer, place)
        assert messages[:first] == list(answer.before)
        assert messages[-last:] == list(answer.after)
        assert said(answer, messages[first:-last]) == RESTORED


@pytest.mark.parametrize("id", ["duck_ai", "hugging_chat", "kimi_web", "le_chat", "pi_chat", "you_search"])
def test_is_restored_around_messages_that_say_nothing(id: str) -> None:
    sample, answer = SAMPLES[id], SAMPLES[id].answer
    assert answer is not None
    for place in range(len(TEXT) + 1):
        first, second = pieces(answer, place)
        parts = [framed(answer, each) for each in (*answer.before, first, {"status": "alive"}, second)]
        body = b"".join(passed(sample, answer, parts))
        frames = framing_of(sample, answer, body).frames(body)
        assert (
            said(answer, [json.loads(frame.payload) for frame in frames if frame.payload][len(answer.before) :])
            == RESTORED
        )


@every_answer
def test_is_restored_however_the_body_is_cut(sample: Sample, answer: SampleAnswer) -> None:
    for place in (12, 30):
        whole = restored(sample, answer, place)
        assert all(restored(sample, answer, place, cut) == whole for cut in (1, 2, 3, 7, 50))


@every_answer
def test_what_was_not_replaced_passes_as_it_came(sample: Sample, answer: SampleAnswer) -> None:
    text = "[EMAIL_ADDRESS_AAAA2222] is nobody's."
    said = json.loads(answer.piece.replace("TEXT", text))
    parts = [framed(answer, each) for each in (*answer.before, said, *answer.after)]
    if answer.framing == "length_prefixed":
        parts.insert(0, GUARD)
    assert b"".join(passed(sample, answer, parts)) == b"".join(parts)
