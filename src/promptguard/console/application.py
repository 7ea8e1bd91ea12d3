"""The console as an application of Starlette."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from promptguard.console.context import Console
from promptguard.console.openapi import description
from promptguard.console.pages import (
    accounts,
    company,
    decision,
    decisions,
    destinations,
    earlier,
    exceptions,
    false_alarms,
    health,
    holds,
    incident,
    incidents,
    ledger,
    overview,
    passkeys,
    policy,
    recorded,
    releases,
    reports,
    sign_in,
    staff,
    stops,
    suspensions,
    tools,
)
from promptguard.console.protection import Protection
from promptguard.console.rendering import render
from promptguard.console.ways import Open, Visit, Way, route


def describe(visit: Visit) -> Response:
    """All ways into the console, in the form of OpenAPI."""
    return JSONResponse(_described())


@functools.cache
def _described() -> dict[str, Any]:
    """Read out of the code once: that takes half a second."""
    return description(WAYS)


WAYS: tuple[Way, ...] = (
    *sign_in.WAYS,
    *company.WAYS,
    *passkeys.WAYS,
    *overview.WAYS,
    *health.WAYS,
    *decisions.WAYS,
    *decision.WAYS,
    *destinations.WAYS,
    *tools.WAYS,
    *exceptions.WAYS,
    *releases.WAYS,
    *policy.WAYS,
    *false_alarms.WAYS,
    *incidents.WAYS,
    *incident.WAYS,
    *earlier.WAYS,
    *holds.WAYS,
    *stops.WAYS,
    *suspensions.WAYS,
    *accounts.WAYS,
    *ledger.WAYS,
    *recorded.WAYS,
    *reports.WAYS,
    *staff.WAYS,
    Way("GET", "/openapi.json", Open.TO_SIGNED_IN, describe),
)
"""All pages, and who may see them."""

_STATIC = Path(__file__).parent / "static"


def make_application(console: Console) -> Protection:
    """The pages of a console, protected."""
    application = Starlette(
        routes=[
            *(route(console, way) for way in WAYS),
            Route("/healthz", _healthy),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ],
        exception_handlers={404: _none, 405: _none, 500: _failed},
    )
    # Around all of it, the page about what went wrong included.
    return Protection(application, console.hosts, console.secure_hosts)


async def _healthy(_: Request) -> Response:
    return PlainTextResponse("ok\n")


async def _none(request: Request, _: Exception) -> Response:
    return render("problem.html", None, request.url.path, 404, problem="There is no such page.")


async def _failed(request: Request, _: Exception) -> Response:
    # What went wrong stands in the log, by the kind of error alone.
    return render("problem.html", None, request.url.path, 500, problem="This page could not be made.")
