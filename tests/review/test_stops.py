"""Who stops what, and how long it lasts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from promptguard.keys import Keys
from promptguard.policy.orders import Order, OrderNotPossible
from promptguard.policy.stops import what_is_stopped
from promptguard.review.accounts import NotPossible
from promptguard.review.stops import StopBook
from promptguard.storage.sqlite.backend import SQLiteBackend

START = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


class Clock:
    hours = 0

    def __call__(self) -> datetime:
        return START + timedelta(hours=self.hours)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def book(tmp_path: Path, clock: Clock) -> Iterator[StopBook]:
    with closing(SQLiteBackend.open(tmp_path / "a.db")) as backend:
        keys = Keys.load_or_create(tmp_path / "keys")
        yield StopBook(backend.orders(keys), lambda: {"chatgpt", "claude"}, clock)


def stop(book: StopBook, **what: object) -> Order:
    order = book.prepare(by="a1", name="Ann", reason=" We  look\ninto it ", **what)  # type: ignore[arg-type]
    book.order(order)
    return order


def test_it_stands_until_it_is_lifted_or_over(book: StopBook, clock: Clock) -> None:
    short, long = stop(book, tool="chatgpt", lasting=timedelta(hours=2)), stop(book, data_class="credentials")
    assert {each.id for each in book.in_force()} == {short.id, long.id}
    assert (short.reason, short.expires, long.expires) == ("We look into it", "2026-03-01T11:30:00.000Z", "")
    clock.hours = 3
    assert [each.id for each in book.in_force()] == [long.id]
    lifted = book.lift(long.id, by="b1", name="Bob", reason="Over")
    assert (lifted.ended_name, lifted.end_reason, lifted.ended) == ("Bob", "Over", "2026-03-01T12:30:00.000Z")
    assert book.in_force() == []
    assert len(book.all()) == 2


def test_what_is_not_in_force_is_not_lifted(book: StopBook) -> None:
    order = stop(book, everything=True)
    with pytest.raises(NotPossible, match="why"):
        book.lift(order.id, by="b1", name="Bob", reason=" ")
    book.lift(order.id, by="b1", name="Bob", reason="Over")
    with pytest.raises((NotPossible, OrderNotPossible)):
        book.lift(order.id, by="b1", name="Bob", reason="Over")


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"everything": True}, "all tools"),
        ({"tool": "claude"}, "claude"),
        ({"data_class": "credentials"}, "the class credentials"),
    ],
)
def test_what_is_stopped_in_words(what: dict[str, object], said: str, book: StopBook) -> None:
    assert what_is_stopped(stop(book, **what)) == said
