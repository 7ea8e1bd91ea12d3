"""Whether a tool may be used: assessed by one person, decided on by another, reviewed again by a date."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final

from promptguard.audit.events import timestamp
from promptguard.model import SERVICE_STATUSES, Destination, Status
from promptguard.policy import tool_status as scopes
from promptguard.policy.orders import Order, OrderKind, OrderState, OrderStore, new_order_id
from promptguard.policy.provider import Answer
from promptguard.policy.tool_status import ToolStatuses
from promptguard.review.accounts import Account, NotPossible
from promptguard.review.database import ReviewDatabase
from promptguard.review.fitting import one_line
from promptguard.review.ordering import TwoPersonOrders, checked_reason

QUESTIONS: Final[Mapping[str, str]] = {
    "training": "Are models trained on what is sent? Where does the provider say so?",
    "retention": "For how long is what is sent kept, and can that be shortened?",
    "region": "Where is it processed and kept?",
    "contract": "Which contract and data-processing agreement hold, and who signed them?",
    "sub_processors": "Who else gets it? Where is the list of sub-processors?",
}
"""What has to be answered before a tool may be used more than before."""

HANDLING: Final[Mapping[str, str]] = {
    "trains_on_prompts": "Are models trained on what is sent?",
    "retention_days": "For how many days is what is sent kept? A number, or unknown.",
    "region": "In which regions is it processed and kept? With commas between, such as EU; or unknown.",
    "agreement": "Is there a data-processing agreement?",
}
"""What rules can ask of a provider: the same as the registry's `data_handling` says."""

MAX_RETENTION_DAYS: Final = 36_500
_MAX_DIGITS: Final = len(str(MAX_RETENTION_DAYS))
MAX_REGION: Final = 100

MAX_ANSWER: Final = 500
MAX_REVIEW_DAYS: Final = 2 * 366
"""Until the next review, at most."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What somebody holds of a tool, and what is to follow."""

    tool: str
    status: str
    review_due: str
    """A date, ISO 8601."""
    reason: str
    answers: Mapping[str, str] = field(default_factory=dict)
    """By the names of `QUESTIONS`."""
    incident: str = ""
    """The incident that it is asked for after; empty for none."""
    data_handling: Mapping[str, str] = field(default_factory=dict)
    """By the names of `HANDLING`, what rules can ask for; empty where it stays as it is known."""


