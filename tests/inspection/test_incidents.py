"""Which decisions are one incident."""

from __future__ import annotations

import pytest

from promptguard.inspection.incidents import (
    MAX_INCIDENTS,
    MAX_SCOPES,
    MAX_VALUES,
    NO_INCIDENT,
    Incident,
    Incidents,
)

DRAFT, MESSAGE = True, False
CARD, PART, OTHER = frozenset({"card"}), frozenset({"part"}), frozenset({"other"})

type Step = tuple[float, str, frozenset[str], bool, int, bool]
"""Seconds, scope, values, draft or message; the number of the step whose incident it is, and whether it is told."""


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param(
            [(0, "a", PART, DRAFT, 0, False), (5, "a", OTHER, DRAFT, 0, False), (9, "a", CARD, MESSAGE, 0, True)],
            id="drafts are told with the message",
        ),
        pytest.param(
            [(0, "a", PART, DRAFT, 0, False), (25, "a", PART, DRAFT, 0, False), (50, "a", CARD, MESSAGE, 0, True)],
            id="typing may take longer",
        ),
        pytest.param(
            [(0, "a", PART, DRAFT, 0, False), (31, "a", CARD, MESSAGE, 1, True)],
            id="a draft that was given up",
        ),
        pytest.param(
            [(0, "a", CARD, MESSAGE, 0, True), (10, "a", CARD, MESSAGE, 0, False), (29, "a", CARD, MESSAGE, 0, False)],
            id="the same again",
        ),
        pytest.param(
            [(0, "a", CARD, MESSAGE, 0, True), (20, "a", CARD, MESSAGE, 0, False), (31, "a", CARD, MESSAGE, 2, True)],
            id="who goes on is told again",
        ),
        pytest.param(
            [(0, "a", CARD, MESSAGE, 0, True), (1, "a", OTHER, MESSAGE, 1, True), (2, "a", CARD, MESSAGE, 0, False)],
            id="something else between",
        ),
        pytest.param(
            [(0, "a", CARD, MESSAGE, 0, True), (1, "a", CARD | OTHER, MESSAGE, 1, True)],
            id="more than before",
        ),
        pytest.param(
            [
                (0, "a", CARD | OTHER, MESSAGE, 0, True),
                (1, "a", CARD, DRAFT, 0, False),
                (2, "a", PART, DRAFT, 2, False),
            ],
            id="the box is read again",
        ),
        pytest.param(
            [(0, "a", CARD, MESSAGE, 0, True), (1, "b", CARD, MESSAGE, 1, True), (2, "a", CARD, MESSAGE, 0, False)],
            id="another person or service",
        ),
    ],
)
def test_one_incident_is_told_once(steps: list[Step]) -> None:
    now = 0.0
    incidents = Incidents(lambda: now)
    for number, (moment, scope, values, draft, first, told) in enumerate(steps):
        now = moment
        assert incidents.place(scope, f"pg-{number}", values, draft=draft) == Incident(f"pg-{first}", not told)


def test_nothing_found_is_no_incident() -> None:
    assert Incidents().place("a", "pg-0", frozenset(), draft=False) == NO_INCIDENT == Incident("", False)


def test_memory_is_bounded() -> None:
    incidents = Incidents(lambda: 0.0)
    for number in range(MAX_SCOPES + 1):
        incidents.place(f"scope {number}", f"pg-{number}", CARD, draft=False)
    assert incidents.place("scope 0", "pg-new", CARD, draft=False) == Incident("pg-new")
    assert incidents.place(f"scope {MAX_SCOPES}", "pg-new", CARD, draft=False).told
    for number in range(MAX_INCIDENTS + 1):
        incidents.place("many", f"pg-{number}", frozenset({str(number)}), draft=False)
    assert not incidents.place("many", "pg-new", frozenset({"0"}), draft=False).told
    many = frozenset(map(str, range(MAX_VALUES + 1)))
    assert [incidents.place("large", id, many, draft=False) for id in ("pg-1", "pg-2")] == [
        ("pg-1", False),
        ("pg-2", False),
    ]
