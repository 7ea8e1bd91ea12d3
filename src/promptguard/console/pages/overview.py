"""The first page: how many decisions there were, of what kind, and what has changed."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.responses import Response

from promptguard.console.ways import Open, Visit, Way
from promptguard.review.ledger import Act
from promptguard.review.roles import Permission

PERIODS = {"day": 24, "week": 7 * 24, "month": 30 * 24}


def show(visit: Visit) -> Response:
    """The counts of a period; a welcome to those who may not see them."""
    account = visit.session.account if visit.session else None
    if account is None or Permission.COUNTS not in account.permissions:
        return visit.page("welcome.html")
    period = visit.query("period") if visit.query("period") in PERIODS else "week"
    sees_incidents = Permission.INCIDENTS in account.permissions
    visit.note(Act.SAW_COUNTS, period=period, incidents="open" if sees_incidents else "")
    overview = visit.console.counts.overview(datetime.now(UTC), PERIODS[period])
    book = visit.console.incidents
    return visit.page(
        "overview.html",
        overview=overview,
        period=period,
        periods=list(PERIODS),
        names=visit.console.names,
        wrong=visit.console.watch.report().wrong,
        incidents=book.shelf.page(state="open") if sees_incidents else [],
        clock=book.now(),
    )


WAYS = (Way("GET", "/", Open.TO_SIGNED_IN, show),)
