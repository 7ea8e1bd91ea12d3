from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any

from promptguard.audit.chain import Chain
from promptguard.audit.record import canonical
from promptguard.model import Action, Event


def test_empty_store(installation: Any) -> None:
    store = installation.store
    assert store.head("1") is None
    assert store.chains() == []
    assert list(store.records()) == list(store.chain("1")) == []
    assert store.last(5) == []
    assert store.find("pg-0000-0000-0000-0000") is None


def test_reading(installation: Any, make_event: Callable[..., Event]) -> None:
    times = [f"2026-03-01T09:30:0{index}.000Z" for index in range(6)]
    actions = [Action.ALLOW, Action.BLOCK, Action.REDACT] * 2
    events = [replace(make_event(action=action), time=time) for action, time in zip(actions, times, strict=True)]
    installation.fill(*events)
    store = installation.store

    def sequences(**conditions: Any) -> list[int]:
        return [record.sequence for record in store.records(**conditions)]

    assert sequences() == [1, 2, 3, 4, 5, 6]
    assert sequences(after=4) == [5, 6]
    assert sequences(since=times[2], until=times[4]) == [3, 4]
    assert sequences(actions=["block"]) == [2, 5]
    assert sequences(actions=["block", "redact"], after=2) == [3, 5, 6]
    assert [record.sequence for record in store.last(2)] == [5, 6]
    found = store.find(events[3].id)
    assert found is not None and found.sequence == 4


def test_reading_goes_over_pages(installation: Any, make_event: Callable[..., Event]) -> None:
    installation.fill(*[make_event()] * 2001)
    assert [record.sequence for record in installation.store.records()] == list(range(1, 2002))


def test_records_of_several_chains(installation: Any, make_event: Callable[..., Event]) -> None:
    store, (first, second, third) = installation.store, installation.ground.chains
    events = [make_event() for _ in range(6)]
    with closing(store.writer()) as one, closing(store.writer()) as two:
        for index, event in enumerate(events):
            writer = (one, two)[index % 2]
            writer.append([canonical(event)], Chain(installation.keys.audit, writer.chain), durable=False)
    assert store.chains() == [first, second]
    assert [(record.chain, record.sequence) for record in store.records(after=2)] == [
        (first, 2), (second, 2), (first, 3), (second, 3)
    ]  # fmt: skip
    assert [record.position for record in store.records()] == [1, 2, 3, 4, 5, 6]
    assert [record.event_id for record in store.chain(second)] == [event.id for event in events[1::2]]
    assert [record.sequence for record in store.chain(second, after=1)] == [2, 3]
    assert [record.event_id for record in store.last(2)] == [event.id for event in events[-2:]]
    assert store.head(second).sequence == 3
    assert list(store.chain(third)) == []


def test_chain_without_a_head_is_named(installation: Any, make_event: Callable[..., Event]) -> None:
    installation.fill(make_event())
    installation.ground.execute("UPDATE audit_record SET chain = 'x'")
    assert installation.store.chains() == [installation.ground.chains[0], "x"]
