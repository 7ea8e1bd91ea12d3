"""What was deleted and was not to go is told by `audit verify`, on each kind of database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tests.storage.sealed import Sealed
from tests.storage.test_expiry import expire

from promptguard.audit.retention.holds import Hold, holds, lifting, putting_on
from promptguard.audit.statements import StatementKind, statement
from promptguard.audit.verify import ProblemKind, verify
from promptguard.model import Event

FIRST_DAY = "2026-03-01T09:30:00.000Z"
EARLY = datetime(2026, 3, 1, 10, tzinfo=UTC)
LATE = datetime(2026, 3, 20, tzinfo=UTC)


@pytest.fixture
def event(sealed: Sealed, make_event: Callable[..., Event]) -> Event:
    made = replace(make_event(), time=FIRST_DAY)
    sealed.record(made)
    return made


def delete(sealed: Sealed, moment: datetime = LATE) -> None:
    """As who has the master key does, past all that is checked before."""
    (key,) = sealed.key_store.all()
    sealed.key_store.shred([sealed.ring.deleted(key, moment)], [])


def say(sealed: Sealed, moment: datetime = LATE, **members: object) -> None:
    (key,) = sealed.key_store.all()
    sealed.state(statement(StatementKind.EXPIRED, "anna", moment, keys=[key.id.hex()], **members))


def problem(sealed: Sealed) -> str:
    report = verify(sealed.opened, sealed.keys.audit, None, sealed.new_ring())  # as readers do
    assert report.first_problem is None or report.first_problem.kind == ProblemKind.DELETED
    return report.first_problem.sentence if report.first_problem else ""


def put_on(sealed: Sealed, hold: Hold, moment: datetime) -> None:
    members = {"reason": hold.reason, "since": hold.since, "decisions": hold.decisions, "destination": hold.destination}
    sealed.state(statement(StatementKind.HELD, hold.by, moment, hold=hold.id, **members))


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        (None, "nothing in the record says who had them expire"),
        ((LATE, {"periods": {"allow": 10}}), ""),
        ((LATE, {"periods": {"allow": 30}}), "before their time was over"),
        ((LATE, {}), ""),
        ((EARLY, {}), "before their time was over"),
    ],
)
def test_a_key_is_deleted_as_stated_and_in_time(sealed: Sealed, event: Event, stated, told: str) -> None:
    if stated:
        say(sealed, stated[0], **stated[1])
    delete(sealed)
    assert told in problem(sealed)
    assert bool(told) is bool(problem(sealed))


@pytest.mark.parametrize(
    ("since", "until", "hold", "told"),
    [
        ("2026-03-02", None, {"decisions": True}, True),
        ("2026-03-02", None, {"since": "2026-03-01T00:00:00.000Z"}, True),
        ("2026-03-02", "2026-03-25", {"decisions": True}, True),
        ("2026-03-02", "2026-03-19", {"decisions": True}, False),
        ("2026-03-21", None, {"decisions": True}, False),
        ("2026-03-02", None, {"since": "2026-03-05T00:00:00.000Z"}, False),
        ("2026-03-02", None, {"destination": "openai_api"}, False),  # what it was about is gone with it
    ],
)
def test_what_was_held_when_it_was_deleted(
    sealed: Sealed, event: Event, since: str, until: str | None, hold: dict[str, object], told: bool
) -> None:
    what = {**hold, "decisions": (event.id,)} if "decisions" in hold else hold
    put_on(sealed, Hold("hold-1", "ben", "Lawsuit", **what), datetime.fromisoformat(f"{since}T00:00Z"))
    if until:
        moment = datetime.fromisoformat(f"{until}T00:00Z")
        sealed.state(statement(StatementKind.RELEASED, "ben", moment, hold="hold-1", reason="Closed"))
    say(sealed, periods={"allow": 10})
    delete(sealed)
    assert problem(sealed).endswith("was deleted, and hold-1 (Lawsuit) was on it.") is told


def test_what_a_hold_kept_is_deleted_while_it_is_on(sealed: Sealed, event: Event) -> None:
    put_on(sealed, Hold("hold-1", "ben", "Lawsuit", decisions=(event.id,)), datetime(2026, 3, 2, tzinfo=UTC))
    expire(sealed)
    assert problem(sealed) == ""
    sealed.key_store.shred_kept([sealed.ring.lifted(each) for each in sealed.key_store.all_kept()])
    assert "hold-1 (Lawsuit) was on it" in problem(sealed)


def test_all_that_is_done_as_it_should(sealed: Sealed, event: Event) -> None:
    sealed.state(putting_on(Hold("hold-1", "ben", "Lawsuit", decisions=(event.id,))))
    expire(sealed)
    sealed.state(lifting(holds(sealed.store, sealed.keys.audit)[0], "anna", "Closed"))
    expire(sealed, date(2026, 3, 16))
    assert (sealed.verify().ok, sealed.verify().expired) == (True, 1)


def test_a_hold_that_was_lifted_and_never_put_on(sealed: Sealed, event: Event) -> None:
    sealed.state(statement(StatementKind.RELEASED, "ben", hold="hold-1", reason="Closed"))
    assert problem(sealed) == "hold-1 was lifted, and the statement that it was put on is missing."


def test_statements_that_a_restored_backup_lacks(sealed: Sealed, event: Event) -> None:
    delete(sealed)
    assert verify(sealed.store, sealed.keys.audit, None, sealed.new_ring(), restoring=True).ok
    sealed.state(statement(StatementKind.RESTORED, "ben", datetime(2026, 3, 21, tzinfo=UTC), backup="", lost={}))
    assert problem(sealed) == ""
