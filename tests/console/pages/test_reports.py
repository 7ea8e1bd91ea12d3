import time

import pytest
from tests.console.pages.test_staff import press

from promptguard.console.masking import NotSearched
from promptguard.model import Action
from promptguard.review.roles import Role
from promptguard.review.staff_links import new_link
from promptguard.review.staff_reports import ReportKind


@pytest.fixture
def event(installation, make_event):
    return installation.take_up(make_event(action=Action.ALLOW, found=["EMAIL_ADDRESS"]))[0]


@pytest.fixture
def report(console, event):
    return console.staff.reports.tell(event.id, ReportKind.FALSE_ALARM, token=None, remark="harmless", signed="")


def test_an_answer_stands_on_the_page_of_who_asked(somebody, console, event) -> None:
    link = new_link(event.id, redacted="", files=[], now=time.time())
    console.staff.links.keep([link])
    colleague = somebody()
    press(colleague, link.secret)
    token = console.staff.links.find(link.secret, next(iter(colleague.cookies.values()))).token
    asked = console.staff.reports.tell(event.id, ReportKind.QUESTION, token=token, remark="why?", signed="")
    analyst = somebody(Role.ANALYST)
    assert "why?" in analyst.get("/reports").text
    assert analyst.submit(f"/reports/{asked}", act="answer", remark="Use jane@example.com no more.").status_code == 303
    page = colleague.get(f"/p/{link.secret}").text
    assert "Use [EMAIL_ADDRESS] no more." in page
    assert "analyst" not in page
    assert "why?" not in analyst.get("/reports").text
    assert "why?" in analyst.get("/reports?state=done").text
    assert "why?" in analyst.get(f"/decision/{event.id}").text


@pytest.mark.parametrize(
    ("form", "outcome"),
    [
        ({"act": "false_alarm"}, "judged"),
        ({"act": "right"}, "judged"),
        ({"act": "close"}, "closed"),
        ({"act": "incident", "kind": "data_exposed"}, "incident"),
    ],
)
def test_security_makes_something_of_it(form, outcome, somebody, console, event, report) -> None:
    assert somebody(Role.ANALYST).submit(f"/reports/{report}", **form).status_code == 303
    settled = console.staff.reports.find(report)
    assert settled.outcome == outcome
    verdicts = console.verdicts.of(event.id)
    assert [each.right for each in verdicts] == ([form["act"] == "right"] if outcome == "judged" else [])
    case = console.incidents.shelf.find(settled.incident)
    assert (case is not None) is (outcome == "incident")
    assert case is None or case.exposed
    if case:  # a second tab
        assert somebody(Role.ANALYST, name="Eve").submit(f"/reports/{report}", **form).status_code == 422
        again = console.staff.reports.tell(event.id, ReportKind.BY_MISTAKE, token=None)
        somebody(Role.ANALYST, name="Joe").submit(f"/reports/{again}", **form)
        assert console.staff.reports.find(again).incident == case.id
        assert len(console.incidents.shelf.of_decision(event.id)) == 1


@pytest.mark.parametrize(
    ("id", "form", "status"),
    [
        ("", {"act": "answer", "remark": " "}, 422),
        ("", {"act": "incident", "kind": "none"}, 422),
        ("", {"act": "burn"}, 404),
        ("0000", {"act": "close"}, 404),
    ],
)
def test_what_cannot_be_done_is_told(id, form, status, somebody, console, report) -> None:
    assert somebody(Role.ANALYST).submit(f"/reports/{id or report}", **form).status_code == status
    assert console.staff.reports.find(report).outcome == ""


def test_an_answer_that_cannot_be_searched_is_not_sent(somebody, console, report) -> None:
    def failing(_: str) -> str:
        raise NotSearched("no")

    object.__setattr__(console.staff, "masked", failing)
    assert somebody(Role.ANALYST).submit(f"/reports/{report}", act="answer", remark="so").status_code == 503
    assert console.staff.reports.find(report).outcome == ""


def test_an_auditor_reads_and_answers_not(somebody, report) -> None:
    auditor = somebody(Role.AUDITOR)
    assert "harmless" in auditor.get("/reports").text
    assert auditor.submit(f"/reports/{report}", act="close").status_code == 403
