"""Which tools may be used: asked for by staff, assessed by one person, decided on by another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from starlette.responses import RedirectResponse, Response

from promptguard.audit.export import show as recorded
from promptguard.console.ways import Visit, Way
from promptguard.console.words import words_of
from promptguard.model import SERVICE_STATUSES, Destination
from promptguard.policy import tool_status as scopes
from promptguard.policy.orders import Order, OrderNotPossible, OrderState
from promptguard.policy.provider import Answer
from promptguard.review.accounts import NotPossible
from promptguard.review.ledger import Act
from promptguard.review.ordering import checked_reason
from promptguard.review.roles import Permission
from promptguard.review.staff_reports import MAX_REMARK, ReportKind
from promptguard.review.tool_reviews import HANDLING, QUESTIONS, Assessment, is_plain_answer

REVIEW_DAYS: Final = 365
"""Until the next review, where the form proposes a day."""

_ANSWERS: Final = {"decide": Act.TOOL_DECIDED, "refuse": Act.TOOL_REFUSED}


def show(visit: Visit) -> Response:
    """What waits, what was decided, what staff ask for."""
    return _list(visit)


def ask(visit: Visit) -> Response:
    """Assess a tool, and ask for a status."""
    book = visit.console.tools
    try:
        assessment = Assessment(
            tool=visit.field("tool"),
            status=visit.field("status"),
            review_due=visit.field("review_due"),
            reason=words_of(visit, "reason"),
            answers={each: words_of(visit, each) for each in QUESTIONS if visit.field(each)},
            incident=_incident(visit),
            data_handling={each: _handling(visit, each) for each in HANDLING},
        )
        order = book.prepare(assessment, by=visit.account.id, name=visit.account.name)
    except NotPossible as error:
        return _list(visit, str(error), 422, visit.form)
    visit.note(
        Act.TOOL_ASSESSED, order.id, tool=assessment.tool, status=assessment.status, incident=assessment.incident
    )
    book.orders.add(order)
    return RedirectResponse(f"/tools#{order.id}", 303)


def answer(visit: Visit) -> Response:
    """Decide as somebody else asked, or refuse."""
    book, given = visit.console.tools, visit.field("answer")
    if given not in _ANSWERS:
        return visit.page("problem.html", 400, problem="Say whether to decide so, or to refuse it.")
    try:
        order = _find(visit)
        if given == "decide" and (problem := book.orders.problem(order, visit.account)):
            return _list(visit, problem, 409)
        reason = checked_reason(words_of(visit, "reason")) if given == "refuse" else ""
        visit.note(_ANSWERS[given], order.id, tool=_tool_of(order))
        if given == "refuse":
            book.orders.refuse(order, visit.account, reason)
        elif book.approve(order, visit.account).state is OrderState.IN_FORCE:
            _answer_staff(visit, order)
    except (NotPossible, OrderNotPossible) as error:
        return _list(visit, str(error), 409)
    return RedirectResponse(f"/tools#{order.id}", 303)


def decide_marked(visit: Visit) -> Response:
    """Decide on several tools at once, each as somebody else asked: on all that are marked, or on none."""
    book = visit.console.tools
    try:
        orders = [book.orders.find(id) for id in dict.fromkeys(visit.form.get("order", ()))]
    except NotPossible as error:
        return _list(visit, str(error), 409)
    problems = [(_tool_of(each), problem) for each in orders if (problem := book.orders.problem(each, visit.account))]
    if not orders or problems:
        names = visit.console.services.bundle().registry.names()
        told = [f"{names.get(tool, tool)}: {problem}" for tool, problem in problems]
        return _list(visit, " ".join(told) or "Mark those that are to be decided on.", 409)
    for order in orders:
        visit.note(Act.TOOL_DECIDED, order.id, tool=_tool_of(order))
        try:
            if book.approve(order, visit.account).state is OrderState.IN_FORCE:
                _answer_staff(visit, order)
        except (NotPossible, OrderNotPossible) as error:  # somebody was quicker: the page shows how each stands
            return _list(visit, str(error), 409)
    return RedirectResponse("/tools", 303)


def end(visit: Visit) -> Response:
    """Take back what was asked for."""
    book = visit.console.tools
    try:
        order, reason = _find(visit), checked_reason(words_of(visit, "reason"))
        if order.state is not OrderState.ASKED:
            raise NotPossible("What was decided is changed by another decision, which takes two people.")
        visit.note(Act.TOOL_REFUSED, order.id, tool=_tool_of(order))
        book.orders.refuse(order, visit.account, reason)  # not `end`: somebody may decide at this moment
    except (NotPossible, OrderNotPossible) as error:
        return _list(visit, str(error), 409)
    return RedirectResponse(f"/tools#{order.id}", 303)


def _answer_staff(visit: Visit, order: Order) -> None:
    """Tell those who asked for the tool, on the page that their link leads to."""
    tool = visit.console.services.bundle().registry.destination(_tool_of(order))
    name, status = (tool.name if tool else _tool_of(order)), str(order.scope.get(scopes.STATUS, ""))
    told = f"{name}: {status.replace('_', ' ')}. {order.reason}"[:MAX_REMARK]
    for each in _asked_by_staff(visit):
        if each["tool"] == _tool_of(order):
            visit.console.staff.reports.answer(each["report"].id, visit.account.id, told)


def _list(
    visit: Visit, problem: str = "", status: int = 200, typed: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> Response:
    """The page; `typed` is what somebody asked for in vain, to be mended and not typed again."""
    visit.note(Act.SAW_TOOLS)
    book, bundle = visit.console.tools, visit.console.services.bundle()
    waiting = book.orders.waiting()
    in_files = {each.id: each for each in bundle.registry.destinations}
    tools = {each.id: each for each in book.judged(list(in_files.values()))}
    today = datetime.now(UTC).date()
    return visit.page(
        "tools.html",
        status,
        waiting=waiting,
        problems={order.id: book.orders.problem(order, visit.account) for order in waiting},
        decided=sorted(book.statuses().orders.values(), key=lambda order: _name(tools, order)),
        over=[order for order in book.orders.all() if order.state in (OrderState.REFUSED, OrderState.ENDED)][:50],
        asked_by_staff=_asked_by_staff(visit),
        tools=tools,
        in_files=in_files,
        names=bundle.registry.names(),
        questions=QUESTIONS,
        handling=HANDLING,
        answers=[str(each) for each in Answer],
        statuses=list(SERVICE_STATUSES),
        chosen=visit.query("tool") if visit.query("tool") in tools else "",
        incident=_incident(visit),
        tomorrow=(today + timedelta(days=1)).isoformat(),
        review_due=(today + timedelta(days=REVIEW_DAYS)).isoformat(),
        today=today.isoformat(),
        problem=problem,
        typed=typed,
    )


def _asked_by_staff(visit: Visit) -> list[Mapping[str, Any]]:
    """What staff ask for and nobody has answered: the report, and the tool that its decision was about."""
    found: list[Mapping[str, Any]] = []
    for report in visit.console.staff.reports.open_of_kind(ReportKind.REQUEST_APPROVAL):
        event = recorded(visit.console.record, report.decision_id)
        if event is not None:
            found.append({"report": report, "tool": event["destination"]})
    return found


def _incident(visit: Visit) -> str:
    """The incident that the form, or the address, names; empty where there is no such one."""
    id = visit.field("incident") or visit.query("incident")
    return id if id.startswith("in-") and visit.console.incidents.shelf.find(id) is not None else ""


def _handling(visit: Visit, name: str) -> str:
    """What is answered on one of `HANDLING`: the questions to be answered in words have the plain names as fields.

    Raises:
        NotSearched: see `words_of`.
    """
    field = f"handling_{name}"
    given = visit.field(field)
    return given if is_plain_answer(given) else words_of(visit, field)


def _find(visit: Visit) -> Order:
    return visit.console.tools.orders.find(str(visit.request.path_params["id"]))


def _tool_of(order: Order) -> str:
    return str(order.scope.get(scopes.DESTINATION, ""))


def _name(tools: Mapping[str, Destination], order: Order) -> str:
    known = tools.get(_tool_of(order))
    return (known.name if known else _tool_of(order)).casefold()


WAYS = (
    Way("GET", "/tools", Permission.DESTINATIONS, show),
    Way("POST", "/tools", Permission.ASSESS_TOOLS, ask),
    Way("POST", "/tools/decide", Permission.DECIDE_TOOLS, decide_marked),
    Way("POST", "/tools/{id}/answer", Permission.DECIDE_TOOLS, answer),
    Way("POST", "/tools/{id}/end", Permission.ASSESS_TOOLS, end),
)
