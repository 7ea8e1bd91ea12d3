"""Answers as mitmproxy hands them over: headers before the body, then the body in pieces."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from mitmproxy.test import tflow, tutils

from promptguard.model import Action, Answer, Decision, Event, Notice, Restoration, Verdict
from promptguard.page_layer.document import HeadInserter
from promptguard.proxy.answer_streams import AnswerStream, DocumentStream, stream_answer
from promptguard.redaction.stream_restorer import StreamRestorer
from promptguard.wire.encodings import MAX_AT_ONCE
from promptguard.wire.formats import load_formats

PLACEHOLDER = "[EMAIL_ADDRESS_BCDFGHJK]"
ORIGINALS = Restoration({PLACEHOLDER: "jane@orchard-lane.com"})
EVENT = Event(**dict.fromkeys(Event.__dataclass_fields__, ""))  # type: ignore[arg-type]
SHAPE = load_formats()["openai_chat"]
REDACTED = Decision(Action.REDACT, "rule", "reason")
SSE = b"text/event-stream"


def flow_of(content_type: bytes = SSE, *headers: tuple[bytes, bytes], status: int = 200) -> Any:
    flow = tflow.tflow(resp=tutils.tresp(status_code=status))
    flow.response.headers = type(flow.response.headers)([(b"content-type", content_type), *headers])
    return flow


def verdict(**changes: Any) -> Verdict:
    return Verdict(**{"decision": REDACTED, "event": EVENT, "restoration": ORIGINALS, "shape": SHAPE, **changes})


def chunk(text: str) -> bytes:
    return b'data: {"choices":[{"index":0,"delta":{"content":"%s"}}]}\n\n' % text.encode()


def through(callback: Any, *pieces: bytes) -> bytes:
    return b"".join(part for piece in (*pieces, b"") for part in callback(piece))


def test_placeholders_in_a_stream_become_the_originals() -> None:
    flow = flow_of(SSE, (b"content-length", b"999"), (b"content-encoding", b"identity"), (b"etag", b"x"))
    stream_answer(flow, verdict())
    half = len(PLACEHOLDER) // 2
    out = through(
        flow.response.stream, chunk("To " + PLACEHOLDER[:half]), chunk(PLACEHOLDER[half:]), b"data: [DONE]\n\n"
    )
    assert b"jane@orchard-lane.com" in out and b"EMAIL_ADDRESS" not in out
    assert "content-length" not in flow.response.headers
    assert "etag" not in flow.response.headers
    assert flow.response.headers["transfer-encoding"] == "chunked"


def test_an_event_goes_on_before_those_that_came_with_it_are_restored() -> None:
    class Restorer(StreamRestorer):
        seen = b""

        def feed(self, data: bytes) -> list[bytes]:
            self.seen += data
            return [data]

        def finish(self) -> list[bytes]:
            return []

    restorer = Restorer()
    data = chunk("one") + chunk("two") + b"data: the beginning"
    given = iter(AnswerStream(restorer)(data))
    assert next(given) == restorer.seen == chunk("one")
    assert b"".join(given) == data.removeprefix(chunk("one"))
    assert restorer.seen == data


def test_over_http2_there_is_no_chunked_encoding() -> None:
    flow = flow_of()
    flow.request.http_version = "HTTP/2.0"
    stream_answer(flow, verdict())
    assert "transfer-encoding" not in flow.response.headers


@pytest.mark.parametrize(
    "given",
    [None, verdict(restoration=Restoration({})), verdict(answer=Answer(400, {}, b""))],
    ids=["no AI service", "nothing to restore", "our own notice"],
)
def test_other_answers_stream_as_they_are(given: Verdict | None) -> None:
    flow = flow_of(SSE, (b"content-length", b"9"))
    stream_answer(flow, given)
    assert flow.response.stream is True
    assert flow.response.headers["content-length"] == "9"


def test_a_websocket_handshake_is_left_alone() -> None:
    flow = flow_of(status=101)
    stream_answer(flow, verdict())
    assert flow.response.stream is False


def test_an_announcement_stands_before_the_answer() -> None:
    flow = flow_of()
    notice = Notice("pg-1", "Redacted", "1 e-mail address was replaced.\\n\\n")
    stream_answer(flow, verdict(decision=Decision(Action.REDACT, "r", "r", announce=True), notice=notice))
    out = through(flow.response.stream, chunk("Hello"), b"data: [DONE]\n\n")
    assert out.index(b"was replaced") < out.index(b"Hello")


class Broken:
    def feed(self, data: bytes) -> list[bytes]:
        raise ValueError(f"cannot take {data!r}")

    def finish(self) -> list[bytes]:
        raise AssertionError


def test_a_restorer_that_fails_lets_the_rest_pass_and_logs_none_of_it(caplog: pytest.LogCaptureFixture) -> None:
    assert through(AnswerStream(Broken()), b"secret answer ", b"goes on") == b"secret answer goes on"
    assert "ValueError" in caplog.text and "secret" not in caplog.text


def test_an_answer_that_swells_is_cut() -> None:
    flow = flow_of(SSE, (b"content-encoding", b"gzip"))
    stream_answer(flow, verdict())
    halves = [bytes(MAX_AT_ONCE // 2 + 1), bytes(MAX_AT_ONCE // 2)]
    data = gzip.compress(halves[0]) + gzip.compress(b"\n\n", 0) + gzip.compress(halves[1])
    assert data.count(b"\n\n") == 1, "what looks like the end of an event"
    assert through(DocumentStream(HeadInserter(b""), flow.response.stream), data, data) == b""
    assert flow.response.stream.cut


def test_a_callback_never_gives_an_empty_piece() -> None:
    """It would end a chunked answer (mitmproxy 12)."""
    flow = flow_of()
    stream_answer(flow, verdict())
    for piece in (chunk(PLACEHOLDER[:5]), b"data:", b"", b""):
        assert b"" not in list(flow.response.stream(piece))
