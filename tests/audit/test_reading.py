import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from promptguard.audit.reading import Reader
from promptguard.errors import PromptGuardError
from promptguard.model import Action, Event
from promptguard.reasons import Code, Reason


@pytest.fixture
def reader(installation: Any) -> Reader:
    return Reader(installation.store, lambda: installation.keys)


@pytest.fixture
def events(installation: Any, make_event: Callable[..., Event]) -> list[Event]:
    made = [
        replace(make_event(), time="2026-03-01T09:30:00.000Z"),
        replace(
            make_event(action=Action.BLOCK, found=1), time="2026-03-02T09:30:00.000Z", adjusted="decision.returned"
        ),
    ]
    installation.fill(*made)
    return made


def test_reader(reader: Reader, events: list[Event]) -> None:
    assert reader.reasons(events[1].id) == [Reason(Code.DECISION_RETURNED)]
    assert [events[1].id == event["id"] for event in reader.tail(5)] == [False, True]
    shown = reader.show(events[0].id)
    assert shown is not None
    assert json.loads(shown)["id"] == events[0].id
    assert reader.show("pg-0") is None
    assert reader.reasons("pg-0") == reader.reasons(events[0].id) == []
    assert reader.verify().ok


@pytest.mark.parametrize(
    ("since", "until", "actions", "chosen"),
    [
        (None, None, (), [0, 1]),
        (None, None, ("block",), [1]),
        ("2026-03-02", None, (), [1]),
        (None, "2026-03-02T00:00:00Z", (), [0]),
        ("2026-03-01T10:30:00.001+01:00", None, (), [1]),
        ("2026-03-01T10:30:00+01:00", None, (), [0, 1]),
        ("2026-03-01", "2026-03-03", ("redact",), []),
    ],
)
def test_export(
    reader: Reader,
    events: list[Event],
    since: str | None,
    until: str | None,
    actions: tuple[str, ...],
    chosen: list[int],
) -> None:
    exported = [json.loads(line)["id"] for line in reader.export("jsonl", since=since, until=until, actions=actions)]
    assert exported == [events[index].id for index in chosen]


def test_time_that_is_none(reader: Reader) -> None:
    with pytest.raises(PromptGuardError, match="2026-01-31"):
        list(reader.export("csv", since="yesterday", until=None, actions=()))
