from __future__ import annotations

from dataclasses import replace

import pytest
from tests.console.conftest import ORIGIN

from promptguard.audit.events import timestamp
from promptguard.policy.versions import POLICY_FILE, ConfigurationText
from promptguard.review.groups import FEWEST
from promptguard.review.ledger import Act
from promptguard.review.roles import Role

OLD = """version: "1"
rules:
  - {id: certain, when: {users: [zacharias]}, action: block, reason: "<b>Not</b> they."}
  - {id: all, action: allow, reason: All may.}
"""
NEW = OLD.replace('"1"', '"2"').replace("id: all, action: allow", "id: all, action: block")


@pytest.fixture
def versions(installation) -> list[str]:
    from datetime import UTC, datetime

    store = installation.backend.policy_versions(installation.keys.configuration)
    texts = [ConfigurationText("0" * 64, "1", {POLICY_FILE: OLD}), ConfigurationText("2" * 64, "2", {POLICY_FILE: NEW})]
    times = ["2026-02-01T00:00:00.000Z", timestamp(datetime.now(UTC))]
    for text, time in zip(texts, times, strict=True):
        store.keep(text, "1" * 16, process="7-a", machine="host-1", now=time)
    return [text.hash for text in texts]


def test_the_policy_in_words(versions, somebody) -> None:
    page = somebody(Role.ANALYST).get("/policy").text
    assert "it is one of 1 person" in page
    assert "&lt;b&gt;Not&lt;/b&gt; they." in page
    assert "zacharias" not in page
    assert "host-1 (process 7" in page


def test_names_of_people_are_for_policy_owners(versions, somebody) -> None:
    paths = [f"/policy/version/{versions[0]}", f"/policy/compare?old={versions[0]}&new={versions[1]}", "/policy/try"]
    assert "<textarea" in somebody(Role.ANALYST, name="x").get("/policy/try").text
    for role, seen in [(Role.POLICY_OWNER, True), (Role.AUDITOR, False), (Role.ANALYST, False)]:
        person = somebody(role)
        answers = [person.get(path) for path in paths]
        assert [answer.status_code for answer in answers] == [200, 200, 200]
        pages = [answer.text for answer in answers]
        assert any("zacharias" in page for page in pages) is seen
        assert "<del>" in pages[1] and "action: block" in pages[1]


@pytest.mark.parametrize("path", ["/policy/version/" + "0" * 64, "/policy/compare?old=x&new=y", "/policy/compare"])
def test_no_such_version(path: str, versions, somebody) -> None:
    assert somebody(Role.AUDITOR).get(path).status_code == 404


def test_a_draft_is_tried_and_kept_nowhere(versions, somebody, installation, make_event, console) -> None:
    # Of fewer people, behind a rule about certain ones, it would not be told.
    people = (f"p_{each:016d}" for each in range(FEWEST))
    event, *_ = installation.take_up(*(replace(make_event(rule="all"), pseudonym=each) for each in people))
    person = somebody(Role.POLICY_OWNER)
    draft = OLD.replace("id: all, action: allow", "id: drafted, action: justify")
    answer = person.submit("/policy/try", draft=draft, count="1000", which="draft")
    assert "<code>drafted</code>" in answer.text and event.id in answer.text
    now = person.submit("/policy/try", draft="", count="1000", which="now").text
    assert f"{FEWEST} would change" in now
    wrong = person.submit("/policy/try", draft="version: 1\n<i>", count="9", which="draft")
    assert wrong.status_code == 422
    assert "policy.yaml" in wrong.text and "<i>" not in wrong.text
    assert [dict(entry.detail) for entry in console.ledger.entries() if entry.act == Act.POLICY_TRIED][-1] == {
        "draft": "yes",
        "decisions": "1000",
    }
    assert len(console.policies.versions()) == 2


@pytest.mark.parametrize(
    ("content", "status", "told"),
    [
        (OLD.replace("id: all, action: allow", "id: drafted, action: justify").encode(), 200, "<code>drafted</code>"),
        (b"\xef\xbb\xbf" + OLD.encode().replace(b"\n", b"\r\n"), 200, "0 would change"),
        (b"", 200, "<code>typed</code>"),  # none was chosen
        (b"rules: \xff", 422, "byte 7 is not UTF-8"),
        (b"\0\0", 422, "policy.yaml"),
        (b"a: &a [*a]", 422, "cannot use aliases"),
        (b"x" * 70_000, 413, "longer than any form"),
    ],
)
def test_a_draft_may_be_a_file(content, status, told, versions, somebody, installation, make_event) -> None:
    installation.take_up(make_event(rule="all"))
    person = somebody(Role.POLICY_OWNER)
    typed = OLD.replace("id: all, action: allow", "id: typed, action: justify")
    form = {"token": person.token(), "draft": typed, "count": "1000", "which": "draft"}
    files = {"file": ("policy.yaml", content)}
    answer = person.post("/policy/try", data=form, files=files, headers={"origin": ORIGIN})
    assert (answer.status_code, told in answer.text) == (status, True), answer.text


def test_no_other_form_takes_a_file(somebody) -> None:
    person = somebody(Role.ANALYST)
    form, files = {"token": person.token(), "name": "x", "query": "found=1"}, {"file": ("a", b"b")}
    answer = person.post("/decisions/filters", data=form, files=files, headers={"origin": ORIGIN})
    assert answer.status_code == 400


def test_a_decision_leads_to_its_policy(versions, somebody, installation, make_event) -> None:
    (event,) = installation.take_up(make_event(rule="all"))
    page = somebody(Role.ANALYST).get(f"/decision/{event.id}").text
    assert f"/policy/compare?old={versions[0]}&amp;new={versions[1]}" in page
    assert "by rule <b>all</b>" in page
