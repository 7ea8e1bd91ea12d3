"""What expires and what does not, on each kind of database."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import orjson
import pytest
from sqlalchemy import text
from tests.storage.sealed import Sealed

from promptguard.audit.chain import Chain
from promptguard.audit.found_later import Kind, found_later, show_found_later
from promptguard.audit.interface import RecordDamaged
from promptguard.audit.record import canonical
from promptguard.audit.retention.classes import Periods
from promptguard.audit.retention.expiry import Expiry
from promptguard.audit.retention.holds import Hold, holds, lifting, putting_on
from promptguard.audit.sealing.envelope import emptied, header_of
from promptguard.audit.verify import ProblemKind
from promptguard.errors import PromptGuardError
from promptguard.model import Action, Event

PERIODS = Periods({"allow": 10, "block": 30}, {"personal_data": 20})
LATER = date(2026, 3, 15)
"""When what was allowed on the first of March is to go, and what was blocked is not."""


LATER_FOUND = Kind("PERSON", "personal_data", "redact", "the-rule")


def expiry(sealed: Sealed, forgotten: list[int] | None = None) -> Expiry:
    kept = [] if forgotten is None else forgotten
    return Expiry(
        sealed.store, sealed.key_store, sealed.new_ring(), PERIODS, sealed.keys.audit, lambda some: kept.extend(some)
    )


def expire(sealed: Sealed, today: date = LATER, forgotten: list[int] | None = None) -> int:
    it = expiry(sealed, forgotten)
    due = it.due(today)
    it.carry_out(due, "anna", sealed.state, datetime(today.year, today.month, today.day, tzinfo=UTC))
    return due.records


def ids(sealed: Sealed) -> list[str]:
    return [record.event_id for record in sealed.opened.records()]


@pytest.fixture
def events(sealed: Sealed, make_event: Callable[..., Event]) -> list[Event]:
    """Allowed, blocked, allowed on one day, allowed on the next, all of one service."""
    made = [
        replace(make_event(action=action, found=found), time=f"2026-03-0{day}T09:30:0{index}.000Z", incident=incident)
        for index, (action, found, day, incident) in enumerate(
            [(Action.ALLOW, 0, 1, ""), (Action.BLOCK, 1, 1, ""), (Action.ALLOW, 0, 1, "pg-I"), (Action.ALLOW, 0, 2, "")]
        )
    ]
    sealed.record(*made[:3])
    sealed.now += 86_400
    sealed.record(made[3])
    return made


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (date(2026, 3, 11), [0, 1, 2, 3]),
        (date(2026, 3, 12), [1, 3]),
        (date(2026, 3, 13), [1]),
        (date(2026, 3, 21), [1]),
        (date(2026, 3, 22), []),
    ],
)
def test_the_shortest_period_counts(sealed: Sealed, events: list[Event], today: date, left: list[int]) -> None:
    forgotten: list[int] = []
    expired = expire(sealed, today, forgotten)
    assert ids(sealed) == [events[index].id for index in left]
    assert expired == len(set(forgotten)) == 4 - len(left)
    report = sealed.verify()
    assert (report.ok, report.expired) == (True, expired)
    assert expire(sealed, today) == 0


def test_it_is_stated_who_had_what_expire(sealed: Sealed, events: list[Event]) -> None:
    expire(sealed)
    (record,) = sealed.store.statements()
    stated = orjson.loads(record.event)
    assert (stated["by"], stated["records"], stated["held"]) == ("anna", 3, 0)
    assert stated["classes"] == [
        {"retention_class": "allow", "day": "2026-03-01", "records": 2},
        {"retention_class": "allow", "day": "2026-03-02", "records": 1},
    ]
    assert ids(sealed) == [events[1].id]  # statements are no decisions


def test_nothing_of_it_is_left_to_be_opened(sealed: Sealed, events: list[Event]) -> None:
    """Not with all that is there, and a copy of the database from before."""
    copy = list(sealed.store.records())
    expire(sealed)
    ring = sealed.new_ring()
    assert [ring.opened(record.event) is None for record in copy] == [True, False, True, True]
    assert [header.emptied for record in sealed.store.records() if (header := header_of(record.event))] == [
        True, False, True, True
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("hold", "held"),
    [
        (Hold("hold-1", "anna", "Case", since="2026-03-01T00:00:00.000Z"), [0, 1, 2, 3]),
        (Hold("hold-1", "anna", "Case", until="2026-03-01T09:30:02.000Z"), [0, 1]),
        (Hold("hold-1", "anna", "Case", since="2026-03-02T00:00:00.000Z", destination="openai_api"), [1, 3]),
        (Hold("hold-1", "anna", "Case", destination="elsewhere"), [1]),
        (Hold("hold-1", "anna", "Case", incident="pg-I"), [1, 2]),
    ],
)
def test_what_is_held_stays(sealed: Sealed, events: list[Event], hold: Hold, held: list[int]) -> None:
    sealed.state(putting_on(hold))
    expire(sealed)
    assert ids(sealed) == [events[index].id for index in held]
    assert sealed.verify().ok
    assert expire(sealed) == 0
    assert ids(sealed) == [events[index].id for index in held]
    sealed.state(lifting(holds(sealed.store, sealed.keys.audit)[0], "ben", "Closed"))
    assert expire(sealed) == len(held) - 1
    assert ids(sealed) == [events[1].id]
    assert not any(kept.wrapped for kept in sealed.key_store.all_kept())
    assert (sealed.verify().ok, sealed.verify().expired) == (True, 3)


def test_single_decisions_are_held(sealed: Sealed, events: list[Event]) -> None:
    sealed.state(putting_on(Hold("hold-1", "anna", "Case", decisions=(events[2].id,))))
    expire(sealed)
    assert ids(sealed) == [events[1].id, events[2].id]


def test_what_was_recorded_before_events_were_sealed(sealed: Sealed, make_event: Callable[..., Event]) -> None:
    events = [replace(make_event(), time=f"2026-03-{day:02}T09:30:00.000Z") for day in (1, 2, 14)]
    with closing(sealed.store.writer()) as writer:
        writer.append([canonical(event) for event in events], Chain(sealed.keys.audit, writer.chain), durable=False)
    sealed.now += 13 * 86_400
    sealed.record(make_event())
    sealed.state(putting_on(Hold("hold-1", "anna", "Case", decisions=(events[1].id,))))
    assert expire(sealed) == 1
    assert ids(sealed)[:2] == [events[1].id, events[2].id]
    assert (sealed.verify().ok, sealed.verify().expired) == (True, 1)
    assert b"2026-03-01" not in sealed.store.at(1).event
    sealed.store.replace_events({3: b"\x03" + bytes(32)})  # as somebody without the keys would
    assert not sealed.verify().ok


def test_what_an_older_proxy_records_beside_one_that_seals(sealed: Sealed, make_event: Callable[..., Event]) -> None:
    """One that was not brought up to date yet."""
    sealed.record(replace(make_event(), time="2026-03-01T09:30:00.000Z"))
    sealed.now += 86_400
    sealed.record(replace(make_event(), time="2026-03-02T09:30:00.000Z"))
    with closing(sealed.store.writer()) as writer:
        late = canonical(replace(make_event(), time="2026-03-02T10:00:00.000Z"))
        writer.append([late], Chain(sealed.keys.audit, writer.chain), durable=False)
    assert expire(sealed) == 3
    assert ids(sealed) == []


def test_cut_off_between_keys_and_records(sealed: Sealed, events: list[Event], monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys are gone first: the rest is made up for."""
    it = expiry(sealed)
    with monkeypatch.context() as patch:
        patch.setattr(sealed.store, "replace_events", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            it.carry_out(it.due(LATER), "anna", sealed.state, datetime(2026, 3, 15, tzinfo=UTC))
    assert ids(sealed) == [events[1].id]
    assert sealed.verify().ok
    assert expire(sealed) == 0
    assert sum(header.emptied for record in sealed.store.records() if (header := header_of(record.event))) == 3


def test_nothing_expires_that_is_not_stated(sealed: Sealed, events: list[Event]) -> None:
    it = expiry(sealed)

    def refuse(_: Any) -> None:
        raise PromptGuardError("The record is full.")

    with pytest.raises(PromptGuardError, match="full"):
        it.carry_out(it.due(LATER), "anna", refuse)
    assert len(ids(sealed)) == 4


def test_nothing_expires_by_a_changed_hold(sealed: Sealed, events: list[Event]) -> None:
    sealed.state(putting_on(Hold("hold-1", "anna", "Case", destination="openai_api")))
    (record,) = sealed.store.statements()
    sealed.store.replace_events({record.position: record.event.replace(b"openai_api", b"openai_apj")})
    with pytest.raises(RecordDamaged, match="Nothing expires"):
        expiry(sealed).due(LATER)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_data_key SET day = '2020-01-01'",
        "UPDATE audit_data_key SET retention_class = 'allow'",
        "UPDATE audit_data_key SET day = '2030-01-01'",
        "UPDATE audit_data_key SET wrapped = {zero}, expired = '2026-03-02T00:00:00.000Z'",
    ],
)
def test_nothing_expires_by_changed_keys(sealed: Sealed, events: list[Event], change: str) -> None:
    """Who moves the day of a key back has not made its records' time be over."""
    execute(sealed, change)
    with pytest.raises(RecordDamaged, match="key of a record"):
        expiry(sealed).due(date(2026, 3, 3))


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM audit_kept_key WHERE event_id = '{held}'",
        "UPDATE audit_kept_key SET event_id = '{other}' WHERE event_id = '{held}'",
        "UPDATE audit_kept_key SET wrapped = {zero} WHERE event_id = '{held}'",
        "UPDATE audit_kept_key SET wrapped = substr(wrapped, 1, 0) WHERE event_id = '{held}'",
        "UPDATE audit_kept_key SET nonce = substr(wrapped, 1, 16) WHERE event_id = '{held}'",
    ],
)
def test_what_is_held_cannot_be_passed_off_as_expired(sealed: Sealed, events: list[Event], change: str) -> None:
    """By somebody who has the databases alone, and empties the record too."""
    hold = Hold("hold-1", "anna", "Case", decisions=(events[0].id, events[3].id))
    sealed.state(putting_on(hold))
    expire(sealed)
    execute(sealed, change, held=events[0].id, other=events[1].id)
    record = sealed.store.find(events[0].id)
    assert record is not None
    sealed.store.replace_events({record.position: emptied(record.event)})
    problem = sealed.verify().first_problem
    assert problem is not None and problem.kind == ProblemKind.CHANGED
    assert (found := sealed.opened.find(events[3].id)) is not None and found.event.startswith(b"{")


