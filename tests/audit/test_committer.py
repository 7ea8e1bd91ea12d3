from collections.abc import Callable, Iterator
from typing import Any

import pytest

from promptguard.audit import committer as committer_module
from promptguard.audit.chain import Chain
from promptguard.audit.committer import Committer
from promptguard.audit.interface import RecordingFailed
from promptguard.audit.record import canonical
from promptguard.model import Event


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(committer_module, "monotonic", clock)
    return clock


@pytest.fixture
def committer(installation: Any, clock: Clock) -> Iterator[Committer]:
    writer = installation.store.writer()
    made = Committer(installation.store, writer, Chain(installation.keys.audit), installation.head_files, lambda: None)
    made.prepare()
    yield made
    made.close()


def test_head_file_and_database_learn_in_time(
    installation: Any, committer: Committer, clock: Clock, make_event: Callable[..., Event]
) -> None:
    assert committer.due is None
    assert committer.commit_at_once(canonical(make_event()))
    assert committer.due == pytest.approx(100.1)
    committer.maintain()
    assert installation.head_file.read().sequence == 0
    clock.now = 100.2
    committer.maintain()
    assert installation.head_file.read() == installation.store.head("1")
    assert committer.due == pytest.approx(101.2)
    committer.commit([canonical(make_event())], durable=True)
    assert committer.due == pytest.approx(100.3), "sooner than the anchor"
    committer.maintain(last=True)
    assert committer.due is None
    assert installation.head_file.read().sequence == 2
    assert installation.verify().ok


def test_what_cannot_be_at_once_is_not_committed(
    installation: Any, committer: Committer, make_event: Callable[..., Event]
) -> None:
    other = installation.database.raw_connection()
    other.cursor().execute("BEGIN IMMEDIATE")
    assert not committer.commit_at_once(canonical(make_event()))
    other.cursor().execute("ROLLBACK")
    other.close()
    assert installation.store.head("1") is None
    assert committer.due is None


@pytest.mark.parametrize("at_once", [True, False])
def test_a_check_refuses_all(installation: Any, make_event: Callable[..., Event], at_once: bool) -> None:
    def refuse() -> None:
        raise RecordingFailed("the keys are gone")

    writer = installation.store.writer()
    committer = Committer(installation.store, writer, Chain(installation.keys.audit), None, refuse)
    entry = canonical(make_event())
    with pytest.raises(RecordingFailed, match="the keys are gone"):
        committer.commit_at_once(entry) if at_once else committer.commit([entry], durable=True)
    committer.close()
    assert installation.store.head("1") is None
