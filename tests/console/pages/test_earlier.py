"""Two case officers look back from one incident; nobody else, and nowhere else."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from promptguard.model import Action
from promptguard.review.incidents.case import Conclusion
from promptguard.review.ledger import Act
from promptguard.review.roles import Role

WHY = "HR has to know whether it is the first time"


@pytest.fixture
def incidents(installation, make_event, console) -> list[str]:
    """Four of one person: one that is open, and before it a confirmed one, a false alarm and a prevented one."""
    times = (f"2026-{month:02}-01T09:30:00.000Z" for month in (11, 10, 9, 8))
    made = [
        replace(
            make_event(time, action=Action.NOTIFY, found=["GITHUB_TOKEN"], person="p_secretperson"),
            identity_source="kerberos",
        )
        for time in times
    ]
    installation.take_up(*made)
    by = console.accounts.make("Closer", [Role.ANALYST])
    ids = []
    for number, event in enumerate(made):
        ids.append(console.incidents.open("credential_exposed", [event.id], None, "", number != 3))
    for number, conclusion in enumerate((Conclusion.CONFIRMED, Conclusion.FALSE_ALARM, Conclusion.CONFIRMED), 1):
        console.incidents.close(ids[number], by, f"Looked into <b>{number}</b>", conclusion)
    return ids


@pytest.fixture
def path(incidents: list[str]) -> str:
    return f"/incidents/{incidents[0]}/earlier"


@pytest.fixture
def decision(incidents: list[str], console) -> str:
    return console.incidents.shelf.find(incidents[0]).decisions[0]


@pytest.fixture
def ann(somebody):
    return somebody(Role.CASE_OFFICER, name="Ann")


@pytest.fixture
def ben(somebody):
    return somebody(Role.CASE_OFFICER, name="Ben")


@pytest.fixture
def request_id(ann, path: str, decision: str, console) -> str:
    answer = ann.submit(path, act="ask", decision=decision, reason=WHY)
    assert (answer.status_code, answer.headers.get("location")) == (303, path)
    (asked,) = console.earlier.of_incident(path.split("/")[2])
    return asked.id


def shown(page: str, ids: list[str]) -> list[str]:
    return [id for id in ids[1:] if id in page]


def test_from_being_asked_for_to_being_seen(ann, ben, path: str, request_id: str, incidents, console) -> None:
    assert path in ann.get(f"/incidents/{incidents[0]}").text
    assert "asked for this yourself" in ann.get(path).text
    assert ann.submit(path, act="approve", request=request_id, answer=WHY).status_code == 422
    assert ann.submit(path, act="look", request=request_id).status_code == 422
    assert ben.submit(path, act="approve", request=request_id, answer="It is a good reason").status_code == 303
    for person in (ann, ben):
        assert shown(person.get(path).text, incidents) == []
        answer = person.submit(path, act="look", request=request_id)
        assert (answer.status_code, shown(answer.text, incidents)) == (200, [incidents[1]])
        assert "Looked into &lt;b&gt;1&lt;/b&gt;" in answer.text and "p_secretperson" not in answer.text
    assert ann.submit(path, act="withdraw", request=request_id).status_code == 303
    assert ben.submit(path, act="look", request=request_id).status_code == 422
    told = [(each.name, each.act) for each in reversed(console.ledger.entries()) if each.act.startswith("earlier_")]
    assert told == [
        ("Ann", Act.EARLIER_ASKED),
        ("Ben", Act.EARLIER_APPROVED),
        ("Ann", Act.EARLIER_SEEN),
        ("Ben", Act.EARLIER_SEEN),
        ("Ann", Act.EARLIER_WITHDRAWN),
    ]


def test_the_file_of_an_incident_says_who_looked_and_not_what_they_saw(
    ann, ben, path: str, request_id: str, incidents
) -> None:
    ben.submit(path, act="approve", request=request_id, answer="It is a good reason")
    ann.submit(path, act="look", request=request_id)
    for form in ("json", "html"):
        taken = ann.get(f"/incidents/{incidents[0]}/export?form={form}").text
        assert shown(taken, incidents) == []
        assert "earlier_seen" in taken
    taken = json.loads(ann.get(f"/incidents/{incidents[0]}/export?form=json").text)
    acts = [(each["act"], each["by"]) for each in taken["ledger"] if each["act"].startswith("earlier_")]
    assert acts == [("earlier_asked", "Ann"), ("earlier_approved", "Ben"), ("earlier_seen", "Ann")]


def test_what_is_refused_is_seen_by_nobody(ann, ben, path: str, request_id: str, incidents) -> None:
    assert ben.submit(path, act="refuse", request=request_id, answer="It does not matter here").status_code == 303
    assert "It does not matter here" in ann.get(path).text
    for person in (ann, ben):
        answer = person.submit(path, act="look", request=request_id)
        assert (answer.status_code, shown(answer.text, incidents)) == (422, [])


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"reason": "so"}, "10 characters"),
        ({"decision": "pg-0000-0000-0000-0000"}, "a decision of this incident"),
    ],
)
def test_what_cannot_be_asked_is_told_and_not_noted(form: dict[str, str], told: str, ann, path, decision, console):
    answer = ann.submit(path, **{"act": "ask", "decision": decision, "reason": WHY, **form})
    assert (answer.status_code, told in answer.text) == (422, True)
    assert f'value="{form.get("reason", WHY)}"' in answer.text
    assert Act.EARLIER_ASKED not in [each.act for each in console.ledger.entries()]


def test_words_are_masked(ann, path: str, decision: str) -> None:
    ann.submit(path, act="ask", decision=decision, reason="It was sent to jane@example.com before")
    assert "sent to [EMAIL_ADDRESS] before" in ann.get(path).text


def test_a_request_is_of_one_incident(ann, ben, request_id: str, incidents) -> None:
    answer = ben.submit(f"/incidents/{incidents[1]}/earlier", act="approve", request=request_id, answer=WHY)
    assert (answer.status_code, "no such request in this incident" in answer.text) == (422, True)


@pytest.mark.parametrize("form", [{}, {"act": "count"}])
def test_there_is_no_such_act(form: dict[str, str], ann, path: str) -> None:
    assert ann.submit(path, **form).status_code == 404
    assert ann.get("/incidents/in-0/earlier").status_code == 404


@pytest.mark.parametrize("role", [each for each in Role if each not in (Role.CASE_OFFICER, Role.AUDITOR)])
def test_nobody_else_gets_there(role: Role, somebody, path: str, incidents) -> None:
    person = somebody(role)
    assert person.get(path).status_code == 403
    assert "/earlier" not in person.get(f"/incidents/{incidents[0]}").text


def test_each_look_at_the_requests_is_in_the_ledger(ann, console, path) -> None:
    ann.get(path)
    assert console.ledger.entries(size=1)[0].act == Act.SAW_INCIDENT


def test_an_auditor_reads_who_asked_and_sees_no_earlier_one(ann, ben, path, request_id, incidents, somebody) -> None:
    ben.submit(path, act="approve", request=request_id, answer="It is a good reason")
    auditor = somebody(Role.AUDITOR)
    page = auditor.get(path).text
    assert WHY in page and "It is a good reason" in page and "<button name" not in page
    assert shown(page, incidents) == []
    assert auditor.submit(path, act="look", request=request_id).status_code == 403


def test_the_first_page_says_to_others_what_waits(ann, ben, path: str, request_id: str) -> None:
    assert (path in ann.get("/").text, path in ben.get("/").text) == (False, True)
    ben.submit(path, act="refuse", request=request_id, answer="It does not matter here")
    assert path not in ben.get("/").text


@pytest.mark.parametrize(("incident", "said"), [(1, "This incident is closed"), (3, "This incident is closed")])
def test_from_what_is_over_nobody_asks(incident: int, said: str, ann, incidents) -> None:
    page = ann.get(f"/incidents/{incidents[incident]}/earlier").text
    assert said in page and 'value="ask"' not in page
