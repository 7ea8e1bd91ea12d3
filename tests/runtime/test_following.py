"""Work is done at once where it is told of, after its time all the same, and again where it failed."""

from __future__ import annotations

import queue
import threading
from collections.abc import Collection

import pytest

from promptguard.errors import PromptGuardError
from promptguard.runtime import following
from promptguard.runtime.following import AT_ONCE, Following, Next, Topic, Work
from promptguard.storage.changes import Changes

NEVER = 600.0


class Told(Changes):
    """Tells what it is handed."""

    def __init__(self) -> None:
        self.topics: queue.SimpleQueue[Collection[Topic]] = queue.SimpleQueue()

    def wait(self, seconds: float) -> Collection[Topic]:
        return self.topics.get()

    def close(self) -> None:
        self.topics.put(())


class Done:
    """Counts how often some work was done, and says when it is to be done next."""

    def __init__(self, *following: Next | Exception) -> None:
        self.times = threading.Semaphore(0)
        self._following = iter(following)

    def __call__(self) -> Next:
        self.times.release()
        following = next(self._following, Next(NEVER))
        if isinstance(following, Exception):
            raise following
        return following

    def often(self, times: int) -> bool:
        return all(self.times.acquire(timeout=30) for _ in range(times))


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "RETRY_SECONDS", 0.001)
    monkeypatch.setattr(following, "GATHER_SECONDS", 0.001)


def test_it_is_done_at_once_where_there_is_more_or_something_has_changed() -> None:
    source, concerned, other = Told(), Done(AT_ONCE, AT_ONCE), Done()
    follows = Following([Work("a", concerned, {Topic.POLICY}), Work("b", other, {Topic.RECORDS})], [source])
    follows.start()
    assert concerned.often(3)
    assert other.often(1)
    for topics in ({Topic.INCIDENTS}, {Topic.POLICY}):
        source.topics.put(topics)
    assert concerned.often(1)
    follows.stop()
    assert not other.times.acquire(blocking=False)


def test_it_is_done_after_its_time_though_nobody_tells() -> None:
    done = Done(Next(0.001), Next(0.001))
    follows = Following([Work("a", done)])
    follows.start()
    assert done.often(3)
    follows.stop()


def test_what_is_to_be_left_alone_is_not_told() -> None:
    source, left, told = Told(), Done(Next(NEVER, at_news=False)), Done()
    works = [Work("a", left, {Topic.RECORDS}), Work("b", told, {Topic.RECORDS})]
    follows = Following(works, [source])
    follows.start()
    assert left.often(1)
    assert told.often(1)
    source.topics.put({Topic.RECORDS})
    assert told.often(1)
    follows.stop()
    assert not left.times.acquire(blocking=False)


def test_what_fails_is_told_once_and_holds_up_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    failing = Done(PromptGuardError("The disk is full."), ValueError("never told"), PromptGuardError("Again."))
    working = Done()
    follows = Following([Work("Nobody is paged", failing), Work("Nothing else", working)])
    follows.start()
    assert failing.often(4)
    assert working.often(1)
    follows.stop()
    assert [record.getMessage() for record in caplog.records] == ["Nobody is paged: The disk is full."]


def test_it_ends_once_and_its_sources_are_closed() -> None:
    ended: list[str] = []
    source = Told()
    follows = Following([Work("a", Done(), end=lambda: ended.append("a"))], [source])
    follows.start()
    follows.stop()
    follows.stop()
    assert ended == ["a"]


def test_what_never_began_can_be_stopped() -> None:
    Following([Work("a", Done())], [Told()]).stop()
