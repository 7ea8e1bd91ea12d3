"""One incident: its clock, its steps, who has it, and what happened to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from starlette.responses import RedirectResponse, Response

from promptguard.audit.export import show as recorded
from promptguard.audit.interface import RecordDamaged
from promptguard.audit.retention.held import HeldDecisions
from promptguard.audit.retention.holds import Hold
from promptguard.console.held import holds_on
from promptguard.console.ways import Visit, Way
from promptguard.console.words import words_of
from promptguard.review.accounts import Account, NotPossible
from promptguard.review.incidents.book import IncidentBook
from promptguard.review.incidents.case import Conclusion, IncidentCase
from promptguard.review.incidents.export import exported
from promptguard.review.ledger import Act
from promptguard.review.roles import Permission

MAX_SHOWN = 50
"""Decisions on the page of an incident."""

CONCLUSIONS = {
    Conclusion.CONFIRMED: "Confirmed: it happened",
    Conclusion.FALSE_ALARM: "A false alarm: it did not happen",
    Conclusion.NOT_ESTABLISHED: "Not established: nobody can tell",
}
"""What an incident came to, in words."""


def show(visit: Visit) -> Response:
    """All that is known of it."""
    return _page(visit)


def change(visit: Visit) -> Response:
    """Do what one of the forms is for."""
    case = _case(visit)
    act = _ACTS.get(visit.field("act"))
    if case is None or act is None:
        return _none(visit)
    try:
        act(visit.console.incidents, case.id, visit.account, visit)
    except NotPossible as error:
        return _page(visit, str(error))
    return RedirectResponse(f"/incidents/{case.id}", 303)


def export(visit: Visit) -> Response:
    """It as a file: JSON, or a page to print."""
    case = _case(visit)
    form = visit.query("form")
    if case is None or form not in ("json", "html"):
        return _none(visit)
    visit.note(Act.INCIDENT_EXPORTED, case.id, form=form)
    told = exported(case, visit.console.incidents, visit.console.ledger)
    if form == "json":
        return _file(orjson.dumps(told, option=orjson.OPT_INDENT_2), "application/json", f"{case.id}.json")
    page = visit.page("incident_print.html", told=told)
    return _file(bytes(page.body), "text/html; charset=utf-8", f"{case.id}.html")


def _page(visit: Visit, problem: str = "") -> Response:
    case = _case(visit)
    if case is None:
        return _none(visit)
    visit.note(Act.SAW_INCIDENT, case.id)
    book = visit.console.incidents
    decisions = [each for id in case.decisions[:MAX_SHOWN] if (each := _decision(visit, id)) is not None]
    found: Counter[str] = Counter()
    for each in decisions:
        found.update(each["summary"])
    return visit.page(
        "incident.html",
        422 if problem else 200,
        case=case,
        decisions=decisions,
        rotation={name: book.file.rotation.get(name, "") for name in sorted(found)},
        steps={each.id: each.title for each in (case.kind.steps if case.kind else ())},
        timeline=book.shelf.timeline(case.id),
        pages=book.shelf.pages(case.id),
        paged=bool(book.file.channels),
        others=_others(visit),
        names=visit.console.names,
        conclusions=CONCLUSIONS,
        looks_back=bool(visit.console.earlier.terms.months),
        tools=list(
            dict.fromkeys(each["destination"] for each in decisions if each["destination"] in visit.console.names)
        ),
        now=book.now(),
        holds=holds_on(visit, lambda held: _holds(held, case)),
        problem=problem,
    )


def _holds(held: HeldDecisions, case: IncidentCase) -> list[Hold]:
    """Those on the incident, and those on any of its decisions."""
    found = [*held.of_incident(case.id), *(hold for id in case.decisions for hold in held.of_decision(id))]
    return list({hold.id: hold for hold in found}.values())


def _others(visit: Visit) -> list[Account]:
    """Who could take it over."""
    mine = visit.account.id
    others = (each for each in visit.console.accounts.all() if each.id != mine and not each.disabled)
    return [each for each in others if Permission.HANDLE in each.permissions]


def _decision(visit: Visit, id: str) -> Mapping[str, Any] | None:
    try:
        event = recorded(visit.console.record, id)
    except RecordDamaged:
        return None
    if event is None:
        return None
    return {**event, "summary": Counter(str(each["entity_type"]) for each in event["findings"])}


def _offer(book: IncidentBook, id: str, by: Account, visit: Visit) -> None:
    to = next((each for each in _others(visit) if each.id == visit.field("to")), None)
    if to is None:
        raise NotPossible("Say to whom.")
    book.offer(id, by, to)


def _close(book: IncidentBook, id: str, by: Account, visit: Visit) -> None:
    conclusion = visit.field("conclusion")
    if conclusion not in set(Conclusion):
        raise NotPossible("Say what it came to: it happened, it was a false alarm, or nobody can tell.")
    book.close(id, by, words_of(visit, "remark"), Conclusion(conclusion))


type _Handler = Callable[[IncidentBook, str, Account, Visit], None]

_ACTS: Mapping[str, _Handler] = {
    "take_on": lambda book, id, by, visit: book.take_on(id, by),
    "offer": _offer,
    "accept": lambda book, id, by, visit: book.answer_offer(id, by, accept=True),
    "decline": lambda book, id, by, visit: book.answer_offer(id, by, accept=False),
    "do": lambda book, id, by, visit: book.do(id, visit.field("step"), by, words_of(visit, "remark")),
    "undo": lambda book, id, by, visit: book.undo(id, visit.field("step"), by),
    "expose": lambda book, id, by, visit: book.expose(id, by, words_of(visit, "remark")),
    "remark": lambda book, id, by, visit: book.remark(id, by, words_of(visit, "remark")),
    "close": _close,
    "reopen": lambda book, id, by, visit: book.reopen(id, by, words_of(visit, "remark")),
}


def _case(visit: Visit) -> IncidentCase | None:
    return visit.console.incidents.shelf.find(str(visit.request.path_params["id"]))


def _none(visit: Visit) -> Response:
    return visit.page("problem.html", 404, problem="There is no such incident.")


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


WAYS = (
    Way("GET", "/incidents/{id}", Permission.INCIDENTS, show),
    Way("POST", "/incidents/{id}", Permission.HANDLE, change),
    Way("GET", "/incidents/{id}/export", Permission.INCIDENTS, export),
)
