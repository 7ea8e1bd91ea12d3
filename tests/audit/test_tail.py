from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import pytest

from promptguard.audit.tail import format_line, tail
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


def test_line_does_not_steer_the_terminal(make_event: Callable[..., Event]) -> None:
    line = line_of(replace(make_event(), rule="\x1b[2Jrule\r\n\x9b"))
    assert "?[2Jrule???" in line
    assert line.isprintable()
