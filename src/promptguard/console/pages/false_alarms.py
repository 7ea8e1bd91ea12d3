"""Letting a value pass that was found by mistake: one person asks, another accepts."""

from __future__ import annotations

from typing import Final

from starlette.responses import RedirectResponse, Response

from promptguard.audit.export import show as recorded
from promptguard.console.ways import Visit, Way
from promptguard.console.words import words_of
from promptguard.detectors.false_alarms import FalseAlarmState, NoLongerPossible
from promptguard.review.accounts import NotPossible
from promptguard.review.ledger import Act
from promptguard.review.roles import Permission

_ANSWERS: Final = {
    "accept": (FalseAlarmState.ACCEPTED, Act.FALSE_ALARM_ACCEPTED),
    "refuse": (FalseAlarmState.REFUSED, Act.FALSE_ALARM_REFUSED),
    "revoke": (FalseAlarmState.REVOKED, Act.FALSE_ALARM_REVOKED),
}


def ask(visit: Visit) -> Response:
    """Ask to let values of a decision pass."""
    event = recorded(visit.console.record, str(visit.request.path_params["id"]))
    if event is None:
        return visit.page("problem.html", 404, problem="No decision with this id is recorded.")
    days, reason = visit.field("days"), words_of(visit, "reason")
    visit.note(Act.FALSE_ALARM_ASKED, event["id"], days=days if days.isdecimal() else "")
    try:
        visit.console.false_alarms.ask(
            event,
            visit.form.get("value", ()),
            visit.account,
            reason=reason,
            days=int(days) if days.isdecimal() and len(days) < 6 else 0,
        )
    except NotPossible as error:
        return visit.page("problem.html", 409, problem=str(error))
    return RedirectResponse(f"/decision/{event['id']}#said", 303)


def answer(visit: Visit) -> Response:
    """Accept, refuse or revoke."""
    id = str(visit.request.path_params["id"])
    if visit.field("answer") not in _ANSWERS:
        return visit.page("problem.html", 400, problem="Say whether to accept, to refuse or to revoke it.")
    state, act = _ANSWERS[visit.field("answer")]
    if not any(each.id == id for each in visit.console.false_alarms.all()):
        return visit.page("problem.html", 404, problem="There is no such one.")
    if state is FalseAlarmState.ACCEPTED and (problem := visit.console.false_alarms.problem(id, visit.account)):
        return visit.page("problem.html", 409, problem=problem)
    visit.note(act, id)
    try:
        visit.console.false_alarms.answer(id, state, visit.account)
    except (NotPossible, NoLongerPossible) as error:
        return visit.page("problem.html", 409, problem=str(error))
    return RedirectResponse("/policy#false-alarms", 303)


WAYS = (
    Way("POST", "/decision/{id}/false-alarm", Permission.JUDGE, ask),
    Way("POST", "/policy/false-alarm/{id}", Permission.ACCEPT_FALSE_ALARMS, answer),
)
