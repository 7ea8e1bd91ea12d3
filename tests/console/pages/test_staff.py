"""The page behind the link in a notice, without scripts: what it shows, to whom, and what can be told there."""

from __future__ import annotations

import base64
import re
import time

import pytest
from tests.console.conftest import ORIGIN

from promptguard.console.masking import NotSearched
from promptguard.model import Action
from promptguard.review.incidents.case import Conclusion
from promptguard.review.roles import Role
from promptguard.review.staff_links import UNOPENED_SECONDS, new_link
from promptguard.review.staff_reports import MAX_REPORTS, ReportKind
from promptguard.runtime.rate_limit import RateLimit


@pytest.fixture
def blocked(installation, make_event):
    return installation.take_up(make_event(action=Action.BLOCK, found=["GITHUB_TOKEN", "EMAIL_ADDRESS"]))[0]


@pytest.fixture
def link(console, blocked):
    made = new_link(blocked.id, redacted="use [GITHUB_TOKEN]", files=[], now=time.time())
    console.staff.links.keep([made])
    return made


def press(person, secret: str, **form: str):
    return person.post(f"/p/{secret}", data=form or {"do": "open"}, headers={"origin": ORIGIN})


def tell(person, secret: str, **form: str):
    token = re.search(r'name="token" value="(\w+)"', person.get(f"/p/{secret}").text)
    return press(person, secret, token=token[1] if token else "", **form)


def test_it_tells_what_was_found_and_what_left_and_seals_the_text(somebody, link, blocked, console) -> None:
    person = somebody()
    for _ in range(3):  # agents and previews fetch what they see: that uses up nothing, and shows nothing
        closed = person.get(f"/p/{link.secret}")
        assert closed.status_code == 200
        assert blocked.id not in closed.text
        assert closed.headers["cache-control"] == "no-store"
    opened = press(person, link.secret)
    assert (opened.status_code, opened.headers["location"]) == (303, f"/p/{link.secret}")
    page = person.get(f"/p/{link.secret}").text
    for told in (blocked.id, "1 GitHub token in your message", "Nothing of it was sent", "change or revoke it there"):
        assert told in page
    assert base64.b64encode(link.sealed).decode() in page
    assert link.key not in page
    assert blocked.pseudonym not in page
    assert [each.act for each in console.ledger.entries()][:2] == ["saw_by_link", "link_opened"]


def test_no_other_browser_gets_in_and_learns_why(somebody, link) -> None:
    press(somebody(), link.secret)
    other = somebody()
    unknown = other.get("/p/" + "b" * 30)
    for answer in (other.get(f"/p/{link.secret}"), press(other, link.secret), press(other, "b" * 30)):
        assert (answer.status_code, answer.text) == (410, unknown.text)
        assert "set-cookie" not in answer.headers


def test_it_ends_after_an_hour(somebody, link, console) -> None:
    console.staff.links._now = lambda: time.time() + UNOPENED_SECONDS + 5
    assert somebody().get(f"/p/{link.secret}").status_code == 410


def test_a_report_has_no_name_and_no_value(somebody, link, console, blocked) -> None:
    person = somebody()
    press(person, link.secret)
    words = "it was only jane@example.com,\nand hunter2"
    assert tell(person, link.secret, kind="false_alarm", remark=words, signed="").status_code == 303
    assert tell(person, link.secret, kind="question", remark="why?", signed="Jane hunter2").status_code == 303
    question, report = console.staff.reports.of_decision(blocked.id)
    assert (report.kind, report.signed) == ("false_alarm", "")
    assert report.remark == "it was only [EMAIL_ADDRESS],\nand [PASSWORD]"
    assert question.signed == "Jane [PASSWORD]"
    page = person.get(f"/p/{link.secret}").text
    assert "[EMAIL_ADDRESS]" in page
    assert "Not answered yet" in page


def test_a_question_goes_without_the_text_unless_it_is_added(somebody, link, console, blocked) -> None:
    person, reviewer = somebody(), somebody(Role.ANALYST)
    press(person, link.secret)
    page = person.get(f"/p/{link.secret}").text
    assert page.count(">Ask security<") == 2  # heading and button
    assert 'id="adding" hidden' in page  # shown by the script, which alone can open the text
    assert tell(person, link.secret, kind="question", remark="why?").status_code == 303
    assert "You added your text" not in person.get(f"/p/{link.secret}").text
    text = "use [GITHUB_TOKEN]\r\nand write to jane@example.com"
    assert tell(person, link.secret, kind="question", remark="and this?", added=text).status_code == 303
    with_text, without = console.staff.reports.of_decision(blocked.id)
    assert (without.added, with_text.added) == ("", "use [GITHUB_TOKEN]\nand write to [EMAIL_ADDRESS]")
    assert person.get(f"/p/{link.secret}").text.count("You added your text with placeholders.") == 1
    shown = reviewer.get("/reports").text
    assert shown.count("They added their text") == 1
    assert "use [GITHUB_TOKEN]\nand write to [EMAIL_ADDRESS]" in shown
    assert "use [GITHUB_TOKEN]" in reviewer.get(f"/decision/{blocked.id}").text


