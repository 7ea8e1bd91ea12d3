"""Sinks get every record once, in order, and none that the record may still lose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest

from promptguard.audit.sinks.cursor_file import CursorFile
from promptguard.audit.sinks.feed import LOOK_SECONDS, SETTLE_SECONDS, Feed
from promptguard.audit.sinks.file import FileSink, FileSinkSettings
from promptguard.audit.sinks.interface import Sink, SinkFailed, SinkSettings
from promptguard.model import Event


class Memory(Sink[SinkSettings]):
    """Keeps what it is handed; refuses while `broken`."""

    settings = SinkSettings

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.broken = False
        self.asks = 0.0

    def deliver(self, records: Sequence[Any]) -> None:
        if self.broken:
            raise SinkFailed("no room", retry_after=self.asks)
        self.taken += [record["id"] for record in records]

    def close(self) -> None:
        pass


@pytest.fixture
def make_feed(installation: Any, tmp_path: Path) -> Callable[..., Feed]:
    def make(sink: Any, is_settled: Callable[[Any], bool] = lambda record: True) -> Feed:
        return Feed("test", sink, installation.store, CursorFile(tmp_path / "sinks" / "test.cursor"), is_settled)

    return make


def ids(events: Sequence[Event]) -> list[str]:
    return [event.id for event in events]


def test_all_once_and_in_order_over_restarts(
    make_feed: Callable[..., Feed], installation: Any, events: list[Event], make_event: Callable[..., Event]
) -> None:
    sink = Memory()
    feed = make_feed(sink)
    assert feed.round() == len(events)
    assert feed.round() == 0
    feed._file.release()
    more = make_event()
    installation.fill(more)
    again = make_feed(sink)
    assert again.round() == 1
    assert sink.taken == [*ids(events), more.id]
    again._file.release()


def test_what_may_be_lost_waits(make_feed: Callable[..., Feed], events: list[Event]) -> None:
    sink = Memory()
    settled = {1}
    feed = make_feed(sink, lambda record: record.sequence in settled)
    assert feed.round() == 1
    settled.update({2, 3})
    assert feed.round() == 2
    assert sink.taken == ids(events)


def test_a_sink_that_refuses_gets_them_later(make_feed: Callable[..., Feed], events: list[Event]) -> None:
    sink = Memory()
    feed = make_feed(sink)
    sink.broken = True
    with pytest.raises(SinkFailed):
        feed.round()
    sink.broken = False
    assert feed.round() == len(events)
    assert sink.taken == ids(events)


def test_a_sink_is_left_alone_as_long_as_it_asks(make_feed: Callable[..., Feed], events: list[Event]) -> None:
    sink = Memory()
    feed = make_feed(sink)
    waits = []
    for asked in (0.0, 90.0, 10_000.0):
        sink.broken, sink.asks = True, asked
        waits.append(feed.attempt())
        assert feed.failing
    assert waits == [1.0, 90.0, 600.0]
    sink.broken = False
    assert feed.attempt() == LOOK_SECONDS
    assert not feed.failing and sink.taken == ids(events)


def test_one_of_several_processes_serves(make_feed: Callable[..., Feed], events: list[Event]) -> None:
    first, second = Memory(), Memory()
    holder, other = make_feed(first), make_feed(second)
    assert holder.round() == len(events)
    assert other.round() == 0
    assert second.taken == []


def test_a_file_goes_on_where_it_ends_though_the_cursor_is_behind(
    make_feed: Callable[..., Feed], events: list[Event], tmp_path: Path
) -> None:
    def sink() -> FileSink:
        return FileSink(FileSinkSettings(kind="file", path=Path("feed.jsonl")), tmp_path)

    feed = make_feed(sink())
    feed.round()
    feed._file.release()
    (tmp_path / "sinks" / "test.cursor").unlink()  # as a crash between the file and the cursor leaves it
    with (tmp_path / "feed.jsonl").open("ab") as file:
        file.write(b'{"torn":')
    assert make_feed(sink()).round() == 0
    lines = (tmp_path / "feed.jsonl").read_bytes().splitlines()
    assert [orjson.loads(line)["id"] for line in lines] == ids(events)


def test_in_the_end_it_hands_over_what_is_recorded_and_lets_another_serve(
    make_feed: Callable[..., Feed], events: list[Event]
) -> None:
    sink = Memory()
    make_feed(sink).end()
    assert sink.taken == ids(events)
    assert make_feed(sink)._file.hold()


def test_what_is_not_flushed_yet_is_looked_at_soon_and_what_is_announced_seldom(
    make_feed: Callable[..., Feed], events: list[Event]
) -> None:
    settled: list[bool] = []
    feed = make_feed(Memory(), lambda record: bool(settled))
    assert feed.attempt() == SETTLE_SECONDS
    settled.append(True)
    assert feed.attempt() == LOOK_SECONDS
