"""One person puts a hold on, two lift it; what is held says so, and does not expire."""

from __future__ import annotations

import pytest
from tests.console.conftest import ORIGIN, PASSWORD

from promptguard.audit.retention.holds import Hold
from promptguard.configuration.settings import Settings
from promptguard.errors import PromptGuardError
from promptguard.review.hold_liftings import HoldLiftings
from promptguard.review.ledger import Act
from promptguard.review.roles import Role
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.holds import HoldKeeper
from promptguard.runtime.retention import open_retention


@pytest.fixture
def event(installation, make_event):
    return installation.take_up(make_event(found=["EMAIL_ADDRESS"]))[0]


@pytest.fixture
def ann(somebody):
    return somebody(Role.ANALYST, name="Ann")


@pytest.fixture
def officer(somebody):
    return somebody(Role.RECORDS_OFFICER, name="Olga")


def put_on(person, **form: str):
    return person.submit("/holds", **{"reason": "Lawsuit", "reference": "4711", **form})


def test_from_being_put_on_to_being_lifted(event, ann, officer, console) -> None:
    assert put_on(ann, decision=event.id).status_code == 303
    (hold,) = console.holds.all()
    assert (hold.by, hold.reason, hold.reference, hold.decisions, hold.is_on) == (
        "Ann", "Lawsuit", "4711", (event.id,), True
    )  # fmt: skip
    assert hold.id in ann.get(f"/decision/{event.id}").text
    assert ann.submit(f"/holds/{hold.id}/answer", answer="lift").status_code == 403
    assert officer.submit(f"/holds/{hold.id}/answer", answer="lift").status_code == 422
    assert ann.submit(f"/holds/{hold.id}", reason="It is closed").status_code == 303
    assert ann.submit(f"/holds/{hold.id}", reason="Once more").status_code == 422
    assert "1 hold to lift" in officer.get("/").text
    page = officer.get("/holds").text
    assert "It is closed" in page and "Lift it" in page
    assert officer.submit(f"/holds/{hold.id}/answer", answer="lift").status_code == 303
    (hold,) = console.holds.all()
    assert (hold.is_on, hold.released_by) == (False, "Olga")
    assert officer.submit(f"/holds/{hold.id}/answer", answer="lift").status_code == 404
    assert "by Olga" in ann.get("/holds").text
    page = ann.get(f"/decision/{event.id}").text
    assert hold.id not in page
    assert (
        f"it expires after {console.kept.last_day({'action': event.action, 'findings': [], 'time': event.time})}"
        in page
    )
    acts = [(each.name, each.act) for each in reversed(console.ledger.entries()) if each.object == hold.id]
    assert acts == [
        ("Ann", Act.HOLD_PUT_ON),
        ("Ann", Act.HOLD_LIFTING_ASKED),
        ("Olga", Act.HOLD_LIFTED),
    ]


def test_a_refusal_leaves_it_on_and_it_can_be_asked_for_again(event, ann, officer, console) -> None:
    put_on(ann, decision=event.id)
    (hold,) = console.holds.all()
    ann.submit(f"/holds/{hold.id}", reason="It is closed")
    assert officer.submit(f"/holds/{hold.id}/answer", answer="refuse").status_code == 303
    assert officer.submit(f"/holds/{hold.id}/answer", answer="refuse").status_code == 422
    assert console.liftings.waiting() == {} and console.holds.all()[0].is_on
    assert ann.submit(f"/holds/{hold.id}", reason="It is closed now").status_code == 303


def test_nobody_lifts_what_they_asked_for_nor_by_an_account_that_they_set_up(event, somebody, console) -> None:
    both = somebody(Role.RECORDS_OFFICER, Role.ADMINISTRATOR, name="Both")
    put_on(both, decision=event.id)
    (hold,) = console.holds.all()
    both.submit(f"/holds/{hold.id}", reason="It is closed")
    assert both.submit(f"/holds/{hold.id}/answer", answer="lift").status_code == 422
    assert "You asked for this yourself" in both.get("/holds").text
    puppet = somebody(Role.RECORDS_OFFICER, name="Puppet")
    (id,) = [each.id for each in console.accounts.all() if each.name == "Puppet"]
    both.submit(f"/accounts/{id}", act="link")
    form = {"link": console.accounts.make_link(id), "password": PASSWORD, "again": PASSWORD}
    puppet.post("/set-up", data=form, headers={"origin": ORIGIN})
    assert puppet.submit(f"/holds/{hold.id}/answer", answer="lift").status_code == 422
    assert console.holds.all()[0].is_on
    assert Act.HOLD_LIFTED not in [each.act for each in console.ledger.entries()]


def test_who_withdraws_while_another_answers_is_heard(event, ann, officer, console, monkeypatch) -> None:
    put_on(ann, decision=event.id)
    (hold,) = console.holds.all()
    ann.submit(f"/holds/{hold.id}", reason="It is closed")
    check = HoldLiftings.check

    def checked(self, id, by):
        found = check(self, id, by)
        console.liftings.refuse(id, by)
        return found

    monkeypatch.setattr(HoldLiftings, "check", checked)
    assert officer.submit(f"/holds/{hold.id}/answer", answer="lift").status_code == 422
    assert console.holds.all()[0].is_on
    assert Act.HOLD_LIFTED not in [each.act for each in console.ledger.entries()]


