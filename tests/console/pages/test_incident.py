import json

import pytest

from promptguard.model import Action
from promptguard.review.ledger import Act
from promptguard.review.roles import Role


@pytest.fixture
def event(installation, make_event):
    found = ["GITHUB_TOKEN", "EMAIL_ADDRESS"]
    (made,) = installation.take_up(make_event(action=Action.NOTIFY, found=found, person="p_secretperson"))
    return made


@pytest.fixture
def id(console, event) -> str:
    return console.incidents.open("credential_exposed", [event.id], None, "Sent <b>twice</b>", True)


@pytest.fixture
def ann(somebody):
    return somebody(Role.ANALYST, name="Ann")


@pytest.fixture
def bob(somebody):
    return somebody(Role.ANALYST, name="Bob")


def test_it_says_what_to_do_first_and_where(id: str, event, ann) -> None:
    page = ann.get(f"/incidents/{id}").text
    assert "https://github.com/settings/tokens" in page
    assert "Waits</b>: first comes “The credential is rotated”" in page
    assert "Locked</b>: first comes “The assessment is signed”" in page
    assert "Sent &lt;b&gt;twice&lt;/b&gt;" in page
    assert event.id in page
    assert "p_secretperson" not in page
    assert "Exposed" in page
    assert "Nobody is paged" in page


def test_it_is_worked_on_until_it_is_closed_and_opened_again(id: str, ann, bob) -> None:
    path = f"/incidents/{id}"
    refused = ann.submit(path, act="do", step="notified")
    assert refused.status_code == 422
    assert "First comes: The credential is rotated" in refused.text
    for form in (
        {"act": "take_on"},
        {"act": "do", "step": "rotated"},
        {"act": "do", "step": "notified"},
        {"act": "do", "step": "use_checked"},
        {"act": "do", "step": "assessed", "remark": "Nobody used it."},
        {"act": "do", "step": "client_notified"},
        {"act": "undo", "step": "client_notified"},
        {"act": "remark", "remark": "Seen by all."},
        {"act": "close", "remark": "Done.", "conclusion": "confirmed"},
    ):
        assert ann.submit(path, **form).headers["location"] == path, form
    page = bob.get(path).text
    assert "Confirmed: it happened. Closed: “Done.”" in page
    assert "done in time" in page
    assert "Nobody used it." in page
    assert "Not done after all" not in page
    bob.submit(path, act="reopen", remark="There is more.")
    assert "nobody yet" in bob.get(path).text


def test_it_is_handed_over_and_accepted(id: str, ann, bob, console) -> None:
    path = f"/incidents/{id}"
    ann.submit(path, act="take_on")
    people = {each.name: each.id for each in console.accounts.all()}
    assert "Bob" in ann.get(path).text
    ann.submit(path, act="offer", to=people["Bob"])
    assert ann.submit(path, act="accept").status_code == 422
    assert "Accept it" in bob.get(path).text
    bob.submit(path, act="accept")
    case = console.incidents.shelf.find(id)
    assert case.owner.name == "Bob"
    assert ann.submit(path, act="offer", to="nobody").status_code == 422


def test_what_was_prevented_turns_out_to_have_left(ann, console) -> None:
    id = console.incidents.open("data_exposed", [], None, "", False)
    ann.submit(f"/incidents/{id}", act="expose", remark="A second window.")
    assert console.incidents.shelf.find(id).exposed


@pytest.mark.parametrize("form", [{"act": "nothing"}, {}])
def test_there_is_no_such_act(form, id: str, ann) -> None:
    assert ann.submit(f"/incidents/{id}", **form).status_code == 404


def test_each_look_and_each_act_is_in_the_ledger(id: str, ann, console) -> None:
    ann.get(f"/incidents/{id}")
    ann.submit(f"/incidents/{id}", act="do", step="rotated")
    ann.get(f"/incidents/{id}/export?form=json")
    told = [(each.act, dict(each.detail)) for each in console.ledger.entries() if each.object == id]
    assert told[::-1] == [
        (Act.INCIDENT_OPENED, {"kind": "credential_exposed", "source": "hand"}),
        (Act.SAW_INCIDENT, {}),
        (Act.INCIDENT_CHANGED, {"did": "step_done", "about": "rotated"}),
        (Act.INCIDENT_EXPORTED, {"form": "json"}),
    ]


def test_it_is_taken_away_with_its_timeline_and_who_looked(id: str, event, ann) -> None:
    ann.submit(f"/incidents/{id}", act="do", step="rotated")
    taken = json.loads(ann.get(f"/incidents/{id}/export?form=json").text)
    assert taken["outcome"] == "exposed"
    assert taken["decisions"] == [event.id]
    assert taken["client_notification"] == "locked"
    assert [step["by"] for step in taken["steps"]] == ["Ann", "", "", "", ""]
    assert [entry["did"] for entry in taken["timeline"]] == ["opened", "step_done"]
    assert [entry["act"] for entry in taken["ledger"]] == ["incident_opened", "incident_changed", "incident_exported"]
    printed = ann.get(f"/incidents/{id}/export?form=html")
    assert "attachment" in printed.headers["content-disposition"]
    assert "Sent &lt;b&gt;twice&lt;/b&gt;" in printed.text
    assert "step_done" in printed.text
    assert "form=" not in printed.text
    assert ann.get(f"/incidents/{id}/export?form=exe").status_code == 404


def test_whoever_told_of_it_signs_no_assessment_that_takes_another(installation, make_event, ann, bob, console) -> None:
    """It is opened by nobody then, as no report says whose it is."""
    (event,) = installation.take_up(make_event(action=Action.NOTIFY, found=["EMAIL_ADDRESS"]))
    assert ann.submit(f"/look-up/{event.id}", kind="by_mistake").status_code == 303
    (case,) = console.incidents.shelf.page(state="open", size=2)
    path = f"/incidents/{case.id}"
    assert ann.submit(path, act="do", step="notified").status_code == 303
    answer = ann.submit(path, act="do", step="assessed", remark="Nobody used it.")
    assert (answer.status_code, "told of it yourself" in answer.text) == (422, True)
    assert bob.submit(path, act="do", step="assessed", remark="Nobody used it.").status_code == 303
