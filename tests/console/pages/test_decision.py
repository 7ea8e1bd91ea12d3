import re

import pytest

from promptguard.audit.found_later import Kind, found_later
from promptguard.model import Action, Allowed
from promptguard.policy.versions import ConfigurationText
from promptguard.review.roles import Role


@pytest.fixture
def event(installation, make_event):
    (made,) = installation.take_up(
        make_event(action=Action.BLOCK, found=["GITHUB_TOKEN"], groups=["staff"], incident="pg-1")
    )
    return made


def test_it_says_what_was_found_where_and_why(event, somebody) -> None:
    page = somebody(Role.ANALYST).get(f"/decision/{event.id}").text
    for told in (
        "Not sent",
        "GitHub token",
        "the-rule",
        "The sentence of the policy.",
        "aaa@aaa.aa",
        "staff",
        "f" * 32,
    ):
        assert told in page
    assert "characters 0 to 5" in page


def test_others_of_the_same_incident_are_named(event, somebody, installation, make_event) -> None:
    other, stranger = installation.take_up(make_event(incident="pg-1"), make_event(incident="pg-2"))
    page = somebody(Role.ANALYST).get(f"/decision/{event.id}").text
    assert other.id in page
    assert stranger.id not in page


def test_what_reviewers_say_is_kept(event, somebody) -> None:
    ann, bob = somebody(Role.ANALYST, name="Ann"), somebody(Role.AUDITOR, name="Bob")
    answer = ann.submit(f"/decision/{event.id}/verdict", right="no", comment="<b>a sample</b>")
    assert answer.headers["location"] == f"/decision/{event.id}#said"
    page = bob.get(f"/decision/{event.id}").text
    assert "a false alarm" in page
    assert "&lt;b&gt;a sample&lt;/b&gt;" in page
    assert "It is right" not in page  # auditors change nothing


@pytest.mark.parametrize("path", ["/decision/pg-0000", "/decision/%00", "/decision/' OR 1=1"])
def test_there_is_no_such_decision(path: str, event, somebody) -> None:
    assert somebody(Role.ANALYST).get(path).status_code == 404


@pytest.mark.parametrize("role", Role)
def test_whoever_knows_the_id_learns_what_happened_and_nothing_of_the_person(role, event, somebody) -> None:
    page = somebody(role).get(f"/look-up?id={event.id.lower()}.").text
    assert "Nothing of it was sent." in page
    assert "GitHub token" in page
    assert event.pseudonym not in page
    assert "staff" not in page


def test_an_id_that_is_none_is_told(event, somebody) -> None:
    assert "No decision with this id" in somebody(Role.ANALYST).get("/look-up?id=nonsense").text


def test_it_says_what_let_something_pass_and_who_answers_for_it(somebody, installation, make_event, console) -> None:
    (found,) = installation.take_up(make_event(found=["EMAIL_ADDRESS"]))
    ann, bob = somebody(Role.ANALYST, name="Ann"), somebody(Role.POLICY_OWNER, name="Bob")
    ann.submit(f"/decision/{found.id}/false-alarm", value="0", reason="Our own address", days="30")
    (alarm,) = console.false_alarms.all()
    bob.submit(f"/policy/false-alarm/{alarm.id}", answer="accept")
    files = {
        "policy.yaml": "version: '3'\nrules: [{id: all, action: allow, reason: All may.}]",
        "recognizers/allow.yaml": "allow: [{id: test-cards, values: ['1'], reason: Test cards}]",
    }
    versions = installation.backend.policy_versions(installation.keys.configuration)
    text = ConfigurationText("0" * 64, "3", files)
    versions.keep(text, "1" * 16, process="7", machine="host-1", now="2026-03-01T00:00:00.000Z")
    by = [alarm.id, alarm.id, "test-cards", "gone"]
    (made,) = installation.take_up(make_event(allowed=[Allowed(0, 0, 5, each) for each in by]))
    page = ann.get(f"/decision/{made.id}").text
    told = page[page.index('id="let-pass"') :].partition("</section>")[0]
    for words in (
        f"<b>2 places</b>, by <code>{alarm.id}</code>",
        "“Our own address”",
        "<b>Ann</b> asked for and <b>Bob</b> accepted",
        "<b>1 place</b>, by <code>test-cards</code>: the allow list of the configuration (“Test cards”)",
        "<code>recognizers/allow.yaml</code>",
        "an entry of the allow list that is not kept",
    ):
        assert words in told, told
    assert "f" * 8 not in told
    assert f'href="/policy#{alarm.id}"' in told
    assert f'id="{alarm.id}"' in bob.get("/policy").text
    assert 'id="let-pass"' not in ann.get(f"/decision/{found.id}").text


def test_what_the_second_look_found_is_told_with_its_decision(somebody, installation, make_event) -> None:
    made, other = installation.take_up(make_event(), make_event())
    kinds = [Kind(name, "personal_data", "redact", "the-rule") for name in ("PERSON", "PERSON", "LOCATION")]
    installation.state(
        found_later(decision_id=made.id, decided="allow", destination="openai_api", incident="", found=kinds)
    )
    analyst = somebody(Role.ANALYST)
    page = analyst.get(f"/decision/{made.id}").text
    assert "Found later, by the second look" in page
    assert "1 location, 2 persons had left." in re.sub(r"\s+", " ", page)
    assert "Found later" not in analyst.get(f"/decision/{other.id}").text
    assert "fl-" not in analyst.get("/decisions").text
