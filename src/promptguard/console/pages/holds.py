"""Legal holds: what does not expire, why and since when; they are put on by one person, and lifted by two."""

from __future__ import annotations

from typing import Final

from starlette.responses import RedirectResponse, Response

from promptguard.audit.events import normalised_event_id
from promptguard.audit.reading import moment_text
from promptguard.audit.retention.holds import Hold, new_hold_id, putting_on
from promptguard.console.ways import Visit, Way
from promptguard.console.words import words_of
from promptguard.errors import PromptGuardError, StorageError
from promptguard.review.accounts import NotPossible
from promptguard.review.fitting import one_line
from promptguard.review.hold_liftings import Lifting
from promptguard.review.ledger import Act
from promptguard.review.roles import Permission

_MAX_REFERENCE: Final = 100


def show(visit: Visit) -> Response:
    """Those that are on, and those that were lifted."""
    return _list(visit)


def put_on(visit: Visit) -> Response:
    """Put one on."""
    try:
        hold = _hold(visit)
        putting_on(hold)  # nothing is noted that cannot be
    except StorageError:
        raise
    except PromptGuardError as error:
        return _list(visit, str(error), 422)
    visit.note(Act.HOLD_PUT_ON, hold.id, reference=hold.reference, incident=hold.case, decision=_one(hold.decisions))
    visit.console.holds.put_on(hold)
    return RedirectResponse(f"/holds#{hold.id}", 303)


def ask(visit: Visit) -> Response:
    """Ask for one to be lifted."""
    hold = _find(visit)
    if hold is None:
        return _none(visit)
    reason = words_of(visit, "reason")
    try:
        visit.console.liftings.ask(hold.id, visit.account, reason)
    except NotPossible as error:
        return _list(visit, str(error), 422)
    visit.note(Act.HOLD_LIFTING_ASKED, hold.id)
    return RedirectResponse(f"/holds#{hold.id}", 303)


def answer(visit: Visit) -> Response:
    """Lift one that somebody else asked to be lifted, or refuse."""
    hold = _find(visit)
    if hold is None:
        return _none(visit)
    liftings = visit.console.liftings
    try:
        if visit.field("answer") == "lift":
            _lift(visit, hold, liftings.check(hold.id, visit.account))
        else:
            visit.note(Act.HOLD_LIFTING_REFUSED, hold.id)
            liftings.refuse(hold.id, visit.account)
    except NotPossible as error:
        return _list(visit, str(error), 422)
    return RedirectResponse(f"/holds#{hold.id}", 303)


def _lift(visit: Visit, hold: Hold, lifting: Lifting) -> None:
    liftings = visit.console.liftings
    liftings.answer(lifting, visit.account, lifted=True)  # first: of several answers one counts, and holds are kept
    try:
        visit.note(Act.HOLD_LIFTED, hold.id, asked_by=lifting.asked_name)
        visit.console.holds.lift(hold.id, visit.account.name, lifting.reason, lifting.asked_name)
    except PromptGuardError:
        liftings.take_back(lifting)
        raise


def _list(visit: Visit, problem: str = "", status: int = 200) -> Response:
    visit.note(Act.SAW_HOLDS)
    holds = visit.console.holds.all()
    waiting = visit.console.liftings.waiting()
    return visit.page(
        "holds.html",
        status,
        on=[hold for hold in holds if hold.is_on],
        lifted=[hold for hold in holds if not hold.is_on],
        waiting=waiting,
        problems={id: visit.console.liftings.problem(id, visit.account) for id in waiting},
        names=visit.console.names,
        problem=problem,
    )


def _hold(visit: Visit) -> Hold:
    """What the form says.

    Raises:
        PromptGuardError: a time is none, or there is no such decision, incident or service.
    """
    destination, incident = visit.field("destination"), visit.field("incident").strip()
    decisions = [normalised_event_id(each) for each in visit.field("decision").replace(",", " ").split()]
    if destination and destination not in visit.console.names:
        raise NotPossible("There is no such service.")
    if missing := [each for each in decisions if visit.console.record.find(each) is None]:
        raise NotPossible(f"No decision {missing[0]} is recorded, or it has expired.")
    case = visit.console.incidents.shelf.find(incident) if incident.startswith("in-") else None
    if incident.startswith("in-") and case is None:
        raise NotPossible("There is no such incident.")
    return Hold(
        new_hold_id(),
        visit.account.name,
        words_of(visit, "reason"),
        one_line(words_of(visit, "reference"), _MAX_REFERENCE),
        moment_text(visit.field("since") or None),
        moment_text(visit.field("until") or None),
        destination,
        tuple(dict.fromkeys(decisions or (case.decisions if case else ()))),
        normalised_event_id(incident) if incident and not case else "",
        case=case.id if case else "",
    )


def _find(visit: Visit) -> Hold | None:
    """The hold that the address names, where it is on."""
    id = str(visit.request.path_params["id"])
    return next((hold for hold in visit.console.holds.all() if hold.id == id and hold.is_on), None)


def _none(visit: Visit) -> Response:
    return visit.page("problem.html", 404, problem="There is no such hold, or it is lifted.")


def _one(decisions: tuple[str, ...]) -> str:
    return decisions[0] if len(decisions) == 1 else ""


WAYS = (
    Way("GET", "/holds", Permission.HOLDS, show),
    Way("POST", "/holds", Permission.HOLD, put_on),
    Way("POST", "/holds/{id}", Permission.HOLD, ask),
    Way("POST", "/holds/{id}/answer", Permission.LIFT_HOLD, answer),
)
