"""What staff tell of decisions on their requests: security answers, and makes an incident or a verdict of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.responses import RedirectResponse, Response

from promptguard.audit.export import show as recorded
from promptguard.console.masking import NotSearched
from promptguard.console.ways import Visit, Way
from promptguard.review.accounts import Account, NotPossible
from promptguard.review.incidents.opening import has_left
from promptguard.review.ledger import Act
from promptguard.review.roles import Permission
from promptguard.review.staff_reports import MAX_REMARK, PAGE, ReportOutcome, ReportPlace, StaffReport

_NOT_SEARCHED = "Your answer could not be searched for values just now, so it was not sent. Send it again."


def show(visit: Visit) -> Response:
    """Reports, the newest first: those that are open, or the others."""
    return _list(visit)


def act(visit: Visit) -> Response:
    """Answer, judge, open an incident, or close without a word."""
    report = visit.console.staff.reports.find(str(visit.request.path_params["id"]))
    what = _ACTS.get(visit.field("act"))
    if report is None or what is None or visit.session is None:
        return visit.page("problem.html", 404, problem="There is no such report.")
    try:
        what(visit, report, visit.session.account)
    except NotSearched:
        return _list(visit, _NOT_SEARCHED, 503)
    except NotPossible as error:
        return _list(visit, str(error), 422)
    return RedirectResponse("/reports", 303)


def _list(visit: Visit, problem: str = "", status: int = 200) -> Response:
    done = visit.query("state") == "done"
    visit.note(Act.SAW_REPORTS, state="done" if done else "open")
    reports = visit.console.staff.reports.page(still_open=not done, before=_place(visit.query("before")), size=PAGE + 1)
    return visit.page(
        "reports.html",
        status,
        reports=reports[:PAGE],
        more="{}~{}".format(*reports[PAGE - 1].place) if len(reports) > PAGE else "",
        done=done,
        kinds=[(each.id, each.title) for each in visit.console.incidents.file.kinds],
        problem=problem,
    )


def _answer(visit: Visit, report: StaffReport, account: Account) -> None:
    remark = visit.console.staff.masked(visit.field("remark")[:MAX_REMARK]).strip()
    if not remark:
        raise NotPossible("An answer has some words.")
    visit.note(Act.ANSWERED_REPORT, report.decision_id, report=report.id)
    visit.console.staff.reports.answer(report.id, account.id, remark)
    if report.token:
        visit.console.staff.links.hold(report.token)


def _judge(visit: Visit, report: StaffReport, account: Account) -> None:
    right = visit.field("act") == "right"
    visit.note(Act.JUDGED, report.decision_id, right="yes" if right else "no", report=report.id)
    comment = f"Report {report.id}"
    visit.console.verdicts.give(report.decision_id, account.id, right=right, comment=comment)
    visit.console.staff.reports.settle(report.id, ReportOutcome.JUDGED)


def _open_incident(visit: Visit, report: StaffReport, account: Account) -> None:
    if report.incident:
        raise NotPossible(f"It was made an incident already: {report.incident}.")
    event = recorded(visit.console.record, report.decision_id)
    exposed = event is not None and has_left(event)
    what = f"A colleague reports: {report.kind.replace('_', ' ')}, report {report.id}."
    id = visit.console.incidents.report(visit.field("kind"), report.decision_id, account, what, exposed)
    visit.console.staff.reports.settle(report.id, ReportOutcome.INCIDENT, incident=id)


def _close(visit: Visit, report: StaffReport, _: Account) -> None:
    visit.note(Act.CLOSED_REPORT, report.decision_id, report=report.id)
    visit.console.staff.reports.settle(report.id, ReportOutcome.CLOSED)


def _place(text: str) -> ReportPlace | None:
    time, _, id = text.partition("~")
    return (time[:32], id[:16]) if id else None


_ACTS: Mapping[str, Callable[[Visit, StaffReport, Account], None]] = {
    "answer": _answer,
    "right": _judge,
    "false_alarm": _judge,
    "incident": _open_incident,
    "close": _close,
}

WAYS = (
    Way("GET", "/reports", Permission.REPORTS, show),
    Way("POST", "/reports/{id}", Permission.ANSWER, act),
)
