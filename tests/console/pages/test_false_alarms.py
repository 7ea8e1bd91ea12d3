"""A value passes where one person asked, and another one, who may, accepted."""

from __future__ import annotations

import pytest
from tests.console.conftest import ORIGIN, PASSWORD

from promptguard.detectors.false_alarms import FalseAlarmState
from promptguard.policy.schema import FalseAlarms
from promptguard.review.ledger import Act
from promptguard.review.roles import Role


@pytest.fixture
def event(installation, make_event):
    return installation.take_up(make_event(found=["EMAIL_ADDRESS", "EMAIL_ADDRESS", "GITHUB_TOKEN"]))[0]


def ask(person, event, value="0", reason="Our own address", days="30"):
    return person.submit(f"/decision/{event.id}/false-alarm", value=value, reason=reason, days=days)


def test_from_the_question_to_the_end(event, somebody, console) -> None:
    analyst, owner = somebody(Role.ANALYST, name="Ann"), somebody(Role.POLICY_OWNER, name="Bob")
    assert ask(analyst, event).status_code == 303
    (alarm,) = console.false_alarms.all()
    assert (alarm.entity_type, alarm.fingerprint, alarm.asked_name) == ("EMAIL_ADDRESS", "f" * 32, "Ann")
    assert "It waits for an answer" in analyst.get(f"/decision/{event.id}").text
    assert analyst.submit(f"/policy/false-alarm/{alarm.id}", answer="accept").status_code == 403
    assert owner.submit(f"/policy/false-alarm/{alarm.id}", answer="accept").status_code == 303
    assert owner.submit(f"/policy/false-alarm/{alarm.id}", answer="accept").status_code == 409
    assert [each.id for each in console.false_alarms.holding()] == [alarm.id]
    assert "Our own address" in owner.get("/policy").text
    assert owner.submit(f"/policy/false-alarm/{alarm.id}", answer="revoke").status_code == 303
    assert console.false_alarms.holding() == []
    acts = [(entry.name, entry.act, entry.object) for entry in reversed(console.ledger.entries())]
    assert [each for each in acts if "false_alarm" in each[1]] == [
        ("Ann", Act.FALSE_ALARM_ASKED, event.id),
        ("Bob", Act.FALSE_ALARM_ACCEPTED, alarm.id),
        ("Bob", Act.FALSE_ALARM_ACCEPTED, alarm.id),
        ("Bob", Act.FALSE_ALARM_REVOKED, alarm.id),
    ]


@pytest.mark.parametrize(("two_people", "status"), [(True, 409), (False, 303)])
def test_nobody_accepts_what_they_asked_for_unless_policy_lets_them(
    two_people: bool, status: int, event, somebody, console, monkeypatch
) -> None:
    monkeypatch.setattr(console.false_alarms, "terms", lambda: FalseAlarms(two_people=two_people))
    both = somebody(Role.ANALYST, Role.POLICY_OWNER)
    ask(both, event)
    (alarm,) = console.false_alarms.all()
    assert both.submit(f"/policy/false-alarm/{alarm.id}", answer="accept").status_code == status
    assert both.submit(f"/policy/false-alarm/{alarm.id}", answer="refuse").status_code == (
        303 if status == 409 else 409
    )


@pytest.mark.parametrize("act", ["link", "roles", "enable"])
def test_nobody_accepts_by_an_account_that_they_set_up(act: str, event, somebody, console) -> None:
    root, puppet = somebody(Role.ANALYST, Role.ADMINISTRATOR, name="Root"), somebody(Role.POLICY_OWNER, name="Puppet")
    ask(root, event)
    (alarm,) = console.false_alarms.all()
    (id,) = [each.id for each in console.accounts.all() if each.name == "Puppet"]
    root.submit(f"/accounts/{id}", act=act, role=[Role.POLICY_OWNER])
    link = console.accounts.make_link(id)
    form = {"link": link, "password": PASSWORD, "again": PASSWORD}
    puppet.post("/set-up", data=form, headers={"origin": ORIGIN})
    assert puppet.submit(f"/policy/false-alarm/{alarm.id}", answer="accept").status_code == 409
    assert "a third person" in puppet.get("/policy").text
    assert Act.FALSE_ALARM_ACCEPTED not in [each.act for each in console.ledger.entries()]
    assert somebody(Role.POLICY_OWNER).submit(f"/policy/false-alarm/{alarm.id}", answer="accept").status_code == 303


@pytest.mark.parametrize(
    "form",
    [
        {"value": "9"},
        {"value": "-1"},
        {"value": "9" * 5000},
        {"value": "1"},
        {"reason": "  "},
        {"days": "0"},
        {"days": "91"},
        {"days": "x"},
        {"days": "9" * 30},
    ],
)
def test_what_cannot_be_asked_for(form: dict[str, str], event, somebody, console, monkeypatch) -> None:
    monkeypatch.setattr(console.false_alarms, "terms", lambda: FalseAlarms(never_data_classes=("credentials",)))
    assert ask(somebody(Role.ANALYST), event, **form).status_code == 409
    assert console.false_alarms.all() == []


def test_what_was_asked_for_already(event, somebody, console) -> None:
    person = somebody(Role.ANALYST)
    assert [ask(person, event).status_code for _ in range(2)] == [303, 409]
    assert ask(person, event, value=["0", "1"]).status_code == 303
    assert [each.state for each in console.false_alarms.all()] == [FalseAlarmState.ASKED] * 2


def test_policy_may_change_before_it_is_accepted(event, somebody, console, monkeypatch) -> None:
    ask(somebody(Role.ANALYST), event)
    monkeypatch.setattr(console.false_alarms, "terms", lambda: FalseAlarms(never_entity_types=("EMAIL_ADDRESS",)))
    owner = somebody(Role.POLICY_OWNER)
    (alarm,) = console.false_alarms.all()
    assert owner.submit(f"/policy/false-alarm/{alarm.id}", answer="accept").status_code == 409
    assert "Your policy never lets values of this kind pass." in owner.get("/policy").text
    assert "the policy never lets this pass" in somebody(Role.ANALYST, name="c").get(f"/decision/{event.id}").text


@pytest.mark.parametrize(("id", "answer", "status"), [("al-x", "accept", 404), ("al-x", "perhaps", 400)])
def test_what_is_no_answer(id: str, answer: str, status: int, somebody) -> None:
    assert somebody(Role.POLICY_OWNER).submit(f"/policy/false-alarm/{id}", answer=answer).status_code == status
