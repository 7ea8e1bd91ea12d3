from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from promptguard.audit.tail import Wanted, folded, format_line, summary, tail
from promptguard.model import Action, Decision, Event


class Enough(Exception):
    """Ends a tail that would go on forever."""


@pytest.mark.parametrize(("count", "expected"), [(0, []), (1, [3]), (2, [2, 3]), (20, [1, 2, 3])])
def test_last_events(installation: Any, make_event: Callable[..., Event], count: int, expected: list[int]) -> None:
    installation.fill(*(make_event() for _ in range(3)))
    assert [event["sequence"] for event in tail(installation.store, count)] == expected


@pytest.mark.parametrize(("present", "count", "expected"), [(0, 20, [1, 2]), (3, 2, [2, 3, 4, 5]), (3, 0, [4, 5])])
def test_follow(
    installation: Any, make_event: Callable[..., Event], present: int, count: int, expected: list[int]
) -> None:
    if present:
        installation.fill(*(make_event() for _ in range(present)))
    seen = []
    waits = 0

    def wait() -> None:
        nonlocal waits
        waits += 1
        if waits == 4:
            raise Enough
        if waits % 2:
            installation.fill(make_event())

    with pytest.raises(Enough):
        for event in tail(installation.store, count, follow=True, wait=wait):
            seen.append(event["sequence"])
    assert seen == expected


def line_of(event: Event) -> str:
    return format_line(asdict(event))


def test_line(make_event: Callable[..., Event]) -> None:
    event = replace(make_event(action=Action.BLOCK, found=2), id="pg-1", time="2026-03-01T09:30:00.000Z")
    assert line_of(event) == (
        "2026-03-01T09:30:00.000Z  block     openai_api  personal_data 2  the-rule  pg-1  p_abcdefghijklmnop"
    )


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({}, "  nothing found  "),
        ({"found": 1}, "  personal_data 1  "),
        ({"decision": Decision(Action.ALLOW, "rule", "reason", would=Action.BLOCK)}, "allow (would block)"),
    ],
)
def test_parts_of_a_line(make_event: Callable[..., Event], options: dict[str, Any], part: str) -> None:
    assert part in line_of(make_event(**options))


def test_not_inspected(make_event: Callable[..., Event]) -> None:
    event = replace(make_event(), inspection="not_inspected", problem="file.encrypted kind=pdf")
    assert "  not inspected  " in line_of(event)
    assert line_of(event).endswith("  file.encrypted kind=pdf")
    assert format_line(asdict(event), lambda reason: f"<{reason.code}>").endswith("  <file.encrypted>")


def test_languages_that_are_not_covered(make_event: Callable[..., Event]) -> None:
    event = replace(make_event(), uncovered_languages=("km", "pl"))
    assert line_of(event).endswith("  names not found reliably in: km pl")
    assert [number for _, number in folded([asdict(replace(event, id=id)) for id in ("one", "two")])] == [1, 1]


@pytest.mark.parametrize(("incident", "told"), [("", ""), ("pg-0", ""), ("pg-1", "  same prompt as pg-1")])
def test_a_later_decision_of_an_incident_names_the_first(
    make_event: Callable[..., Event], incident: str, told: str
) -> None:
    event = replace(make_event(), id="pg-0", incident=incident)
    assert line_of(event) == line_of(replace(event, incident="")) + told


def test_line_does_not_steer_the_terminal(make_event: Callable[..., Event]) -> None:
    line = line_of(replace(make_event(), rule="\x1b[2Jrule\r\n\x9b"))
    assert "?[2Jrule???" in line
    assert line.isprintable()


@pytest.mark.parametrize(
    ("wanted", "count", "expected"),
    [
        ({}, 20, ["a", "b", "c", "d"]),
        ({"actions": {"block"}}, 20, ["b", "d"]),
        ({"actions": {"block"}}, 1, ["d"]),
        ({"destinations": {"other"}}, 20, ["c"]),
        ({"pseudonyms": {"p_2"}}, 20, ["d"]),
        ({"since": datetime(2026, 3, 3, tzinfo=UTC)}, 20, ["c", "d"]),
        ({"since": datetime(2026, 3, 3, tzinfo=UTC), "actions": {"allow"}}, 20, ["c"]),
        ({"actions": {"redact"}}, 20, []),
    ],
)
def test_wanted(
    installation: Any, make_event: Callable[..., Event], wanted: dict[str, Any], count: int, expected: list[str]
) -> None:
    installation.fill(
        replace(make_event(), id="a", time="2026-03-01T09:30:00.000Z"),
        replace(make_event(action=Action.BLOCK, found=1), id="b", time="2026-03-02T09:30:00.000Z"),
        replace(make_event(), id="c", time="2026-03-03T09:30:00.000Z", destination="other"),
        replace(make_event(action=Action.BLOCK), id="d", time="2026-03-04T09:30:00.000Z", pseudonym="p_2"),
    )
    assert [event["id"] for event in tail(installation.store, count, wanted=Wanted(**wanted))] == expected


def test_what_is_followed_is_wanted_too(installation: Any, make_event: Callable[..., Event]) -> None:
    installation.fill(make_event())
    waits = 0

    def wait() -> None:
        nonlocal waits
        waits += 1
        if waits == 2:
            raise Enough
        installation.fill(make_event(), make_event(action=Action.BLOCK))

    seen = []
    with pytest.raises(Enough):
        for event in tail(installation.store, follow=True, wanted=Wanted(actions=frozenset({"block"})), wait=wait):
            seen.append(event["sequence"])
    assert seen == [3]


def test_clean_requests_in_a_row_are_told_once(make_event: Callable[..., Event]) -> None:
    clean = [replace(make_event(), id=f"clean-{number}") for number in range(3)]
    found = [replace(make_event(found=1), id=f"found-{number}") for number in range(2)]
    blocked = replace(make_event(action=Action.BLOCK), id="blocked")
    elsewhere = replace(make_event(), id="elsewhere", destination="other")
    events = [asdict(event) for event in (*clean, *found, clean[0], elsewhere, blocked, blocked)]
    told = list(folded(events))
    assert [(event["id"], number) for event, number in told] == [
        ("clean-2", 3),
        ("found-0", 1),
        ("found-1", 1),
        ("clean-0", 1),
        ("elsewhere", 1),
        ("blocked", 2),
    ]
    assert format_line(told[0][0], number=3).endswith("and 2 more like it before")
    assert summary(told) == "9 decisions: 7 allow, 2 block"
    assert summary([]) == "No such decisions are recorded."
