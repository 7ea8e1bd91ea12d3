from dataclasses import replace

import pytest
from tests.review.incidents.conftest import BEGIN, SHIPPED

from promptguard.review.incidents.case import IncidentCase, IncidentSource, StepDone, Who, duration

CASE = IncidentCase(
    id="in-1",
    kind_id="credential_exposed",
    kind=SHIPPED.kind("credential_exposed"),
    exposed=True,
    what="",
    source=IncidentSource.RULE,
    rule="",
    began=BEGIN,
    opened=BEGIN,
    opened_by=Who(),
    owner=Who(),
    offered_to=Who(),
    acknowledged=None,
    closed=None,
    reopened=None,
    reason="",
    conclusion=None,
    round=1,
    decisions=(),
    done={},
)


def done(**minutes: int) -> dict[str, StepDone]:
    return {step: StepDone(BEGIN + 60 * minute, Who()) for step, minute in minutes.items()}


@pytest.mark.parametrize(
    ("steps", "minute", "told", "overdue"),
    [
        ({}, 0, "15 min left", False),
        ({}, 15, "0 s left", False),
        ({}, 16, "overdue by 1 min", True),
        ({"rotated": 3}, 14, "1 min left", False),
        ({"rotated": 3}, 100, "overdue by 1 h 25 min", True),
        ({"rotated": 3, "notified": 9}, 100, "done in time", False),
        ({"rotated": 3, "notified": 40}, 100, "done 25 min late", False),
    ],
)
def test_the_clock_is_told_in_words(steps, minute: int, told: str, overdue: bool) -> None:
    case = replace(CASE, done=done(**steps))
    assert case.time_left(BEGIN + 60 * minute) == told
    assert case.overdue(BEGIN + 60 * minute) is overdue


def test_what_is_to_be_done_at_once_is_overdue_at_once() -> None:
    case = replace(CASE, kind=SHIPPED.kind("phishing"))
    assert case.time_left(BEGIN + 60) == "at once: open for 1 min"
    assert case.overdue(BEGIN + 1)


def test_a_kind_that_is_gone_is_still_shown() -> None:
    case = replace(CASE, kind=None)
    assert (case.title, case.time_left(BEGIN)) == ("credential exposed", "no deadline")
    assert not case.overdue(BEGIN + 1)


def test_clients_are_not_told_before_the_assessment_is_signed() -> None:
    assert CASE.client_locked
    assert not replace(CASE, done=done(assessed=1)).client_locked


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(-3, "0 s"), (59, "59 s"), (61, "1 min"), (3660, "1 h 01 min"), (47 * 3600, "47 h 00 min"), (3 * 86400, "3 days")],
)
def test_spans_of_time(seconds: int, told: str) -> None:
    assert duration(seconds) == told
