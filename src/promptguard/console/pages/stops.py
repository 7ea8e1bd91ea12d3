"""The switch: what is stopped, and stopping and lifting at once."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from starlette.responses import RedirectResponse, Response

from promptguard.console.masking import NOT_YET
from promptguard.console.ways import Visit, Way
from promptguard.console.words import urgent_words_of, words_of
from promptguard.model import DataClass
from promptguard.policy.orders import OrderNotPossible
from promptguard.policy.stops import what_is_stopped
from promptguard.review.accounts import NotPossible
from promptguard.review.ledger import Act
from promptguard.review.roles import Permission

HOURS: Final = {"": "until it is lifted", "1": "1 hour", "4": "4 hours", "24": "1 day", "168": "7 days"}
"""How long a stop may be given for on the page."""


def show(visit: Visit) -> Response:
    """What is stopped now, and what was."""
    return _list(visit)


def stop(visit: Visit) -> Response:
    """Stop something."""
    hours, what, reason = visit.field("hours"), visit.field("what"), visit.field("reason")
    kind, _, name = what.partition(":")
    try:
        order = visit.console.stops.prepare(
            by=visit.account.id,
            name=visit.account.name,
            reason=NOT_YET if reason.strip() else "",  # its words take seconds to be searched, and it waits for nothing
            tool=name if kind == "tool" else "",
            data_class=name if kind == "class" else "",
            everything=kind == "all",
            lasting=timedelta(hours=int(hours)) if hours and hours in HOURS else None,
        )
    except NotPossible as error:
        return _list(visit, str(error), 422, visit.form)
    visit.note(Act.STOPPED, order.id, what=what_is_stopped(order), until=order.expires)
    visit.console.stops.order(order)
    with contextlib.suppress(OrderNotPossible):  # somebody was quick to change it in the database
        visit.console.stops.explain(order, urgent_words_of(visit, "reason"))
    return RedirectResponse(f"/stops#{order.id}", 303)


def lift(visit: Visit) -> Response:
    """Lift a stop."""
    id, reason = str(visit.request.path_params["id"]), words_of(visit, "reason")
    try:
        visit.console.stops.check_lifting(id, reason)
        visit.note(Act.STOP_LIFTED, id)
        visit.console.stops.lift(id, by=visit.account.id, name=visit.account.name, reason=reason)
    except (NotPossible, OrderNotPossible) as error:
        return _list(visit, str(error), 422)
    return RedirectResponse(f"/stops#{id}", 303)


def _list(
    visit: Visit, problem: str = "", status: int = 200, typed: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> Response:
    """The page; `typed` is what somebody asked for in vain, to be mended and not typed again."""
    visit.note(Act.SAW_STOPS)
    book = visit.console.stops
    holding = book.in_force()
    ids = {order.id for order in holding}
    return visit.page(
        "stops.html",
        status,
        holding=holding,
        over=[order for order in book.all() if order.id not in ids],
        said=what_is_stopped,
        names=visit.console.names,
        classes=list(DataClass),
        hours=HOURS,
        problem=problem,
        typed=typed,
    )


WAYS = (
    Way("GET", "/stops", Permission.STOPS, show),
    Way("POST", "/stops", Permission.STOP, stop),
    Way("POST", "/stops/{id}", Permission.STOP, lift),
)