def test_a_held_record_that_stands_twice(sealed: Sealed, events: list[Event]) -> None:
    """Recorded again in another chain, where the answer to its first commit was lost."""
    sealed.record(events[0])
    sealed.state(putting_on(Hold("hold-1", "anna", "Case", decisions=(events[0].id,))))
    expire(sealed)
    expire(sealed)
    assert ids(sealed) == [events[0].id, events[1].id, events[0].id]


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM audit_record WHERE action = 'held'",
        "UPDATE audit_record SET action = 'allow' WHERE action = 'held'",
        "DELETE FROM audit_record WHERE sequence > 4",
        "UPDATE audit_record SET sequence = 9 WHERE action = 'held'",
        "UPDATE audit_record SET chain = 'elsewhere', sequence = 1 WHERE action = 'held'",
        "DELETE FROM audit_head",
    ],
)
def test_nothing_expires_where_a_hold_may_have_been_taken_away(
    sealed: Sealed, events: list[Event], change: str
) -> None:
    sealed.state(putting_on(Hold("hold-1", "anna", "Case", destination="openai_api")))
    sealed.record(replace(events[0], id="pg-later"))
    sealed.ground.execute(change)
    with pytest.raises(RecordDamaged, match="Nothing expires until then"):
        expiry(sealed).due(LATER)


