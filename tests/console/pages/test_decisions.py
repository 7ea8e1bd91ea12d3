import csv
import io
import json

import pytest

from promptguard.console.pages import decisions
from promptguard.model import Action
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


def test_an_unknown_form_is_told(somebody, events) -> None:
    assert somebody(Role.ANALYST).get("/decisions/export?form=xls").status_code == 404
