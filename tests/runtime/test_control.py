from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from promptguard.runtime import control
from promptguard.runtime.control import Asked, Asking
from promptguard.runtime.small_server import SmallAnswer

type Answering = Callable[[str], SmallAnswer | None]


@pytest.fixture
def closed() -> threading.Event:
    return threading.Event()


@pytest.fixture
def connect(closed: threading.Event) -> Iterator[Callable[[Answering], Asking]]:
    opened: list[Asking] = []

    def start(answer: Answering) -> Asking:
        ours, its = socket.socketpair()
        Asked(its.detach(), answer, closed.set).start()
        opened.append(Asking(ours.detach()))
        return opened[-1]

    yield start
    for asking in opened:
        asking.close()


def told(path: str) -> SmallAnswer | None:
    return SmallAnswer("200 OK", "text/plain", path.encode()) if path != "/nothing" else None


def test_questions_and_answers(connect: Callable[[Answering], Asking]) -> None:
    asking = connect(told)
    assert asking.ask("/metrics") == SmallAnswer("200 OK", "text/plain", b"/metrics")
    assert asking.ask("/nothing") is None
    assert asking.ask("/readyz") == SmallAnswer("200 OK", "text/plain", b"/readyz")


def test_a_late_answer_is_none_to_the_next_question(
    connect: Callable[[Answering], Asking], monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def slowly(path: str) -> SmallAnswer | None:
        if path == "/slow":
            go_on.wait(10)
        return told(path)

    asking = connect(slowly)
    monkeypatch.setattr(control, "ANSWER_SECONDS", 0.01)
    assert asking.ask("/slow") is None
    monkeypatch.setattr(control, "ANSWER_SECONDS", 10.0)
    go_on.set()
    assert asking.ask("/quick") == SmallAnswer("200 OK", "text/plain", b"/quick")


def test_each_side_learns_that_the_other_is_gone(
    connect: Callable[[Answering], Asking], closed: threading.Event
) -> None:
    asking = connect(told)
    asking.close()
    assert closed.wait(10)
    assert asking.ask("/metrics") is None


def test_a_process_that_hangs_holds_nobody_up(
    connect: Callable[[Answering], Asking], monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    asked: list[str] = []

    def hang(path: str) -> SmallAnswer | None:
        asked.append(path)
        go_on.wait(60)
        return told(path)

    asking = connect(hang)
    monkeypatch.setattr(control, "ANSWER_SECONDS", 0.0)
    assert [asking.ask("/readyz" * 100) for _ in range(1000)] == [None] * 1000, "more than the sockets hold"
    monkeypatch.setattr(control, "ANSWER_SECONDS", 60.0)
    go_on.set()
    assert asking.ask("/metrics") == told("/metrics")
    assert asked == ["/readyz" * 100, "/metrics"]


def test_a_question_that_fails_is_not_the_last(connect: Callable[[Answering], Asking]) -> None:
    def fail(path: str) -> SmallAnswer | None:
        if path == "/metrics":
            raise KeyError(path)
        return told(path)

    asking = connect(fail)
    assert asking.ask("/metrics") is None
    assert asking.ask("/readyz") == told("/readyz")
