"""One decision: what was found where, why it was decided so, and what reviewers say."""

from __future__ import annotations

from typing import Any

from starlette.responses import RedirectResponse, Response

from promptguard.audit.export import show as recorded
from promptguard.audit.found_later import show_found_later
from promptguard.audit.tail import reasons_of
from promptguard.console.held import holds_on
from promptguard.console.ways import Visit, Way
from promptguard.console.words import words_of
from promptguard.review.allowances import LetPass, let_pass
from promptguard.review.decisions import Filter
from promptguard.review.incidents.case import IncidentCase
from promptguard.review.incidents.opening import has_left
from promptguard.review.ledger import Act
from promptguard.review.roles import Permission


def show(visit: Visit) -> Response:
    """All that the record has of it, in words."""
    event = recorded(visit.console.record, str(visit.request.path_params["id"]))
    if event is None:
        return _none(visit)
    visit.note(Act.SAW_DECISION, event["id"])
    policies = visit.console.policies
    then = policies.that_decided(event)
    return visit.page(
        "decision.html",
        then=then[0] if then else None,
        now=policies.in_force().version,
        today=policies.today(event),
        let_pass=_let_pass(visit, event, then[0].hash if then else ""),
        allowed=visit.console.false_alarms.of_decision(event["id"]),
        values=visit.console.false_alarms.values(event),
        terms=visit.console.false_alarms.terms(),
        event=event,
        later=show_found_later(visit.console.record, event["id"]),
        reasons=[visit.console.sentences(reason) for reason in reasons_of(event)],
        others=_others(visit, event),
        verdicts=visit.console.verdicts.of(event["id"]),
        reports=visit.console.staff.reports.of_decision(event["id"]) if _may_read_reports(visit) else [],
        names=visit.console.names,
        incidents=_incidents(visit, event["id"]),
        kinds=visit.console.incidents.file.kinds,
        left=has_left(event),
        held=visit.console.justifications.of_decision(event["id"]),
        clock=visit.console.incidents.now(),
        last_day=visit.console.kept.last_day(event),
        holds=holds_on(visit, lambda held: held.of_decision(event["id"])),
    )


def judge(visit: Visit) -> Response:
    """Say whether what was found is what it was taken for."""
    event = recorded(visit.console.record, str(visit.request.path_params["id"]))
    if event is None or visit.session is None:
        return _none(visit)
    right = visit.field("right") == "yes"
    comment = words_of(visit, "comment")
    visit.note(Act.JUDGED, event["id"], right="yes" if right else "no")
    visit.console.verdicts.give(event["id"], visit.session.account.id, right=right, comment=comment)
    return RedirectResponse(f"/decision/{event['id']}#said", 303)


def _others(visit: Visit, event: dict[str, Any]) -> list[Any]:
    """The other decisions on the same prompt."""
    incident = event.get("incident") or ""
    if not incident:
        return []
    return [row for row in visit.console.decisions.page(Filter(incident=incident)) if row.id != event["id"]]


def _let_pass(visit: Visit, event: dict[str, Any], version: str) -> list[LetPass]:
    if not event.get("allowances"):
        return []
    files = visit.console.policies.files(version) if version else None
    return let_pass(event, visit.console.false_alarms.all(), files or {})


def _incidents(visit: Visit, decision_id: str) -> list[IncidentCase]:
    return visit.console.incidents.shelf.of_decision(decision_id)


def _may_read_reports(visit: Visit) -> bool:
    return visit.session is not None and Permission.REPORTS in visit.session.account.permissions


def _none(visit: Visit) -> Response:
    return visit.page("problem.html", 404, problem="No decision with this id is recorded.")


WAYS = (
    Way("GET", "/decision/{id}", Permission.DECISIONS, show),
    Way("POST", "/decision/{id}/verdict", Permission.JUDGE, judge),
)
