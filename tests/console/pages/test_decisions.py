import csv
import io
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyarrow.parquet
import pytest

from promptguard.audit.events import timestamp
from promptguard.console.pages import decisions
from promptguard.model import Action
from promptguard.policy.versions import POLICY_FILE, ConfigurationText
from promptguard.review.roles import Role


@pytest.fixture
def events(installation, make_event):
    return installation.take_up(
        make_event("2026-03-01T23:59:59.999Z", action=Action.BLOCK, found=["GITHUB_TOKEN"]),
        make_event("2026-03-02T00:00:00.000Z", rule="<script>alert(1)</script>"),
        make_event("2026-03-02T12:00:00.000Z", action=Action.REDACT, found=["EMAIL_ADDRESS", "EMAIL_ADDRESS"]),
    )


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", [2, 1, 0]),
        ("action=block", [0]),
        ("class=personal_data", [2]),
        ("since=2026-03-02", [2, 1]),
        ("until=2026-03-01", [0]),
        ("until=2026-03-02", [2, 1, 0]),
        ("until=nonsense", [2, 1, 0]),
        ("found=1", [2, 0]),
        ("before=2026-03-02T12:00:00.000Z~3", [1, 0]),
        ("before=2026-03-02T12:00:00.000Z", [2, 1, 0]),
        ("before=x~-1&text=%00", [2, 1, 0]),
    ],
)
def test_the_list_shows_what_is_asked_for(query: str, wanted: list[int], somebody, events) -> None:
    page = somebody(Role.ANALYST).get(f"/decisions?{query}").text
    at = {index: page.find(f'href="/decision/{event.id}"') for index, event in enumerate(events)}
    assert sorted((index for index in at if at[index] >= 0), key=lambda index: at[index]) == wanted
    assert "<script>alert" not in page


def test_older_ones_are_on_the_next_page(somebody, installation, make_event, monkeypatch) -> None:
    monkeypatch.setattr(decisions, "PAGE", 2)
    events = installation.take_up(*(make_event() for _ in range(3)))
    person = somebody(Role.ANALYST)
    first = person.get("/decisions?rule=the-rule").text
    assert events[0].id not in first
    link = first.split('class="button" href="')[1].split('"')[0].replace("&amp;", "&")
    second = person.get(link).text
    assert events[0].id in second
    assert events[1].id not in second


