"""Giving a reason for what is held, on the page that its notice leads to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from promptguard.audit.events import timestamp
from promptguard.console.masking import NotSearched
from promptguard.console.ways import Visit
from promptguard.notices.found import counted
from promptguard.notices.justifying_words import JustifyingWords
from promptguard.policy.justifications import Justification, JustificationState, NotGiven, granted
from promptguard.policy.justifying import MAX_REASON, MIN_REASON, GrantScope, Justifications
from promptguard.review.ledger import Act

PURPOSE: Final = "justify"
"""What the form says it is for."""


@dataclass(frozen=True, slots=True)
class ReasonForm:
    """What the page shows of a request that was held."""

    terms: Justifications
    given: bool
    """Whether a reason was given already."""
    scopes: tuple[tuple[GrantScope, str], ...]
    """What it may be for, and the words for that."""


def reason_form(visit: Visit, decision_id: str, words: JustifyingWords) -> ReasonForm | None:
    """The form for a decision; None where nothing waits for a reason."""
    held = visit.console.justifications.of_decision(decision_id)
    if held is None or not (_given(held) or held.waits(_now(), by_code=False)):
        return None
    terms = _terms(visit)
    return ReasonForm(terms, _given(held), tuple((scope, _lasting(scope, terms, words)) for scope in terms.scopes))


def _lasting(scope: GrantScope, terms: Justifications, words: JustifyingWords) -> str:
    """What a reason is for, and for how long."""
    if scope is GrantScope.MINUTES:
        return counted(words.minutes, terms.minutes).format_map({"minutes": terms.minutes})
    told = words.finding if scope is GrantScope.FINDING else words.conversation
    return counted(told, terms.hours).format_map({"hours": terms.hours})


def give_reason(visit: Visit, decision_id: str, words: JustifyingWords) -> str:
    """Take the reason of a form; what is wrong with it, in words, or nothing."""
    terms, held = _terms(visit), visit.console.justifications.of_decision(decision_id)
    if held is None or not held.waits(_now(), by_code=False):
        return words.late
    chosen = visit.field("reason")
    reason_id = chosen if chosen in terms.reasons else ""
    reason = "" if reason_id else " ".join(visit.field("words").split())[:MAX_REASON]
    if not reason_id and (not terms.free_text or len(reason) < MIN_REASON):
        return words.none
    try:
        if reason and visit.console.staff.masked(reason) != reason:
            return words.own_words_hint
    except NotSearched:
        return visit.console.staff.teller(visit.accept_language).words.unread
    asked = visit.field("scope")
    scope = next((each for each in terms.scopes if each == asked), terms.scopes[0])
    given = granted(held, terms, scope, _now())
    visit.note(Act.JUSTIFIED, decision_id, scope=str(scope))
    try:
        visit.console.justifications.give(
            replace(given, reason_id=reason_id, reason=reason, given_by="page"), by_code=False
        )
    except NotGiven:
        return words.late
    return ""


def _terms(visit: Visit) -> Justifications:
    return visit.console.policies.in_force().policy.justifications


def _given(held: Justification) -> bool:
    return held.genuine and held.state is JustificationState.GIVEN


def _now() -> str:
    return timestamp(datetime.now(UTC))
