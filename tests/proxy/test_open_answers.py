"""What is replaced on one connection is put back on those that are open."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest
from mitmproxy.test import tflow, tutils

from promptguard.model import Action, Decision, Event, Restoration, Verdict
from promptguard.proxy.answer_streams import AnswerStream, stream_answer
from promptguard.proxy.open_answers import OpenAnswers
from promptguard.wire.formats import load_formats

PLACEHOLDER = "[EMAIL_ADDRESS_BCDFGHJK]"
ORIGINAL = "jane@orchard-lane.com"
EVENT = Event(**dict.fromkeys(Event.__dataclass_fields__, ""))  # type: ignore[arg-type]
SAID = b'event: message\ndata: {"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"To %s."}]}}\n\n'


def verdict(scope: str = "jane|mcp", originals: dict[str, str] | None = None, **changes: Any) -> Verdict:
    decision = Decision(Action.REDACT, "rule", "reason")
    shape = load_formats()["generic"]
    return Verdict(decision, EVENT, restoration=Restoration(originals or {}), shape=shape, scope=scope, **changes)


def opened(answers: OpenAnswers, method: str = "GET", content_type: bytes = b"text/event-stream") -> Any:
    """What puts originals back in an answer that was begun before anything was replaced."""
    flow = tflow.tflow(req=tutils.treq(method=method.encode()), resp=tutils.tresp())
    assert flow.response is not None
    flow.response.headers = type(flow.response.headers)([(b"content-type", content_type)])
    stream_answer(flow, verdict(), keep_open=lambda restorer, _: answers.add("jane|mcp", restorer))
    return flow.response.stream


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (verdict(originals={PLACEHOLDER: ORIGINAL}, body=b"{}"), ORIGINAL),
        (verdict(originals={PLACEHOLDER: ORIGINAL}, query="q=x"), ORIGINAL),
        (verdict(originals={PLACEHOLDER: ORIGINAL}), PLACEHOLDER),
        (verdict("jane|other", {PLACEHOLDER: ORIGINAL}, body=b"{}"), PLACEHOLDER),
        (verdict("john|mcp", {PLACEHOLDER: ORIGINAL}, body=b"{}"), PLACEHOLDER),
    ],
    ids=["replaced in the body", "replaced in the query", "nothing replaced", "another service", "another person"],
)
def test_what_is_replaced_comes_back_on_an_open_connection_of_the_scope(told: Verdict, shown: str) -> None:
    answers = OpenAnswers()
    stream = opened(answers)
    ping = b": ping\n\n"
    assert b"".join(stream(ping)) == ping
    answers.tell(told)
    assert b"".join(stream(SAID % PLACEHOLDER.encode())) == SAID % shown.encode()


@pytest.mark.parametrize(("method", "content_type"), [("POST", b"text/event-stream"), ("GET", b"application/json")])
def test_answers_that_end_are_not_kept(method: str, content_type: bytes) -> None:
    assert not isinstance(opened(OpenAnswers(), method, content_type), AnswerStream)


def test_what_is_closed_is_forgotten() -> None:
    answers, gone = OpenAnswers(), RecordedExpectations()
    reference = weakref.ref(gone)
    answers.add("jane|mcp", gone)
    answers.tell(verdict(originals={PLACEHOLDER: ORIGINAL}, body=b"{}"))
    assert gone.expected == [{PLACEHOLDER: ORIGINAL}]
    del gone
    gc.collect()
    assert reference() is None
    answers.tell(verdict(originals={PLACEHOLDER: ORIGINAL}, body=b"{}"))


class RecordedExpectations:
    def __init__(self) -> None:
        self.expected: list[Any] = []

    def expect(self, restoration: Restoration) -> None:
        self.expected.append(restoration.originals)
