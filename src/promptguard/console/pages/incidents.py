"""Incidents: those that there are, and opening one."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from promptguard.audit.events import normalised_event_id
from promptguard.console.ways import Visit, Way
from promptguard.console.words import words_of
from promptguard.review.accounts import NotPossible
from promptguard.review.incidents.shelf import PAGE, Before
from promptguard.review.ledger import Act
from promptguard.review.roles import Permission

STATES = {"open": "Open", "closed": "Closed", "": "All"}


def show(visit: Visit) -> Response:
    """A page of the list."""
    return _page(visit)


def make(visit: Visit) -> Response:
    """Open one, by hand."""
    book = visit.console.incidents
    decisions = [normalised_event_id(id) for id in visit.form.get("decision", ()) if id]
    try:
        known = [id for id in decisions if visit.console.record.find(id) is not None]
        if len(known) < len(decisions):
            raise NotPossible("No decision with this id is recorded.")
        exposed = visit.field("exposed") == "yes"
        id = book.open(visit.field("kind"), known, visit.account, words_of(visit, "what"), exposed)
    except NotPossible as error:
        return _page(visit, str(error))
    return RedirectResponse(f"/incidents/{id}", 303)


def _page(visit: Visit, problem: str = "") -> Response:
    book = visit.console.incidents
    asked = visit.query("state") if "state" in visit.request.query_params else "open"
    state = asked if asked in STATES else "open"
    visit.note(Act.LISTED_INCIDENTS, state=state)
    cases = book.shelf.page(state=state, before=_before(visit.query("before")), size=PAGE + 1)
    last = cases[PAGE - 1] if len(cases) > PAGE else None
    return visit.page(
        "incidents.html",
        422 if problem else 200,
        cases=cases[:PAGE],
        more=f"{last.opened}~{last.id}" if last else "",
        state=state,
        states=STATES,
        kinds=book.file.kinds,
        paging=bool(book.file.channels),
        now=book.now(),
        problem=problem,
    )


def _before(text: str) -> Before | None:
    opened, _, id = text.partition("~")
    return (int(opened), id[:32]) if opened.isascii() and opened.isdecimal() and len(opened) < 19 else None


WAYS = (
    Way("GET", "/incidents", Permission.INCIDENTS, show),
    Way("POST", "/incidents", Permission.HANDLE, make),
)
