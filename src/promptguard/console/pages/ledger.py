"""The ledger: who looked at what."""

from __future__ import annotations

from starlette.responses import Response

from promptguard.console.ways import Visit, Way
from promptguard.review.ledger import PAGE, Act
from promptguard.review.roles import Permission


def show(visit: Visit) -> Response:
    """A page of the ledger, the newest first, and whether all of it is whole."""
    asked = visit.query("before")
    before = int(asked) if asked.isdecimal() and len(asked) < 19 else None
    visit.note(Act.SAW_LEDGER)
    entries = visit.console.ledger.entries(before=before, size=PAGE + 1)
    return visit.page(
        "ledger.html",
        entries=entries[:PAGE],
        more=str(entries[PAGE - 1].sequence) if len(entries) > PAGE else "",
        expired=visit.console.ledger.expired(),
        problem=visit.console.ledger.problem() if before is None else None,
    )


WAYS = (Way("GET", "/ledger", Permission.LEDGER, show),)