@pytest.mark.parametrize("kind", ["false_alarm", "by_mistake", "phishing"])
def test_no_other_report_takes_the_text_along(kind, somebody, link, console, blocked) -> None:
    person = somebody()
    press(person, link.secret)
    assert tell(person, link.secret, kind=kind, added="use [GITHUB_TOKEN]").status_code == 303
    (report,) = console.staff.reports.of_decision(blocked.id)
    assert report.added == ""
    for case in console.incidents.shelf.of_decision(blocked.id):
        assert "use [" not in repr((case, console.incidents.shelf.timeline(case.id)))


def test_there_is_nothing_to_add_where_the_link_has_no_text(somebody, console, blocked) -> None:
    made = new_link(blocked.id, redacted="", files=[], now=time.time())
    console.staff.links.keep([made])
    person = somebody()
    press(person, made.secret)
    assert 'id="add"' not in person.get(f"/p/{made.secret}").text


@pytest.mark.parametrize(
    ("kind", "found", "action", "incident", "exposed"),
    [
        ("by_mistake", ["GITHUB_TOKEN"], Action.ALLOW, "credential_exposed", True),
        ("by_mistake", ["EMAIL_ADDRESS"], Action.BLOCK, "data_exposed", False),
        ("wrong_output", [], Action.ALLOW, "wrong_output", True),
        ("phishing", [], Action.BLOCK, "phishing", False),
        ("approved_use", ["EMAIL_ADDRESS"], Action.BLOCK, "", False),
    ],
)
def test_an_incident_is_reported_with_one_click(
    kind, found, action, incident, exposed, somebody, console, installation, make_event
) -> None:
    (event,) = installation.take_up(make_event(action=action, found=found))
    made = new_link(event.id, redacted="", files=[], now=time.time())
    console.staff.links.keep([made])
    person = somebody()
    press(person, made.secret)
    assert tell(person, made.secret, kind=kind).status_code == 303
    (report,) = console.staff.reports.of_decision(event.id)
    case = console.incidents.shelf.find(report.incident)
    assert (case.kind_id if case else "") == incident
    if case:
        assert (case.exposed, list(case.decisions), case.source) == (exposed, [event.id], "report")


def test_what_is_told_again_opens_and_pages_once(somebody, link, blocked, console) -> None:
    person = somebody()
    press(person, link.secret)
    assert [tell(person, link.secret, kind="phishing").status_code for _ in range(2)] == [303, 303]
    (case,) = console.incidents.shelf.of_decision(blocked.id)
    assert {each.incident for each in console.staff.reports.of_decision(blocked.id)} == {case.id}
    assert [each.did for each in console.incidents.shelf.timeline(case.id)] == ["opened", "reported"]
    by = console.accounts.make("Ann", [Role.ANALYST])
    console.incidents.close(case.id, by, "done", Conclusion.CONFIRMED)
    tell(person, link.secret, kind="phishing")
    assert len(console.incidents.shelf.of_decision(blocked.id)) == 2


def test_what_is_shown_with_a_refusal_is_in_the_ledger_too(somebody, link, console, blocked) -> None:
    person = somebody()
    press(person, link.secret)
    person.get(f"/p/{link.secret}")
    before = len(console.ledger.entries())
    answer = tell(person, link.secret, kind="nothing")  # which looks at the page for its token first
    assert (answer.status_code, blocked.id in answer.text) == (422, True)
    assert [each.act for each in console.ledger.entries()][: len(console.ledger.entries()) - before] == [
        "saw_by_link",
        "saw_by_link",
    ]


def test_nothing_is_searched_where_nothing_more_can_be_told(somebody, link, blocked, console) -> None:
    person = somebody()
    press(person, link.secret)
    for _ in range(MAX_REPORTS):
        console.staff.reports.tell(blocked.id, ReportKind.MISSED, token=None)
    searched: list[str] = []
    object.__setattr__(console.staff, "masked", lambda text: (searched.append(text), text)[1])
    assert tell(person, link.secret, kind="question", remark="once more").status_code == 422
    assert searched == []


