from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from promptguard.detectors.false_alarms import FalseAlarm, FalseAlarmState, NoLongerPossible
from promptguard.storage.false_alarms import DatabaseFalseAlarms
from promptguard.storage.tables import allowance

NOW = "2026-03-01T09:30:00.000Z"
ASKED = FalseAlarm(
    "al-1", "f" * 32, "EMAIL_ADDRESS", "personal_data", "pg-1", "Our own address", "a1", "Ann", NOW, "2026-03-09T"
)


@pytest.fixture
def alarms(installation: Any) -> DatabaseFalseAlarms:
    return DatabaseFalseAlarms(installation.database, installation.keys)


def answer(alarms: DatabaseFalseAlarms, state: FalseAlarmState, now: str = NOW) -> FalseAlarm:
    return alarms.answer("al-1", state, by="b1", name="Bob", now=now)


def test_from_being_asked_for_to_being_revoked(alarms: DatabaseFalseAlarms) -> None:
    alarms.ask([ASKED, replace(ASKED, id="al-2", asked="2026-03-02")])
    assert alarms.revision().startswith("0 ")
    accepted = answer(alarms, FalseAlarmState.ACCEPTED)
    assert accepted == replace(ASKED, state=FalseAlarmState.ACCEPTED, decided_by="b1", decided_name="Bob", decided=NOW)
    assert [each.id for each in alarms.all()] == ["al-2", "al-1"]
    assert [each.holds(NOW) for each in alarms.all()] == [False, True]
    assert not accepted.holds("2026-03-09T00")
    assert answer(alarms, FalseAlarmState.REVOKED).state is FalseAlarmState.REVOKED
    assert alarms.revision().startswith("2 ")
    assert not any(each.holds(NOW) for each in alarms.all())


@pytest.mark.parametrize(
    ("before", "state", "now"),
    [
        ([], FalseAlarmState.REVOKED, NOW),
        ([FalseAlarmState.ACCEPTED], FalseAlarmState.ACCEPTED, NOW),
        ([FalseAlarmState.REFUSED], FalseAlarmState.ACCEPTED, NOW),
        ([FalseAlarmState.ACCEPTED, FalseAlarmState.REVOKED], FalseAlarmState.ACCEPTED, NOW),
        ([], FalseAlarmState.ACCEPTED, "2026-03-09T00"),
        ([], FalseAlarmState.ASKED, NOW),
    ],
)
def test_what_cannot_follow(
    before: list[FalseAlarmState], state: FalseAlarmState, now: str, alarms: DatabaseFalseAlarms
) -> None:
    alarms.ask([ASKED])
    for each in before:
        answer(alarms, each)
    known = alarms.all(), alarms.revision()
    with pytest.raises(NoLongerPossible):
        answer(alarms, state, now)
    assert (alarms.all(), alarms.revision()) == known


@pytest.mark.parametrize(
    "change", ["state = 'accepted'", "state = 'anything'", "fingerprint = 'e'", "expires = '2999'", "data_class = 'x'"]
)
def test_who_has_the_database_alone_lets_nothing_pass(
    change: str, alarms: DatabaseFalseAlarms, installation: Any
) -> None:
    alarms.ask([ASKED])
    if "state" not in change:
        answer(alarms, FalseAlarmState.ACCEPTED)
    installation.ground.execute(f"UPDATE allowance SET {change}")  # noqa: S608 - ours
    (changed,) = alarms.all()
    assert not changed.genuine
    assert not changed.holds(NOW)
    with pytest.raises(NoLongerPossible):
        answer(alarms, FalseAlarmState.REVOKED)


@pytest.mark.parametrize(
    ("states", "before", "left"),
    [
        ([], "2026-03-02", 1),
        ([], "2026-03-10", 0),
        ([FalseAlarmState.REFUSED], "2026-03-02", 0),
        ([FalseAlarmState.ACCEPTED], "2026-03-02", 1),
        ([FalseAlarmState.ACCEPTED], "2026-03-10", 0),
        ([FalseAlarmState.ACCEPTED, FalseAlarmState.REVOKED], "2026-03-02", 0),
    ],
)
def test_what_passes_no_more_is_forgotten(states, before: str, left: int, alarms: DatabaseFalseAlarms) -> None:
    alarms.ask([ASKED])
    for each in states:
        answer(alarms, each)
    assert alarms.forget(before) == 1 - left
    assert len(alarms.all()) == left


def test_one_that_was_revoked_passes_no_more_where_its_row_is_put_back(
    alarms: DatabaseFalseAlarms, installation: Any
) -> None:
    alarms.ask([ASKED])
    answer(alarms, FalseAlarmState.ACCEPTED)
    columns = {"state": "accepted", "decided": NOW, "decided_by": "b1", "decided_name": "Bob"}
    with installation.database.reading() as connection:
        mac = connection.scalar(select(allowance.c.mac))
    answer(alarms, FalseAlarmState.REVOKED, "2026-03-01T10")
    with installation.database.writing() as connection:
        connection.execute(update(allowance).values(**columns, mac=mac))
    ((back,), doubt) = alarms.read()
    assert back.genuine and back.in_doubt and not back.holds(NOW)
    assert doubt
    alarms.note()
    assert alarms.forget("2027-01-01") == 0
    alarms.accept(NOW)
    ((back,), doubt) = alarms.read()
    assert (back.holds(NOW), doubt) == (True, ""), "somebody has looked"
    alarms.restored()
    assert not alarms.all()[0].holds(NOW)
