"""The AI services of the registry, and tools that are in use and not listed. Changes are made in its files alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlencode

import orjson
from starlette.datastructures import QueryParams
from starlette.responses import Response

from promptguard.configuration.destination_forms import TABLES, as_json
from promptguard.console.ways import Visit, Way
from promptguard.destinations.reviews import reviews
from promptguard.model import SERVICE_STATUSES, Destination, Kind
from promptguard.review.ledger import Act
from promptguard.review.roles import Permission

DAYS = 30
"""For so long decisions are counted and unlisted tools are shown."""

_PLAIN = re.compile(r"[a-z0-9][a-z0-9.-]*")
"""Hosts for which a command is shown: people paste it, and whoever asks the proxy for a host writes its name."""

FORMS: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class ServiceFilter:
    """Which services are wanted; what is empty holds for all."""

    kind: str
    status: str
    text: str
    """Stands in the service's name, id, hosts or owner, without regard to case."""
    due: bool
    """Only those whose review is overdue, or has no date."""

    @classmethod
    def asked(cls, query: QueryParams) -> ServiceFilter:
        """What an address asks for; kinds and statuses that there are not, are not asked for."""
        kind, status = query.get("kind", ""), query.get("status", "")
        return cls(
            kind if kind in set(Kind) else "",
            status if status in set(SERVICE_STATUSES) else "",
            " ".join(query.get("text", "").split())[:100],
            query.get("due", "") == "1",
        )

    @property
    def query(self) -> str:
        """The same, for an address."""
        asked = {"kind": self.kind, "status": self.status, "text": self.text, "due": "1" if self.due else ""}
        return urlencode({name: value for name, value in asked.items() if value})

    def takes(self, service: Destination, *, is_due: bool) -> bool:
        """Whether a service is wanted."""
        words = (service.name, service.id, *service.hosts, *service.undecrypted_hosts, service.owner or "")
        return (
            self.kind in ("", service.kind)
            and self.status in ("", service.status)
            and (is_due or not self.due)
            and any(self.text.casefold() in each.casefold() for each in words)
        )


@dataclass(frozen=True, slots=True)
class ReviewStanding:
    """How the reviews of all services stand today."""

    overdue: Sequence[str]
    """Ids, the oldest first."""
    undated: Sequence[str]

    @classmethod
    def of(cls, services: Sequence[Destination], today: date) -> ReviewStanding:
        """How those of some services stand."""
        found = reviews(services, today)
        return cls([each.id for each in found.overdue], [each.id for each in found.undated])

    def place(self, service: Destination) -> tuple[int, int, str]:
        """Where a service stands in the list: what is overdue first, then what has no date, then by name."""
        if service.id in self.overdue:
            return 0, self.overdue.index(service.id), ""
        return (1 if service.id in self.undated else 2), 0, service.name.casefold()


def show(visit: Visit) -> Response:
    """The services that are wanted, and what is not listed."""
    wanted = ServiceFilter.asked(visit.request.query_params)
    visit.note(Act.SAW_DESTINATIONS, filter=wanted.query)
    now = datetime.now(UTC)
    bundle = visit.console.services.bundle()
    judged = visit.console.tools.judged(bundle.registry.destinations)
    standing = ReviewStanding.of(judged, now.date())
    return visit.page(
        "destinations.html",
        services=_chosen(judged, standing, wanted),
        decided=visit.console.tools.statuses().orders,
        total=len(bundle.registry.destinations),
        standing=standing,
        wanted=wanted,
        kinds=list(Kind),
        statuses=list(SERVICE_STATUSES),
        forms=list(FORMS),
        definitions=bundle.definitions,
        shown=bundle.registry.names(),
        counts=visit.console.counts.by_destination(now, DAYS * 24),
        unlisted=visit.console.services.unlisted(DAYS),
        is_plain=_PLAIN.fullmatch,
        days=DAYS,
        problem=visit.console.services.problem,
    )


def export(visit: Visit) -> Response:
    """The services that are wanted as a file, as `promptguard destinations export` writes them."""
    form = visit.query("form")
    if form not in FORMS:
        return visit.page("problem.html", 404, problem="There is no such form.")
    wanted = ServiceFilter.asked(visit.request.query_params)
    visit.note(Act.DESTINATIONS_EXPORTED, form=form, filter=wanted.query)
    today = datetime.now(UTC).date()
    bundle = visit.console.services.bundle()
    judged = visit.console.tools.judged(bundle.registry.destinations)
    chosen = _chosen(judged, ReviewStanding.of(judged, today), wanted)
    content: str | bytes
    if form == "json":
        content = orjson.dumps(
            [as_json(each, bundle.definitions[each.id]) for each in chosen], option=orjson.OPT_INDENT_2
        )
    else:
        content = TABLES[form](chosen, bundle.definitions)
    name = f"destinations-{today}.{form}"
    return Response(content, media_type=FORMS[form], headers={"content-disposition": f'attachment; filename="{name}"'})


def _chosen(services: Sequence[Destination], standing: ReviewStanding, wanted: ServiceFilter) -> list[Destination]:
    due = {*standing.overdue, *standing.undated}
    chosen = [each for each in services if wanted.takes(each, is_due=each.id in due)]
    return sorted(chosen, key=standing.place)


WAYS = (
    Way("GET", "/destinations", Permission.DESTINATIONS, show),
    Way("GET", "/destinations/export", Permission.DESTINATIONS, export),
)
