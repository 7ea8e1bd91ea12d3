"""How the installation is: proxies, database, queues, sinks, indexes, coverage."""

from __future__ import annotations

from starlette.responses import Response

from promptguard.console.ways import Visit, Way
from promptguard.review.ledger import Act
from promptguard.review.roles import Permission


def show(visit: Visit) -> Response:
    """Everything that is looked at, what is wrong first."""
    visit.note(Act.SAW_HEALTH)
    report = visit.console.watch.report()
    wrong = report.wrong
    rest = [each for each in report.checks if each not in wrong]
    return visit.page("health.html", report=report, checks=[*wrong, *rest], wrong=len(wrong))


WAYS = (Way("GET", "/health", Permission.COUNTS, show),)
