"""One incident as a file: all that is known of it, its timeline, its pages, and who looked at it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from promptguard.audit.events import timestamp
from promptguard.review.incidents.book import IncidentBook
from promptguard.review.incidents.case import IncidentCase
from promptguard.review.incidents.kinds import StepAct
from promptguard.review.ledger import Act, Ledger

ACTS = (
    Act.INCIDENT_OPENED,
    Act.INCIDENT_CHANGED,
    Act.INCIDENT_PAGED,
    Act.INCIDENT_EXPORTED,
    Act.SAW_INCIDENT,
    Act.EARLIER_ASKED,
    Act.EARLIER_APPROVED,
    Act.EARLIER_REFUSED,
    Act.EARLIER_WITHDRAWN,
    Act.EARLIER_SEEN,
)
"""What the ledger has of incidents."""


def exported(case: IncidentCase, book: IncidentBook, ledger: Ledger) -> dict[str, Any]:
    """An incident as plain JSON. Times are RFC 3339 in UTC."""
    return {
        "id": case.id,
        "kind": case.kind_id,
        "title": case.title,
        "outcome": "exposed" if case.exposed else "prevented",
        "what": case.what,
        "source": str(case.source),
        "rule": case.rule,
        "began": told(case.began),
        "opened": told(case.opened),
        "opened_by": case.opened_by.name,
        "owner": case.owner.name,
        "acknowledged": told(case.acknowledged),
        "due": told(case.due),
        "in_time": case.time_left(book.now()),
        "client_notification": _client(case),
        "closed": told(case.closed),
        "reason": case.reason,
        "conclusion": str(case.conclusion or ""),
        "steps": _steps(case),
        "decisions": list(case.decisions),
        "timeline": [
            {"time": told(each.at), "by": each.by.name, "did": each.did, "about": each.about, "remark": each.remark}
            for each in book.shelf.timeline(case.id)
        ],
        "pages": [
            {
                "round": each.round,
                "minute": each.minute,
                "channel": each.channel,
                "state": str(each.state),
                "sent": told(each.sent),
                "tries": each.tries,
                "problem": each.problem,
            }
            for each in book.shelf.pages(case.id)
        ],
        "ledger": [
            {"number": each.sequence, "time": each.time, "by": each.name, "act": each.act, "detail": dict(each.detail)}
            for each in ledger.about(case.id, ACTS, told(case.opened) or "")
        ],
    }


def told(seconds: int | None) -> str | None:
    """A time of an incident as the record writes times."""
    return None if seconds is None else timestamp(datetime.fromtimestamp(seconds, UTC))


def _client(case: IncidentCase) -> str:
    steps = case.kind.steps if case.kind else ()
    telling = [each for each in steps if each.act is StepAct.NOTIFY_CLIENT]
    if not telling:
        return "none"
    if all(each.id in case.done for each in telling):
        return "done"
    return "locked" if case.client_locked else "allowed"


def _steps(case: IncidentCase) -> list[dict[str, Any]]:
    if case.kind is None:
        return []
    rows = []
    for each in case.kind.steps:
        done = case.done.get(each.id)
        rows.append(
            {
                "id": each.id,
                "title": each.title,
                "in_time": each.in_time,
                "after": sorted(case.kind.before(each)),
                "done": told(done.at) if done else None,
                "by": done.by.name if done else "",
            }
        )
    return rows
