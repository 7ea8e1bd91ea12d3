"""Earlier confirmed incidents of the same person, within one incident: two people ask, approve and look."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from starlette.responses import RedirectResponse, Response

from promptguard.console.ways import Visit, Way
from promptguard.console.words import words_of
from promptguard.review.accounts import NotPossible
from promptguard.review.incidents.case import IncidentCase
from promptguard.review.incidents.earlier_request import EARLIER_STATES
from promptguard.review.ledger import Act
from promptguard.review.roles import Permission


def show(visit: Visit) -> Response:
    """What was asked, and what can be done; no earlier incident."""
    return _page(visit)


def change(visit: Visit) -> Response:
    """Ask, approve, refuse, end it, or look."""
    case, act = _case(visit), visit.field("act")
    if case is None or act not in (*_ACTS, "look"):
        return _none(visit)
    try:
        if act == "look":
            return _look(visit, case)
        _ACTS[act](visit, case)
    except NotPossible as error:
        return _page(visit, problem=str(error))
    return RedirectResponse(f"/incidents/{case.id}/earlier", 303)


def _ask(visit: Visit, case: IncidentCase) -> None:
    visit.console.earlier.ask(case.id, visit.field("decision"), visit.account, words_of(visit, "reason"))


def _approve(visit: Visit, case: IncidentCase) -> None:
    _answer(visit, case, granted=True)


def _refuse(visit: Visit, case: IncidentCase) -> None:
    _answer(visit, case, granted=False)


def _answer(visit: Visit, case: IncidentCase, *, granted: bool) -> None:
    id = _request(visit, case)
    visit.console.earlier.answer(id, visit.account, words_of(visit, "answer"), granted=granted)


def _withdraw(visit: Visit, case: IncidentCase) -> None:
    visit.console.earlier.withdraw(_request(visit, case), visit.account)


def _look(visit: Visit, case: IncidentCase) -> Response:
    return _page(visit, seen=visit.console.earlier.look(_request(visit, case), visit.account))


_ACTS: Mapping[str, Callable[[Visit, IncidentCase], None]] = {
    "ask": _ask,
    "approve": _approve,
    "refuse": _refuse,
    "withdraw": _withdraw,
}


def _page(visit: Visit, *, problem: str = "", seen: Sequence[IncidentCase] | None = None) -> Response:
    case, earlier, account = _case(visit), visit.console.earlier, visit.account
    if case is None:
        return _none(visit)
    if seen is None:  # else it is noted already, as what it is
        visit.note(Act.SAW_INCIDENT, case.id)
    requests = earlier.of_incident(case.id)
    return visit.page(
        "earlier.html",
        422 if problem else 200,
        case=case,
        requests=requests,
        answerable={each.id: earlier.problem(each, account) for each in requests if each.state == "waiting"},
        states=EARLIER_STATES,
        terms=earlier.terms,
        seen=seen,
        problem=problem,
        typed={"decision": visit.field("decision"), "reason": visit.field("reason")} if problem else {},
    )


def _request(visit: Visit, case: IncidentCase) -> str:
    """The id of one of this incident's requests, from the form.

    Raises:
        NotPossible: there is none.
    """
    found = visit.console.earlier.find(visit.field("request"))
    if found.incident != case.id:
        raise NotPossible("There is no such request in this incident.")
    return found.id


def _case(visit: Visit) -> IncidentCase | None:
    return visit.console.incidents.shelf.find(str(visit.request.path_params["id"]))


def _none(visit: Visit) -> Response:
    return visit.page("problem.html", 404, problem="There is no such incident.")


WAYS = (
    Way("GET", "/incidents/{id}/earlier", Permission.EARLIER, show),
    Way("POST", "/incidents/{id}/earlier", Permission.LOOK_BACK, change),
)