def execute(sealed: Sealed, statement: str, **values: str) -> None:
    with sealed.key_store._database.writing() as connection:
        connection.execute(text(statement.format(zero=sealed.ground.zero, **values)))


@pytest.mark.parametrize(
    ("hold", "problem"),
    [
        (Hold("hold-1", "anna", " ", incident="pg-I"), "has a reason"),
        (Hold("hold-1", "anna", "Case"), "what is to be held"),
        (Hold("hold-1", "anna", "Case", decisions=("pg-1",) * 1001), "at most 1000"),
        (Hold("hold-1", "anna", "Case", since="2026-03-01", until="2026-02-01"), "ends before it begins"),
    ],
)
def test_holds_that_are_none(hold: Hold, problem: str) -> None:
    with pytest.raises(PromptGuardError, match=problem):
        putting_on(hold)


def test_a_hold_is_lifted_once(sealed: Sealed) -> None:
    sealed.state(putting_on(Hold("hold-1", "anna", "Case", incident="pg-I")))
    sealed.state(lifting(holds(sealed.store, sealed.keys.audit)[0], "ben", "Closed"))
    (hold,) = holds(sealed.store, sealed.keys.audit)
    assert hold.released_by == "ben"
    with pytest.raises(PromptGuardError, match="was lifted on"):
        lifting(hold, "ben", "Again")