def test_what_cannot_be_searched_is_not_kept(somebody, link, console, blocked, monkeypatch) -> None:
    def failing(_: str) -> str:
        raise NotSearched("no")

    person = somebody()
    press(person, link.secret)
    object.__setattr__(console.staff, "masked", failing)
    answer = tell(person, link.secret, kind="question", remark="jane@example.com")
    assert answer.status_code == 422
    assert "were not kept" in " ".join(answer.text.split())
    assert console.staff.reports.of_decision(blocked.id) == []


@pytest.mark.parametrize(("kind", "shown"), [("question", 1), ("missed", 1), ("by_mistake", 0), ("everything", 0)])
def test_what_could_not_be_told_is_still_in_its_form(kind: str, shown: int, somebody, link, console) -> None:
    def failing(_: str) -> str:
        raise NotSearched("no")

    person = somebody()
    press(person, link.secret)
    object.__setattr__(console.staff, "masked", failing)
    page = tell(person, link.secret, kind=kind, remark="Why <this>?", signed="J").text
    assert (page.count(">Why &lt;this&gt;?</textarea>"), page.count('value="J"')) == (shown, shown)
    assert page.count(" checked") == (kind == "missed")


@pytest.mark.parametrize("form", [{"kind": "question"}, {"kind": "question", "token": "0" * 64}])
def test_no_form_counts_without_the_token_of_its_page(form, somebody, link, console, blocked) -> None:
    person = somebody()
    press(person, link.secret)
    assert press(person, link.secret, **form).status_code == 410
    assert console.staff.reports.of_decision(blocked.id) == []


def test_there_are_bounds(somebody, link, console, blocked) -> None:
    person = somebody()
    press(person, link.secret)
    assert tell(person, link.secret, kind="everything").status_code == 422
    codes = [tell(person, link.secret, kind="missed").status_code for _ in range(MAX_REPORTS + 1)]
    assert codes == [*[303] * MAX_REPORTS, 422]
    object.__setattr__(console.staff, "requests", RateLimit(1, 60))
    assert [person.get(f"/p/{link.secret}").status_code for _ in range(2)] == [200, 429]
    assert press(person, link.secret).status_code == 429


def test_who_guesses_locks_nobody_out(somebody, link, console) -> None:
    object.__setattr__(console.staff, "requests", RateLimit(3, 60))
    guessing = somebody()
    assert [guessing.get("/p/" + letter * 30).status_code for letter in "bcdf"] == [410, 410, 410, 429]
    assert press(somebody(), link.secret).status_code == 303


def test_who_is_signed_in_sees_the_same_by_the_id_without_the_text(somebody, link, console, blocked) -> None:
    person = somebody(Role.ADMINISTRATOR)
    page = person.get(f"/look-up?id={blocked.id}").text
    assert "1 GitHub token in your message" in page
    assert "data-sealed" not in page and 'id="add"' not in page
    answer = person.submit(f"/look-up/{blocked.id}", kind="question", remark="why?", added="text of nobody's")
    assert answer.headers["location"] == f"/look-up?id={blocked.id}"
    assert "why?" in person.get(f"/look-up?id={blocked.id}").text
    (report,) = console.staff.reports.of_decision(blocked.id)
    assert (report.token, report.signed, report.added) == (None, "", "")
    assert person.submit("/look-up/pg-0", kind="question").status_code == 404
    assert person.submit(f"/look-up/{blocked.id}", kind="none").status_code == 422


@pytest.mark.parametrize(
    ("accept", "language", "closed", "told", "gone"),
    [
        ("de-DE, en;q=0.5", "de", "Zeigen, was geschah", "1 Token von GitHub in Ihrer Nachricht", "zeigt nichts mehr"),
        ("en", "en", "Show what happened", "1 GitHub token in your message", "shows nothing any more"),
        ("", "en", "Show what happened", "1 GitHub token in your message", "shows nothing any more"),
    ],
)
def test_it_is_told_in_the_language_of_whoever_reads(
    accept, language, closed, told, gone, somebody, link, blocked
) -> None:
    person, asked = somebody(), {"accept-language": accept}
    pages = [person.get(f"/p/{link.secret}", headers=asked)]
    press(person, link.secret)
    pages.append(person.get(f"/p/{link.secret}", headers=asked))
    pages.append(somebody().get(f"/p/{link.secret}", headers=asked))
    for page, said in zip(pages, (closed, told, gone), strict=True):
        assert f'<html lang="{language}">' in page.text
        assert said in page.text
    signed_in = somebody(Role.ADMINISTRATOR).get(f"/look-up?id={blocked.id}", headers=asked).text
    assert f'<div lang="{language}">' in signed_in
    assert told in signed_in
