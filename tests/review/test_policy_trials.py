"""A policy tried on what was recorded: what is told of decisions by orders about people."""

from __future__ import annotations

import orjson
import pytest
from tests.samples.reviewing import event

from promptguard.audit.interface import Record
from promptguard.audit.record import canonical
from promptguard.model import Action
from promptguard.policy.policy import Policy
from promptguard.policy.schema import PolicyFile
from promptguard.review.groups import FEWEST
from promptguard.review.policy_trials import tried

RULES = [{"id": "all", "action": "allow", "reason": "All may."}]
POLICY = Policy(PolicyFile.model_validate_json(orjson.dumps({"version": "1", "rules": RULES})))


def records(rule: str, people: int) -> list[Record]:
    """One decision of each of some people."""
    made = [canonical(event(action=Action.BLOCK, rule=rule, person=f"p_{number}")) for number in range(people)]
    return [
        Record(number, each.event_id, each.time, each.action, each.event, b"", b"", b"", chain="1")
        for number, each in enumerate(made, 1)
    ]


@pytest.mark.parametrize(
    ("rule", "people", "is_counted"),
    [
        ("exception:or-1", FEWEST - 1, False),
        ("exception:or-1", FEWEST, True),
    ],
)
def test_of_an_order_about_few_people_no_number_is_told(rule: str, people: int, is_counted: bool) -> None:
    trial = tried(POLICY, records(rule, people), lambda _: None, {})
    (shift,) = trial.shifts
    assert (shift.was, shift.was_rule, shift.now) == ("block", rule, "allow")
    assert shift.count == (people if is_counted else None)
    assert trial.changed == (people if is_counted else 0)
    assert bool(shift.ids) is is_counted


@pytest.mark.parametrize("rule", ["suspension:or-1", "stop:or-1"])
def test_what_an_order_held_no_policy_lets_go(rule: str) -> None:
    trial = tried(POLICY, records(rule, FEWEST), lambda _: None, {})
    assert (list(trial.shifts), trial.changed) == ([], 0)