class ToolBook:
    """For any thread.

    Args:
        tool: a service of the registry's files by its id; None where there is none.
        now: the time.
    """

    def __init__(
        self,
        store: OrderStore,
        database: ReviewDatabase,
        *,
        tool: Callable[[str], Destination | None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.orders = TwoPersonOrders(OrderKind.TOOL_STATUS, store, database, now)
        self._tool = tool
        self._now = now

    def statuses(self) -> ToolStatuses:
        """What is decided now."""
        return ToolStatuses.of(self.orders.in_force())

    def judged(self, tools: Sequence[Destination]) -> list[Destination]:
        """Tools as they were decided on."""
        statuses, now = self.statuses(), timestamp(self._now())
        return [statuses.judged(each, now) for each in tools]

    def prepare(self, assessment: Assessment, *, by: str, name: str) -> Order:
        """What somebody asks to have decided, not kept yet (`TwoPersonOrders.add`).

        Raises:
            NotPossible: something is missing, or there is no such thing.
        """
        tool = self._tool(assessment.tool)
        if tool is None:
            raise NotPossible("There is no such tool in the registry.")
        if assessment.status not in SERVICE_STATUSES:
            raise NotPossible(f"Name the status: {', '.join(SERVICE_STATUSES)}.")
        (before,) = self.judged([tool])
        status = Status(assessment.status)
        answers = {each: one_line(assessment.answers.get(each, ""), MAX_ANSWER) for each in QUESTIONS}
        missing = [each.replace("_", "-") for each, answer in answers.items() if not answer]
        if scopes.LENIENCE[status] > scopes.LENIENCE[before.status] and missing:
            raise NotPossible(f"Before it may be used more than now, say what holds of: {', '.join(missing)}.")
        handling = self._handling(tool.id, assessment.data_handling)
        known = handling.get("trains_on_prompts") or before.data_handling.trains_on_prompts is not None
        if scopes.LENIENCE[status] > scopes.LENIENCE[before.status] and not known:
            raise NotPossible("Before it may be used more than now, say whether models are trained on what is sent.")
        scope = {
            scopes.DESTINATION: tool.id,
            scopes.STATUS: str(status),
            scopes.REVIEW_DUE: self._checked_date(assessment.review_due),
            scopes.ASSESSMENT: {each: answer for each, answer in answers.items() if answer},
            scopes.DATA_HANDLING: handling,
            scopes.INCIDENT: assessment.incident,
        }
        return Order(
            id=new_order_id(),
            kind=OrderKind.TOOL_STATUS,
            state=OrderState.ASKED,
            scope={member: value for member, value in scope.items() if value},
            reason=checked_reason(assessment.reason),
            asked_by=by,
            asked_name=name,
            asked=timestamp(self._now()),
        )

    def approve(self, order: Order, account: Account) -> Order:
        """Decide as it was asked. What was decided on the tool before ends with that.

        Raises:
            NotPossible: it takes another person.
            OrderNotPossible: somebody has decided on it already.
        """
        approved = self.orders.approve(order, account)
        if approved.state is OrderState.IN_FORCE:
            for old in self.orders.in_force():
                if old.id != order.id and old.scope.get(scopes.DESTINATION) == order.scope.get(scopes.DESTINATION):
                    reason = f"Decided anew as {order.id}."
                    self.orders.end(old, by=account.id, name=account.name, reason=reason)
        return approved

    def _handling(self, tool: str, given: Mapping[str, str]) -> dict[str, str | int]:
        """What is to hold of the provider: what is answered now, and all else as it was decided before."""
        decided = self.statuses().of_tool(tool, timestamp(self._now()))
        before = decided.scope.get(scopes.DATA_HANDLING) if decided else None
        answered = {name: _CHECKED[name](one_line(text, MAX_REGION)) for name, text in given.items() if text.strip()}
        return {**(before if isinstance(before, Mapping) else {}), **answered}

    def _checked_date(self, text: str) -> str:
        today = self._now().date()
        try:
            due = date.fromisoformat(text)
        except ValueError:
            raise NotPossible("Say when it is to be reviewed: a date such as 2027-05-31.") from None
        if not today < due <= today + timedelta(days=MAX_REVIEW_DAYS):
            raise NotPossible("The next review is to be after today, and within two years.")
        return due.isoformat()


def is_plain_answer(text: str) -> bool:
    """Whether an answer on data handling is a word of `Answer` or a number of days, in which nothing can be found."""
    given = text.strip()
    return given.casefold() in tuple(Answer) or (given.isascii() and given.isdigit() and len(given) <= _MAX_DIGITS)


def _checked_answer(text: str) -> str:
    if text not in tuple(Answer):
        raise NotPossible("Say yes, no or unknown of training and of the agreement.")
    return text


def _checked_days(text: str) -> str | int:
    if text.casefold() == Answer.UNKNOWN:
        return str(Answer.UNKNOWN)
    if not (text.isascii() and text.isdigit() and int(text) <= MAX_RETENTION_DAYS):
        raise NotPossible(f"Write the days of retention as a number up to {MAX_RETENTION_DAYS}, or unknown.")
    return int(text)


def _checked_region(text: str) -> str:
    return str(Answer.UNKNOWN) if text.casefold() == Answer.UNKNOWN else text


_CHECKED: Final[Mapping[str, Callable[[str], str | int]]] = {
    "trains_on_prompts": _checked_answer,
    "retention_days": _checked_days,
    "region": _checked_region,
    "agreement": _checked_answer,
}