def later(event: Event) -> Any:
    return found_later(
        decision_id=event.id,
        decided=event.action,
        destination=event.destination,
        incident=event.incident,
        found=[LATER_FOUND, LATER_FOUND],
        now=datetime.fromisoformat(event.time),
    )


@pytest.mark.parametrize(
    ("hold", "left"),
    [
        (None, False),
        (lambda event: Hold("hold-1", "anna", "Case", decisions=(event.id,)), True),
        (lambda event: Hold("hold-1", "anna", "Case", incident="pg-I"), True),
        (lambda event: Hold("hold-1", "anna", "Case", destination=event.destination), True),
        (lambda event: Hold("hold-1", "anna", "Case", incident="pg-J"), False),
    ],
)
def test_what_was_found_later_is_sealed_and_stays_as_long_as_its_decision(
    sealed: Sealed, events: list[Event], hold: Callable[[Event], Hold] | None, left: bool
) -> None:
    sealed.state(later(events[2]))
    if hold:
        sealed.state(putting_on(hold(events[2])))
    found = show_found_later(sealed.opened, events[2].id)
    assert found is not None and found.by_type == {"PERSON": 2}
    assert ids(sealed) == [event.id for event in events]  # it is no decision
    assert b"PERSON" not in sealed.ground.content()
    assert sealed.verify().ok
    expire(sealed)
    assert (show_found_later(sealed.opened, events[2].id) is not None) is left
    assert sealed.verify().ok


@pytest.mark.parametrize("kept", [False, True])
def test_an_open_incident_keeps_what_was_found_later_with_its_decision(
    sealed: Sealed, events: list[Event], kept: bool
) -> None:
    sealed.state(later(events[2]))
    it = Expiry(
        sealed.store, sealed.key_store, sealed.new_ring(), PERIODS, sealed.keys.audit,
        kept=lambda: {events[2].id} if kept else set(),
    )  # fmt: skip
    it.carry_out(it.due(date(2026, 3, 25)), "anna", sealed.state, datetime(2026, 3, 25, tzinfo=UTC))
    assert (show_found_later(sealed.opened, events[2].id) is not None) is kept
    assert (events[2].id in ids(sealed)) is kept
    assert sealed.verify().ok


def test_what_was_found_later_cannot_be_changed(sealed: Sealed, events: list[Event]) -> None:
    sealed.state(later(events[2]))
    sealed.ground.execute("UPDATE audit_record SET action = 'allow' WHERE action = 'found_later'")
    report = sealed.verify()
    assert report.first_problem is not None
    assert report.first_problem.kind is ProblemKind.FORGED
