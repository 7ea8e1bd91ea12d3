"""Exceptions from the policy's rules: one person asks, another one approves; one is enough to revoke."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from starlette.responses import RedirectResponse, Response

from promptguard.audit.events import timestamp
from promptguard.console.ways import Visit, Way
from promptguard.console.words import urgent_words_of, words_of
from promptguard.model import DataClass, Purpose
from promptguard.policy.exceptions import ENDS_SOON
from promptguard.policy.orders import Order, OrderNotPossible, OrderState
from promptguard.review.accounts import NotPossible
from promptguard.review.exceptions import Wanted
from promptguard.review.ledger import Act
from promptguard.review.ordering import checked_reason
from promptguard.review.roles import Permission

_OVER: Final = 50
"""Exceptions that are over, and are shown."""

_ANSWERS: Final = {"approve": Act.EXCEPTION_APPROVED, "refuse": Act.EXCEPTION_REFUSED}


def show(visit: Visit) -> Response:
    """Those that wait, those that are in force, and those that are over."""
    return _list(visit)


def ask(visit: Visit) -> Response:
    """Ask for one."""
    book = visit.console.exceptions
    try:
        wanted = Wanted(
            reason=words_of(visit, "reason"),
            days=_days(visit),
            destinations=visit.form.get("destination", ()),
            data_classes=visit.form.get("data_class", ()),
            users=_listed(visit, "users"),
            groups=_listed(visit, "groups"),
            customers=_listed(visit, "customers"),
            purposes=visit.form.get("purpose", ()),
            action=visit.field("action"),
            contract=words_of(visit, "contract"),
        )
        order = book.prepare(wanted, by=visit.account.id, name=visit.account.name)
    except NotPossible as error:
        return _list(visit, str(error), 422, visit.form)
    visit.note(Act.EXCEPTION_ASKED, order.id, until=order.expires)
    book.orders.add(order)
    return RedirectResponse(f"/exceptions#{order.id}", 303)


def answer(visit: Visit) -> Response:
    """Approve or refuse what somebody else asked for."""
    book, given = visit.console.exceptions, visit.field("answer")
    if given not in _ANSWERS:
        return visit.page("problem.html", 400, problem="Say whether to approve or to refuse it.")
    try:
        order = _find(visit)
        users = _listed(visit, "users")
        if given == "approve":
            book.check(order, visit.account, users)
        reason = checked_reason(words_of(visit, "reason")) if given == "refuse" else ""
        visit.note(_ANSWERS[given], order.id)
        if given == "approve":
            book.approve(order, visit.account, users)
        else:
            book.orders.refuse(order, visit.account, reason)
    except (NotPossible, OrderNotPossible) as error:
        return _list(visit, str(error), 409)
    return RedirectResponse(f"/exceptions#{order.id}", 303)


def renew(visit: Visit) -> Response:
    """Ask for one that is in force to go on: another one, which somebody else approves."""
    book = visit.console.exceptions
    try:
        order = book.prepare_renewal(
            _find(visit),
            reason=words_of(visit, "reason"),
            days=_days(visit),
            by=visit.account.id,
            name=visit.account.name,
        )
    except NotPossible as error:
        return _list(visit, str(error), 422)
    visit.note(Act.EXCEPTION_ASKED, order.id, until=order.expires)
    book.orders.add(order)
    return RedirectResponse(f"/exceptions#{order.id}", 303)


def revoke(visit: Visit) -> Response:
    """End one, or take back what was asked for."""
    try:
        order, reason = _find(visit), checked_reason(urgent_words_of(visit, "reason"))
        visit.note(Act.EXCEPTION_REVOKED, order.id)
        visit.console.exceptions.orders.end(order, by=visit.account.id, name=visit.account.name, reason=reason)
    except (NotPossible, OrderNotPossible) as error:
        return _list(visit, str(error), 409)
    return RedirectResponse(f"/exceptions#{order.id}", 303)


def _list(
    visit: Visit, problem: str = "", status: int = 200, typed: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> Response:
    """The page; `typed` is what somebody asked for in vain, to be mended and not typed again."""
    visit.note(Act.SAW_EXCEPTIONS)
    book = visit.console.exceptions
    waiting, holding = book.orders.waiting(), book.orders.in_force()
    shown = {order.id for order in (*waiting, *holding)}
    return visit.page(
        "exceptions.html",
        status,
        waiting=waiting,
        holding=holding,
        soon=timestamp(datetime.now(UTC) + ENDS_SOON),
        over=[order for order in book.orders.all() if order.id not in shown][:_OVER],
        became=_became,
        problems={order.id: book.problem(order, visit.account) for order in waiting},
        tools=visit.console.services.bundle().registry.names(),
        classes=[each for each in DataClass if each not in book.terms().never],
        purposes=list(Purpose),
        max_days=book.terms().max_days,
        problem=problem,
        typed=typed,
    )


def _became(order: Order) -> str:
    """What became of one that is over."""
    if not order.genuine:
        return "changed in the database: it counts for nothing"
    if order.in_doubt and order.state is OrderState.IN_FORCE:
        return "in doubt: it counts for nothing until somebody looks (promptguard orders check)"
    told = {OrderState.REFUSED: "refused", OrderState.ENDED: "revoked"}
    return told.get(order.state, "expired")


def _find(visit: Visit) -> Order:
    return visit.console.exceptions.orders.find(str(visit.request.path_params["id"]))


def _days(visit: Visit) -> int:
    days = visit.field("days")
    return int(days) if re.fullmatch(r"[0-9]{1,4}", days) else 0


def _listed(visit: Visit, name: str) -> list[str]:
    """Names in one field, separated by commas."""
    return visit.field(name).split(",")


WAYS = (
    Way("GET", "/exceptions", Permission.EXCEPTIONS, show),
    Way("POST", "/exceptions", Permission.ASK_EXCEPTION, ask),
    Way("POST", "/exceptions/{id}/answer", Permission.APPROVE_EXCEPTION, answer),
    Way("POST", "/exceptions/{id}/renew", Permission.ASK_EXCEPTION, renew),
    Way("POST", "/exceptions/{id}/revoke", Permission.ASK_EXCEPTION, revoke),
)