def test_a_hold_that_could_not_be_lifted_is_still_asked_for(event, ann, officer, console, monkeypatch) -> None:
    put_on(ann, decision=event.id)
    (hold,) = console.holds.all()
    ann.submit(f"/holds/{hold.id}", reason="It is closed")

    def away(*_: object) -> None:
        raise PromptGuardError("The database is away.")

    with monkeypatch.context() as patch:
        patch.setattr(HoldKeeper, "lift", away)
        assert officer.submit(f"/holds/{hold.id}/answer", answer="lift").status_code == 503
    assert console.holds.all()[0].is_on
    assert officer.submit(f"/holds/{hold.id}/answer", answer="lift").status_code == 303
    assert not console.holds.all()[0].is_on


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({}, "what is to be held"),
        ({"decision": "pg-0000-0000-0000-0000"}, "No decision pg-0000-0000-0000-0000 is recorded"),
        ({"incident": "in-0000"}, "no such incident"),
        ({"destination": "nowhere"}, "no such service"),
        ({"since": "yesterday"}, "is no time"),
        ({"since": "2026-03-01", "reason": " "}, "has a reason"),
        ({"since": "2026-03-01", "until": "2026-02-01"}, "ends before it begins"),
        ({"since": "2026-03-01", "until": "2026-03-01"}, "ends before it begins"),
    ],
)
def test_what_is_none_is_told_and_not_noted(form: dict[str, str], told: str, ann, console) -> None:
    answer = put_on(ann, **form)
    assert (answer.status_code, told in answer.text) == (422, True)
    assert console.holds.all() == []
    assert Act.HOLD_PUT_ON not in [each.act for each in console.ledger.entries()]


def test_holds_on_times_and_services(event, ann, console) -> None:
    put_on(ann, since="2026-03-01", until="2026-03-02", destination="openai_api")
    put_on(ann, since="2026-03-02")
    held = console.holds.held().of_decision(event.id)
    assert [(each.since, each.until) for each in held] == [("2026-03-01T00:00:00.000Z", "2026-03-02T00:00:00.000Z")]
    assert "OpenAI API" in ann.get("/holds").text


def test_an_incident_is_held_with_its_decisions(event, ann, console) -> None:
    kind = console.incidents.file.kinds[0].id
    id = console.incidents.open(kind, [event.id], None, "Sent", True)
    page = ann.get(f"/incidents/{id}").text
    assert "Put a legal hold on this incident" in page
    put_on(ann, incident=id)
    (hold,) = console.holds.all()
    assert (hold.case, hold.decisions) == (id, (event.id,))
    assert hold.id in ann.get(f"/incidents/{id}").text and hold.id in ann.get(f"/decision/{event.id}").text
    assert console.holds.held().incident(id)
    empty = console.incidents.open(kind, [], None, "Sent", True)
    put_on(ann, incident=empty)
    assert [each.id for each in console.holds.held().of_incident(empty)] == [console.holds.all()[0].id]
    assert len(console.holds.held().of_decision(event.id)) == 1  # one on an incident without any holds no decision
    put_on(ann, incident=empty, decision=event.id)
    assert (console.holds.all()[0].case, console.holds.all()[0].decisions) == (empty, (event.id,))


def test_who_may_not_see_holds_sees_none(event, ann, somebody) -> None:
    put_on(ann, decision=event.id)
    page = somebody(Role.POLICY_OWNER).get(f"/decision/{event.id}").text
    assert "Legal hold" not in page and "Lawsuit" not in page
    auditor = somebody(Role.AUDITOR)
    assert "Lawsuit" in auditor.get(f"/decision/{event.id}").text
    assert "Put a hold on" not in auditor.get("/holds").text


def test_what_the_command_line_lifted_waits_for_nobody(event, ann, officer, console, installation) -> None:
    put_on(ann, decision=event.id)
    (hold,) = console.holds.all()
    ann.submit(f"/holds/{hold.id}", reason="It is closed")
    with open_retention(Settings(), DataFolder(installation.folder)) as retention:
        retention.release(hold.id, "ben", "Closed")
    assert "hold to lift" not in officer.get("/").text


def test_words_are_masked(ann, console) -> None:
    put_on(ann, since="2026-03-01", reason="About jane@example.com", reference="hunter2")
    (hold,) = console.holds.all()
    assert (hold.reason, hold.reference) == ("About [EMAIL_ADDRESS]", "[PASSWORD]")


def test_where_a_statement_was_changed_pages_say_so(event, ann, installation) -> None:
    put_on(ann, decision=event.id)
    installation.execute("UPDATE audit_record SET time = '2020' WHERE action = 'held'", file="promptguard.db")
    answer = ann.get(f"/decision/{event.id}")
    assert (answer.status_code, "It cannot be told what is held" in answer.text) == (200, True)


def test_on_the_command_line_it_is_in_the_ledger_too(console, installation) -> None:
    with open_retention(Settings(), DataFolder(installation.folder)) as retention:
        retention.hold(Hold("hold-1", "ben", "Lawsuit", since="2026-03-01T00:00:00.000Z"))
        retention.release("hold-1", "ben", "Closed")
    told = [(each.name, each.act, dict(each.detail)) for each in reversed(console.ledger.entries())]
    how = {"by": "command line"}
    assert told == [("ben", Act.HOLD_PUT_ON, how), ("ben", Act.HOLD_LIFTED, how)]
