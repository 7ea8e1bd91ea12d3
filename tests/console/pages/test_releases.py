"""The way of evidence through the console: asked, approved, fetched; each step noted, and nobody alone."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from promptguard.evidence.excerpts import Excerpt
from promptguard.evidence.opening import open_evidence
from promptguard.evidence.sealing import EvidenceSealer
from promptguard.model import Action
from promptguard.review.roles import Role

KEY = X25519PrivateKey.generate()
REASON = {"cause": "incident", "reference": "INC-7", "remark": "the client has to be told"}
ANSWER = "the client has a right to it"
FAR = 4_000_000_000


@pytest.fixture
def decision(installation, make_event) -> str:
    """The id of a decision with evidence."""
    event = make_event(action=Action.BLOCK, found=["EMAIL_ADDRESS"])
    sealed = EvidenceSealer([KEY.public_key()], "0a1b2c3d4e5f").seal(event.id, [Excerpt(0, "to ", "ALPHA", ".")])
    installation.backend.evidence().add(event.id, sealed, FAR)
    installation.take_up(replace(event, evidence=hashlib.sha256(sealed).hexdigest()))
    return event.id


@pytest.fixture
def ann(somebody):
    return somebody(Role.UNMASK_REQUESTER, name="Ann")


@pytest.fixture
def bob(somebody):
    return somebody(Role.UNMASK_APPROVER, name="Bob")


def asked(person, decision: str) -> str:
    """The path of a new request."""
    answer = person.submit("/releases", decision=decision, **REASON)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_two_people_release_what_only_the_key_opens(decision: str, ann, bob, console) -> None:
    path = asked(ann, decision.lower().replace("-", " "))
    assert "Waits for an answer" in ann.get(path).text
    assert "/evidence" not in ann.get(path).text
    seen = bob.get(path).text
    assert "INC-7" in seen
    assert "1 email address" in seen
    assert bob.submit(f"{path}/answer", granted="yes", answer=ANSWER).status_code == 303
    fetched = ann.submit(f"{path}/evidence")
    assert fetched.headers["content-disposition"] == f'attachment; filename="{decision}.evidence.json"'
    assert open_evidence(fetched.content, KEY).excerpts == (Excerpt(0, "to ", "ALPHA", "."),)
    assert "1 of 3 times" in ann.get(path).text
    acts = [(entry.act, entry.name, entry.object) for entry in console.ledger.entries() if "release_" in entry.act]
    assert acts == [
        ("release_fetched", "Ann", decision),
        ("release_approved", "Bob", decision),
        ("release_asked", "Ann", decision),
    ]


def test_nobody_but_the_one_who_asked_fetches_it(decision: str, ann, bob, somebody) -> None:
    path = asked(ann, decision)
    bob.submit(f"{path}/answer", granted="yes", answer=ANSWER)
    assert bob.submit(f"{path}/evidence").status_code == 403
    other = somebody(*Role, name="Root")
    assert "/evidence" not in other.get(path).text
    assert (other.submit(f"{path}/evidence").status_code, other.submit(f"{path}/withdraw").status_code) == (422, 422)


def test_one_account_with_all_roles_gets_nothing_alone(decision: str, somebody) -> None:
    root = somebody(*Role, name="Root")
    path = asked(root, decision)
    assert "Approve" not in root.get(path).text
    assert "yourself" in root.submit(f"{path}/answer", granted="yes", answer=ANSWER).text
    root.submit("/accounts", name="Puppet", role=[Role.UNMASK_APPROVER])
    puppet = somebody(Role.UNMASK_APPROVER, name="Puppeteer")
    root.submit(f"/accounts/{account_of(root, 'Puppeteer')}", act="link")
    assert "a third person" in puppet.submit(f"{path}/answer", granted="yes", answer=ANSWER).text
    assert root.submit(f"{path}/evidence").status_code == 422


def account_of(person, name: str) -> str:
    page = person.get("/accounts").text
    return page.split(f"<h2>{name}</h2>")[1].split('action="/accounts/')[1].split('"')[0]


def test_what_was_refused_says_so_and_is_not_given_out(decision: str, ann, bob) -> None:
    path = asked(ann, decision)
    bob.submit(f"{path}/answer", granted="no", answer="less would do here")
    assert "less would do here" in ann.get(path).text
    answer = ann.submit(f"{path}/evidence")
    assert (answer.status_code, "Refused." in answer.text) == (422, True)


def test_what_was_changed_since_is_not_given_out(decision: str, ann, bob, installation) -> None:
    path = asked(ann, decision)
    bob.submit(f"{path}/answer", granted="yes", answer=ANSWER)
    sealed = installation.backend.evidence().find(decision)
    installation.backend.evidence().forget_before(FAR)
    assert "no evidence is kept" in ann.submit(f"{path}/evidence").text
    installation.backend.evidence().add(decision, sealed.replace(b"0a1b", b"ffff"), FAR)
    assert "changed since" in ann.submit(f"{path}/evidence").text
    assert "0 of 3 times" in ann.get(path).text


@pytest.mark.parametrize("asked_for", ["", "pg-0000-0000-0000-0000", "none"])
def test_what_there_is_no_evidence_of_cannot_be_asked_for(asked_for: str, ann) -> None:
    answer = ann.submit("/releases", decision=asked_for, **REASON)
    assert (answer.status_code, "no evidence is kept" in answer.text) == (422, True)


def test_a_decision_leads_there(decision: str, somebody) -> None:
    person = somebody(Role.ANALYST, Role.UNMASK_REQUESTER)
    assert f"/releases?decision={decision}" in person.get(f"/decision/{decision}").text
    assert f'value="{decision}"' in person.get(f"/releases?decision={decision}").text
    assert "ask for it" not in somebody(Role.ANALYST).get(f"/decision/{decision}").text


@pytest.mark.parametrize("path", ["/releases", "{}/answer", "{}/withdraw", "{}/evidence"])
def test_what_is_shown_with_a_refusal_is_in_the_ledger_too(path: str, decision: str, ann, somebody, console) -> None:
    path = path.format(asked(ann, decision))
    root = somebody(*Role, name="Root")
    before = len(console.ledger.entries())
    assert root.submit(path, decision="none").status_code == 422
    acts = [(each.act, each.name) for each in console.ledger.entries()[: len(console.ledger.entries()) - before]]
    assert acts[0] == ("saw_releases", "Root")
