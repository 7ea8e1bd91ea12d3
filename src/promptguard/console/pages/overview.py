"""The first page: how many decisions there were, of what kind, and what has changed."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.responses import Response

from promptguard.audit.interface import RecordDamaged
from promptguard.console.context import Console
from promptguard.console.ways import Open, Visit, Way
from promptguard.detectors.false_alarms import FalseAlarmState
from promptguard.review.accounts import Account
from promptguard.review.ledger import Act
from promptguard.review.releases import ReleaseState
from promptguard.review.roles import Permission

PERIODS = {"day": 24, "week": 7 * 24, "month": 30 * 24}


def show(visit: Visit) -> Response:
    """The counts of a period; a welcome to those who may not see them."""
    account = visit.session.account if visit.session else None
    if account is None or Permission.COUNTS not in account.permissions:
        waiting = _waiting(visit, account) if account else []
        if waiting:
            visit.note(Act.SAW_COUNTS, waiting="yes")
        return visit.page("welcome.html", waiting=waiting)
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
        waiting=_waiting(visit, account),
        incidents=book.shelf.page(state="open") if sees_incidents else [],
        clock=book.now(),
    )


def _waiting(visit: Visit, account: Account) -> list[tuple[str, str]]:
    """What waits for somebody like the one who looks: in words, and where it is answered."""
    console, waiting, permissions = visit.console, [], account.permissions
    if Permission.ANSWER in permissions and (reports := console.staff.reports.page(still_open=True)):
        waiting.append((_counted(len(reports), "report of staff", "reports of staff"), "/reports"))
    if Permission.ACCEPT_FALSE_ALARMS in permissions:
        asked = sum(each.state is FalseAlarmState.ASKED for each in console.false_alarms.all())
        if asked:
            waiting.append((_counted(asked, "false alarm to answer", "false alarms to answer"), "/policy#false-alarms"))
    if Permission.ANSWER_RELEASE in permissions:
        asked = sum(each.state is ReleaseState.WAITING for each in console.releases.all())
        if asked:
            waiting.append((_counted(asked, "request for evidence", "requests for evidence"), "/releases"))
    if Permission.LIFT_HOLD in permissions and (asked := _to_lift(console)):
        waiting.append((_counted(asked, "hold to lift, or not", "holds to lift, or not"), "/holds"))
    if Permission.SUSPEND in permissions and (asked := len(console.suspensions.waiting())):
        waiting.append((_counted(asked, "suspension to answer", "suspensions to answer"), "/suspensions"))
    if Permission.LOOK_BACK in permissions:
        others = (each.incident for each in console.earlier.waiting() if each.requester.id != account.id)
        waiting += [(f"Looking back from {id}: to answer", f"/incidents/{id}/earlier") for id in dict.fromkeys(others)]
    return waiting


def _to_lift(console: Console) -> int:
    """Requests to lift a hold that is on: the command line may have lifted one that was asked for here."""
    waiting = console.liftings.waiting()
    if not waiting:
        return 0
    try:
        return len(waiting.keys() & {hold.id for hold in console.holds.all() if hold.is_on})
    except RecordDamaged:  # which the page of holds says
        return len(waiting)


def _counted(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


WAYS = (Way("GET", "/", Open.TO_SIGNED_IN, show),)