def test_what_is_new_comes_by_itself(somebody, installation, make_event, events) -> None:
    person = somebody(Role.ANALYST)
    page = person.get("/decisions?action=block&live=1").text
    follow = page.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert person.get(follow).status_code == 204
    allowed, blocked = installation.take_up(make_event(), make_event(action=Action.BLOCK))
    came = person.get(follow).text
    assert blocked.id in came
    assert allowed.id not in came
    assert person.get(came.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")).status_code == 204


@pytest.mark.parametrize("sparse", [0, 1000])
def test_what_is_taken_away_is_what_was_asked_for(sparse: int, somebody, events, monkeypatch) -> None:
    monkeypatch.setattr(decisions, "_SPARSE", sparse)
    person = somebody(Role.AUDITOR)
    answer = person.get("/decisions/export?form=jsonl&found=1")
    assert "attachment" in answer.headers["content-disposition"]
    assert [json.loads(line)["id"] for line in answer.text.splitlines()] == [events[2].id, events[0].id]
    rows = list(csv.DictReader(io.StringIO(person.get("/decisions/export?form=csv&action=block").text)))
    assert [row["id"] for row in rows] == [events[0].id]


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_what_reviewers_say_is_taken_away_with_it(form, somebody, events) -> None:
    person = somebody(Role.ANALYST, name="Ann Reviewer")
    comment = "a sample of jane@example.com"
    assert person.submit(f"/decision/{events[0].id}/verdict", right="no", comment=comment).status_code == 303
    content = person.get(f"/decisions/export?form={form}&action=block").content
    if form == "parquet":
        ((said,),) = pyarrow.parquet.read_table(io.BytesIO(content)).column("verdicts").to_pylist()
        content = str(said).encode()
    assert b"false" in content and b"analyst" in content and b"a sample of [EMAIL_ADDRESS]" in content
    assert b"jane" not in content and b"Reviewer" not in content


def test_an_unknown_form_is_told(somebody, events) -> None:
    assert somebody(Role.ANALYST).get("/decisions/export?form=xls").status_code == 404


def test_decisions_on_one_prompt_are_one_row_that_opens(somebody, installation, make_event) -> None:
    first = make_event(found=["EMAIL_ADDRESS"])
    helper = make_event("2026-03-01T09:30:01.000Z", found=["EMAIL_ADDRESS"], incident=first.id)
    installation.take_up(replace(first, incident=first.id), helper)
    person = somebody(Role.ANALYST)
    page = person.get("/decisions").text
    assert helper.id not in page
    assert "and 1 more on the same prompt" in page
    assert helper.id in person.get("/decisions?apart=1").text
    assert helper.id in person.get(f"/decisions?incident={first.id}").text
    rows = person.get(page.split('class="also"')[1].split('hx-get="')[1].split('"')[0].replace("&amp;", "&"))
    assert helper.id in rows.text and f'href="/decision/{first.id}"' not in rows.text


def test_no_value_is_saved_with_a_filter(somebody, events, console) -> None:
    person = somebody(Role.ANALYST)
    form = {"name": "of jane@example.com", "query": "text=jane%40example.com"}
    assert person.submit("/decisions/filters", **form).status_code == 303
    (account,) = console.accounts.all()
    assert console.saved_filters.of(account.id) == {"of [EMAIL_ADDRESS]": "text=%5BEMAIL_ADDRESS%5D"}


def test_a_filter_is_saved_and_deleted(somebody, events, console) -> None:
    ann, bob = somebody(Role.ANALYST, name="Ann"), somebody(Role.ANALYST, name="Bob")
    query = "action=block&found=1&unknown=<b>"
    assert ann.submit("/decisions/filters", query=query, name="Stopped").status_code == 303
    link = '<a href="/decisions?action=block&amp;found=1">Stopped</a>'
    assert link in ann.get("/decisions").text
    assert link not in bob.get("/decisions").text
    assert ann.submit("/decisions/filters", query="", name="All").status_code == 409
    assert ann.submit("/decisions/filters", query="", delete="Stopped").status_code == 303
    assert link not in ann.get("/decisions").text
    acts = [entry.detail["do"] for entry in console.ledger.entries() if entry.act == "filter_changed"]
    assert acts == ["deleted", "saved", "saved"]


def test_parquet_is_taken_away_too(somebody, events, monkeypatch) -> None:
    person = somebody(Role.ANALYST)
    answer = person.get("/decisions/export?form=parquet&found=1")
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    rows = pyarrow.parquet.read_table(io.BytesIO(answer.content)).to_pylist()
    assert [row["id"] for row in rows] == [events[2].id, events[0].id]
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    missing = person.get("/decisions/export?form=parquet")
    assert missing.status_code == 501
    assert "promptguard[parquet]" in missing.text


@pytest.mark.parametrize(("people", "status"), [(4, 422), (5, 200)])
@pytest.mark.parametrize("path", ["/decisions?", "/decisions/export?form=csv&"])
def test_a_group_of_few_people_is_not_listed(people, status, path, somebody, installation, make_event) -> None:
    at = f"{datetime.now(UTC) - timedelta(minutes=1):%Y-%m-%dT%H:%M:%S.000Z}"
    installation.take_up(*(make_event(at, groups=["legal"], person=f"p_{number}") for number in range(people)))
    person = somebody(Role.ANALYST)
    assert person.get(f"{path}group=legal").status_code == status
    assert ('value="legal"' in person.get("/decisions").text) is (status == 200)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/decisions?rule=zoe", 422), ("/decisions/new?rule=zoe", 422), ("/decisions/export?form=csv&rule=zoe", 422)],
)
def test_a_rule_about_one_person_is_no_filter(path, status, somebody, installation, make_event) -> None:
    policy = (
        "version: '1'\nrules:\n"
        "  - {id: zoe, when: {users: zoe}, action: block, reason: Not they.}\n"
        "  - {id: all, action: allow, reason: All may.}\n"
    )
    store = installation.backend.policy_versions(installation.keys.configuration)
    kept = ConfigurationText("0" * 64, "1", {POLICY_FILE: policy})
    store.keep(kept, "1" * 16, process="7", machine="host-1", now=timestamp(datetime.now(UTC)))
    made, other = installation.take_up(make_event(rule="zoe"), make_event(rule="all"))
    person = somebody(Role.ANALYST)
    assert person.get(path).status_code == status
    page = person.get("/decisions").text
    assert made.id in page and '<option value="zoe"' not in page and '<option value="all"' in page
    found = person.get("/decisions?text=zo").text
    assert made.id not in found and other.id not in found
    assert person.submit("/decisions/filters", query="rule=zoe", name="Mine").status_code == 409
    assert "Mine" not in person.get("/decisions").text
    assert "<b>zoe</b>" in person.get(f"/decision/{made.id}").text
    rules = person.get("/policy").text
    assert 'href="/decisions?rule=zoe"' not in rules and 'href="/decisions?rule=all"' in rules
    assert ",zoe," in person.get("/decisions/export?form=csv").text
