import pytest

from promptguard.model import Action
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
