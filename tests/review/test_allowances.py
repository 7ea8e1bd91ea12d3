from __future__ import annotations

import pytest

from promptguard.detectors.false_alarms import FalseAlarm
from promptguard.review.allowances import LetPass, let_pass

ALARM = FalseAlarm("al-1", "f", "EMAIL_ADDRESS", "personal_data", "pg-1", "a sample", "a", "Ann", "2026", "2027")
FILES = {
    "policy.yaml": "allow: [{id: not-here, values: [x]}]",
    "recognizers/allow.yaml": "allow:\n  - {values: [x], reason: Our own}\n",
    "recognizers/allow_more.yaml": "allow: [{id: contacts, values: [x]}]",
    "recognizers/allow_of_before.yaml": "allow: [{unknown: x}]",
}


@pytest.mark.parametrize(
    ("id", "told"),
    [
        ("al-1", LetPass("al-1", 2, ALARM)),
        ("al-2", LetPass("al-2", 2)),
        ("allow.yaml:2", LetPass("allow.yaml:2", 2, None, "recognizers/allow.yaml", "Our own")),
        ("contacts", LetPass("contacts", 2, None, "recognizers/allow_more.yaml", "")),
        ("not-here", LetPass("not-here", 2)),
    ],
)
def test_who_answers_for_an_entry(id: str, told: LetPass) -> None:
    assert let_pass({"allowances": [{"id": id, "count": 2}]}, [ALARM], FILES) == [told]


@pytest.mark.parametrize("event", [{}, {"allowances": []}])
def test_a_decision_that_names_none(event: dict[str, object]) -> None:
    assert let_pass(event, [ALARM], FILES) == []
