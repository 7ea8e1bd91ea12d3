"""What leaves: of 200 values that are planted in prompts, none; and of a record, what is listed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import orjson
import pytest
from tests.test_guard import bundle, chat, make_guard, patterns, send  # noqa: F401 - fixtures

from promptguard.audit.export import export
from promptguard.audit.forms import load_forms, written
from promptguard.audit.privacy import LeaveOut, PrivacyFilter
from promptguard.audit.record import parsed
from promptguard.model import Action, Event, Identity


def planted(count: int) -> list[tuple[str, str]]:
    """Values, each with a sentence around it: those that are found, and as many that nobody looks for."""
    chance = random.Random(11)

    def word(length: int = 12) -> str:
        return "".join(chance.choices("bcdfghjklmnpqrstvwxz", k=length))

    kinds: list[Callable[[], tuple[str, str]]] = [
        lambda: ((value := f"{word()}@{word(8)}-lane.com"), f"Write to {value} today"),
        lambda: ((value := f"{word(9)}7" + f"&{word(4).upper()}"), f"my password is {value}"),
        lambda: ((value := f"AKIA{word(16).upper()}"), f"aws key {value}"),
        lambda: ((value := f"{word()} {word()}"), f"The project {value} is secret"),
    ]
    return [kinds[number % len(kinds)]() for number in range(count)]


async def test_no_planted_value_is_in_any_line_of_any_form(make_guard: Any, installation: Any) -> None:  # noqa: F811
    events: list[Event] = []

    class Record:
        async def record(self, event: Event) -> None:
            events.append(event)

    guard = await make_guard(Record())
    values = planted(200)
    for start in range(0, len(values), 4):
        some = values[start : start + 4]
        who = Identity(some[0][0], "p_ada", frozenset({"sales"}))
        body = chat(*(("user", sentence) for _, sentence in some[:3]))
        await send(guard, body, who, query=some[3][0], headers={"content-type": "application/json", "x-a": some[3][0]})
    installation.fill(*events)
    actions = {event.action for event in events}
    assert len(events) == 50 and Action.BLOCK in actions
    for name, form in load_forms().items():
        lines = "".join(written(export(installation.store), form)).lower()
        assert lines.count("p_ada") >= 50
        leaked = [value for value, _ in values if value.lower() in lines]
        assert leaked == [], name


def test_every_field_of_an_event_is_listed_and_passes_unchanged(installation: Any, make_event: Any) -> None:
    event = make_event(action=Action.BLOCK, found=2)
    installation.fill(event)
    (record,) = export(installation.store)
    assert PrivacyFilter()(record) == record
    assert record.keys() >= {field.name for field in fields(Event)}


@pytest.mark.parametrize(
    ("member", "value", "leaves"),
    [
        ("prompt", "jane@orchard-lane.com", None),
        ("id", "jane@orchard-lane.com", ""),
        ("host", "https://x/?q=jane", ""),
        ("pseudonym", "jane@orchard-lane.com", ""),
        ("hash", "jane", ""),
        ("latency_ms", {"read": "jane"}, {"read": 0}),
        ("groups", [{"name": "jane"}, "sales"], ["sales"]),
        ("segments", "jane", 0),
        ("test", "jane", False),
        ("allowances", [{"id": "jane@orchard-lane.com", "count": 1, "value": "Jane"}], [{"id": "", "count": 1}]),
        ("allowances", [{"id": "allow.yaml:3", "count": "Jane"}], [{"id": "allow.yaml:3", "count": 0}]),
        (
            "verdicts",
            [{"verdict": "Jane", "by": "jane@orchard-lane.com", "account": "Jane"}],
            [{"verdict": "", "by": ""}],
        ),
        ("findings", [{"shape": "Jane", "fingerprint": "Jane", "value": "Jane"}], [{"shape": "", "fingerprint": ""}]),
    ],
)
def test_what_is_not_listed_or_not_of_its_form_stays(member: str, value: Any, leaves: Any) -> None:
    assert PrivacyFilter()({member: value}) == ({} if leaves is None else {member: leaves})


@pytest.mark.parametrize("member", list(LeaveOut))
@pytest.mark.parametrize("form", sorted(load_forms()))
def test_what_a_company_leaves_out_is_in_no_line(
    installation: Any, make_event: Any, member: LeaveOut, form: str
) -> None:
    told = {
        LeaveOut.PSEUDONYM: "p_abcdefghijklmnop",
        LeaveOut.GROUPS: "fjord",
        LeaveOut.SUBJECT: "heath",
        LeaveOut.FINGERPRINT: "f" * 32,
        LeaveOut.SHAPE: "aaa@aaa.aa",
        LeaveOut.OFFSETS: "424242",
        LeaveOut.COMMENTS: "a remark",
    }
    installation.fill(make_event(action=Action.BLOCK, found=1))
    (record,) = export(installation.store)
    record["groups"] = ["fjord"]
    record["verdicts"] = [{"verdict": "true_alarm", "by": "analyst", "comment": "a remark", "time": record["time"]}]
    record["findings"][0] |= {"subject": "heath", "start": 424242, "end": 424242}
    left_out = "".join(written([record], load_forms()[form], PrivacyFilter([member])))
    assert told[member] not in left_out
    assert "api.openai.com" in left_out


def test_damaged_members_do_not_stop_the_rest() -> None:
    record = parsed(orjson.dumps({"findings": "none", "detectors": 3, "action": "block"}))
    assert PrivacyFilter()(record) == {"findings": [], "detectors": [], "action": "block"}
