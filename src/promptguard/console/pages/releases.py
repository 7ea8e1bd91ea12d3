"""Releasing evidence: one asks, another one answers, and the one who asked fetches it, still sealed."""

from __future__ import annotations

import hashlib
from collections import Counter

from starlette.responses import RedirectResponse, Response

from promptguard.audit.export import show as recorded
from promptguard.console.rendering import CLASSES
from promptguard.console.ways import Visit, Way
from promptguard.console.words import words_of
from promptguard.evidence.sealing import sealed_to
from promptguard.model import DataClass
from promptguard.notices.recorded_words import RecordedWords
from promptguard.review.accounts import NotPossible
from promptguard.review.fitting import one_line
from promptguard.review.ledger import Act
from promptguard.review.releases import MAX_REFERENCE, Release, ReleaseState, checked_reason
from promptguard.review.roles import Permission

_CLASSES = {DataClass(name): words.lower() for name, words in CLASSES.items()}
_NO_EVIDENCE = "Of this decision no evidence is kept: none was wanted, it has expired, or there is no such decision."
_CHANGED = (
    "What is kept is not what was sealed when the decision was recorded: it was changed since. It is not given out."
)


def show_all(visit: Visit) -> Response:
    """All requests, and a form to ask for one more."""
    return _list(visit)


def ask(visit: Visit) -> Response:
    """Ask for the evidence of a decision."""
    cause, remark, reference = visit.field("cause"), words_of(visit, "remark"), words_of(visit, "reference")
    try:
        decision_id, _ = _sealed(visit, visit.field("decision"))
        checked_reason(cause, remark, reference)
        visit.note(Act.RELEASE_ASKED, decision_id, cause=cause, reference=one_line(reference, MAX_REFERENCE))
        id = visit.console.releases.ask(decision_id, visit.account.id, cause, remark, reference)
    except NotPossible as error:
        return _list(visit, problem=str(error))
    return RedirectResponse(f"/releases/{id}", 303)


def show(visit: Visit) -> Response:
    """One request: what is asked for and why, and what can be done."""
    found = _found(visit)
    if found is None:
        return _none(visit)
    return _page(visit, found)


def answer(visit: Visit) -> Response:
    """Approve or refuse what somebody else asked for."""
    found = _found(visit)
    if found is None:
        return _none(visit)
    granted, words, approver = visit.field("granted") == "yes", words_of(visit, "answer"), visit.account.id
    try:
        visit.console.releases.check_answer(found.id, approver, words)
        act = Act.RELEASE_APPROVED if granted else Act.RELEASE_REFUSED
        visit.note(act, found.decision_id, request=found.id, by_request_of=found.requester_name)
        visit.console.releases.answer(found.id, approver, words, granted=granted)
    except NotPossible as error:
        return _page(visit, found, problem=str(error))
    return RedirectResponse(f"/releases/{found.id}", 303)


def withdraw(visit: Visit) -> Response:
    """Take a request back."""
    found = _found(visit)
    if found is None:
        return _none(visit)
    try:
        visit.note(Act.RELEASE_WITHDRAWN, found.decision_id, request=found.id)
        visit.console.releases.withdraw(found.id, visit.account.id)
    except NotPossible as error:
        return _page(visit, found, problem=str(error))
    return RedirectResponse(f"/releases/{found.id}", 303)


def fetch(visit: Visit) -> Response:
    """The sealed evidence as a file, for the one who asked for it."""
    found = _found(visit)
    if found is None:
        return _none(visit)
    try:
        visit.console.releases.check_fetch(found.id, visit.account.id)
        decision_id, sealed = _sealed(visit, found.decision_id)
        visit.note(Act.RELEASE_FETCHED, decision_id, request=found.id, number=str(found.openings + 1))
        visit.console.releases.fetch(found.id, visit.account.id)
    except NotPossible as error:
        return _page(visit, found, problem=str(error))
    name = f'attachment; filename="{decision_id}.evidence.json"'
    return Response(sealed, media_type="application/json", headers={"content-disposition": name})


def _sealed(visit: Visit, asked: str) -> tuple[str, bytes]:
    """The id of a decision, from how it was written down, and its evidence.

    Raises:
        NotPossible: there is none, or it was changed since it was recorded.
    """
    event = recorded(visit.console.record, asked) if asked else None
    sealed = visit.console.evidence.find(event["id"]) if event else None
    if event is None or sealed is None:
        raise NotPossible(_NO_EVIDENCE)
    if hashlib.sha256(sealed).hexdigest() != event.get("evidence"):
        raise NotPossible(_CHANGED)
    return event["id"], sealed


def _list(visit: Visit, problem: str = "") -> Response:
    visit.note(Act.SAW_RELEASES)
    filled = {name: visit.field(name) for name in ("cause", "remark", "reference")}
    return visit.page(
        "releases.html",
        422 if problem else 200,
        releases=visit.console.releases.all(),
        told=visit.console.kept.evidence(RecordedWords(), _CLASSES),
        filled={**filled, "decision": visit.field("decision") or visit.query("decision")},
        problem=problem,
    )


def _page(visit: Visit, found: Release, problem: str = "") -> Response:
    visit.note(Act.SAW_RELEASES, found.decision_id, request=found.id)
    event = recorded(visit.console.record, found.decision_id)
    return visit.page(
        "release.html",
        422 if problem else 200,
        release=found,
        event=event,
        kinds=Counter(str(each["entity_type"]) for each in event["findings"]) if event else {},
        names=visit.console.names,
        mine=found.requester == visit.account.id,
        keys=_keys(visit, found),
        problem=problem,
    )


def _keys(visit: Visit, found: Release) -> list[str]:
    """The public keys that evidence was sealed to, so that the page knows another one before it fetches."""
    sealed = visit.console.evidence.find(found.decision_id) if found.state is ReleaseState.OPEN else None
    return sealed_to(sealed) if sealed else []


def _found(visit: Visit) -> Release | None:
    return visit.console.releases.find(str(visit.request.path_params["id"]))


def _none(visit: Visit) -> Response:
    return visit.page("problem.html", 404, problem="There is no such request.")


WAYS: tuple[Way, ...] = (
    Way("GET", "/releases", Permission.RELEASES, show_all),
    Way("POST", "/releases", Permission.ASK_RELEASE, ask),
    Way("GET", "/releases/{id}", Permission.RELEASES, show),
    Way("POST", "/releases/{id}/answer", Permission.ANSWER_RELEASE, answer),
    Way("POST", "/releases/{id}/withdraw", Permission.ASK_RELEASE, withdraw),
    Way("POST", "/releases/{id}/evidence", Permission.ASK_RELEASE, fetch),
)
