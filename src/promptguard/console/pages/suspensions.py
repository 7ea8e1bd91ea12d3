"""Suspending one person's AI access: asked for by one, approved by another, lifted at once by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from starlette.responses import RedirectResponse, Response

from promptguard.console.ways import Visit, Way
from promptguard.console.words import words_of
from promptguard.policy.orders import OrderNotPossible
from promptguard.policy.suspensions import MAX_DAYS
from promptguard.review.accounts import NotPossible
from promptguard.review.ledger import Act
from promptguard.review.roles import Permission


def show(visit: Visit) -> Response:
    """Those in force, those that wait, and those that are over."""
    return _list(visit)


def ask(visit: Visit) -> Response:
    """Ask for one."""
    days, book = visit.field("days"), visit.console.suspensions
    try:
        order = book.prepare(
            visit.field("user"),
            visit.account,
            reason=words_of(visit, "reason"),
            days=int(days) if days.isdecimal() and len(days) < 4 else 0,
            known=visit.console.services.bundle().known_users,
        )
    except NotPossible as error:
        return _list(visit, str(error), 422, visit.form)
    visit.note(Act.SUSPENSION_ASKED, order.id, until=order.expires)
    book.ask(order)
    return RedirectResponse(f"/suspensions#{order.id}", 303)


def answer(visit: Visit) -> Response:
    """Approve, refuse or lift one."""
    id, book = str(visit.request.path_params["id"]), visit.console.suspensions
    try:
        match visit.field("answer"):
            case "approve":
                book.check(id, visit.account, visit.field("user"))
                visit.note(Act.SUSPENSION_APPROVED, id)
                book.approve(id, visit.account, visit.field("user"))
            case "refuse":
                book.check_refusing(id, visit.account)
                visit.note(Act.SUSPENSION_REFUSED, id)
                book.refuse(id, visit.account)
            case "lift":
                book.check_lifting(id, visit.account)
                visit.note(Act.SUSPENSION_LIFTED, id)
                book.lift(id, visit.account, words_of(visit, "reason"))
            case _:
                return _list(visit, "Say whether to approve, to refuse or to lift it.", 400)
    except (NotPossible, OrderNotPossible) as error:
        return _list(visit, str(error), 422)
    return RedirectResponse(f"/suspensions#{id}", 303)


def _list(
    visit: Visit, problem: str = "", status: int = 200, typed: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> Response:
    """The page; `typed` is what somebody asked for in vain, to be mended and not typed again."""
    visit.note(Act.SAW_SUSPENSIONS)
    book = visit.console.suspensions
    holding, waiting = book.in_force(), book.waiting()
    shown = {order.id for order in (*holding, *waiting)}
    return visit.page(
        "suspensions.html",
        status,
        holding=holding,
        waiting=waiting,
        over=[order for order in book.all() if order.id not in shown],
        problems={order.id: book.problem(order, visit.account) for order in waiting},
        max_days=MAX_DAYS,
        problem=problem,
        typed=typed,
    )


WAYS = (
    Way("GET", "/suspensions", Permission.SUSPENSIONS, show),
    Way("POST", "/suspensions", Permission.SUSPEND, ask),
    Way("POST", "/suspensions/{id}", Permission.SUSPEND, answer),
)
