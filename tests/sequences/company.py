"""A company with one proxy and one console: the real pieces, put together as they are in a process."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from typing import Any, Final

import orjson
from sqlalchemy import delete
from tests.samples.reviewing import Installation

from promptguard.audit.events import timestamp
from promptguard.audit.record import canonical
from promptguard.configuration.bundle import Bundle
from promptguard.detectors.false_alarms import FalseAlarmState, NoLongerPossible, as_allow_list
from promptguard.detectors.patterns.detector import PatternDetector
from promptguard.detectors.recognizers.allow_list import AllowList
from promptguard.detectors.scanner import Scanner
from promptguard.guard import Guard, Justifier, Rules
from promptguard.model import Event, Identity, Request, Status, Verdict
from promptguard.notices.writer import NoticeWriter
from promptguard.policy.exceptions import ACTIONS
from promptguard.policy.justifications import NotGiven, granted
from promptguard.policy.justifying import GrantScope
from promptguard.policy.orders import Order, OrderNotPossible
from promptguard.policy.policy import Policy
from promptguard.policy.schema import PolicyFile
from promptguard.redaction.redactor import Redactor
from promptguard.redaction.scope_memory import ScopeMemory
from promptguard.redaction.vault import MemoryVault
from promptguard.review.accounts import Account, Accounts, NotPossible
from promptguard.review.exceptions import ExceptionBook, Wanted
from promptguard.review.false_alarms import FalseAlarmBook
from promptguard.review.ledger import Act, Ledger
from promptguard.review.outside_accounts import OutsideAccounts
from promptguard.review.roles import Role
from promptguard.review.stops import StopBook
from promptguard.review.suspensions import SuspensionBook
from promptguard.review.tool_reviews import QUESTIONS, Assessment, ToolBook
from promptguard.runtime.orders import KeptOrders, OrdersFollowing
from promptguard.runtime.policy_exchange import PolicyExchange
from promptguard.storage.tables import allowance, governance_order, justification, meta
from promptguard.wire.formats import Formats

START: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
USER: Final = "eve"

MAIL: Final = "jane@orchard-lane.com"
"""The policy prohibits it; two people may make an exception."""
SECRET: Final = "ghp_" + "Zk3vQ8mTn5XbL2wYc7RfHs9DgJ4aPe" + "1VuKoC"
"""Nobody may make an exception."""
IBAN: Final = "DE89 3704 0044 0532 0130 00"
"""The policy asks for a reason."""
CLEAN: Final = "The fair is in May"

TOOL: Final = "openai-api"
PROHIBITED: Final = "anthropic-api"
"""A tool that the policy prohibits until two people decide otherwise."""

_POLICY: Final = {
    "version": "1",
    "justifications": {"scopes": ["finding", "conversation", "minutes"]},
    "false_alarms": {"never_data_classes": ["credentials"]},
    "rules": [
        {"id": "tool", "when": {"status": ["prohibited"]}, "action": "block", "reason": "Not this tool."},
        {"id": "secrets", "when": {"data_classes": "credentials"}, "action": "justify", "reason": "No secrets."},
        {"id": "why", "when": {"entity_types": "IBAN_CODE"}, "action": "justify", "reason": "Say why."},
        {"id": "mail", "when": {"data_classes": "personal_data"}, "action": "block", "reason": "No personal data."},
        {"id": "rest", "action": "allow", "reason": "Nothing was found."},
    ],
}


@dataclass(frozen=True)
class Ground:
    """What is the same for each company, and takes time to make."""

    installation: Installation
    patterns: PatternDetector
    bundle: Bundle
    formats: Formats
    runner: asyncio.Runner


class _Record:
    async def record(self, event: Event) -> None:
        return


class Company:
    """Everything that people can do, each act as a person's; what is not possible changes nothing."""

    def __init__(self, ground: Ground) -> None:
        self._installation, self._runner, self._patterns = ground.installation, ground.runner, ground.patterns
        installation, bundle = ground.installation, ground.bundle
        self.now = START
        self._empty()
        keys, backend, database = installation.keys, installation.backend, installation.database
        self.registry = bundle.registry.judged(
            lambda each: replace(each, status=Status.PROHIBITED if each.id == PROHIBITED else Status.APPROVED)
        )
        self._policy = Policy(PolicyFile.model_validate_json(orjson.dumps(_POLICY)))
        self._orders = backend.orders(keys)
        self.reasons = backend.justifications(keys.justifications)
        self._accounts = Accounts(database, keys.second_factor)
        self._outside = OutsideAccounts(database, self._accounts, keys.sign_in, "https://sign-on.example", "example")
        self._ledger = Ledger(database, keys)
        self.exceptions = ExceptionBook(
            self._orders,
            database,
            terms=lambda: self._policy.exceptions,
            tools=lambda: self.registry.names(),
            pseudonym=keys.pseudonym,
            now=self._time,
        )
        self.tools = ToolBook(self._orders, database, tool=self.registry.destination, now=self._time)
        self.stops = StopBook(self._orders, lambda: self.registry.names(), self._time)
        self.suspensions = SuspensionBook(self._orders, database, keys.pseudonym, self._time)
        self.alarms = FalseAlarmBook(
            backend.false_alarms(keys), lambda: self._policy.false_alarms, database, self._time
        )
        self._following = OrdersFollowing(
            self._orders, KeptOrders(installation.folder / "orders.kept", keys.orders), self._stamp
        )
        self._exchange = PolicyExchange(backend, keys, self._stamp)
        memory = ScopeMemory(MemoryVault(), keys.memory)
        self._guard = Guard(
            Rules(
                self.registry,
                self._policy,
                Redactor(token_bytes(32)),
                NoticeWriter(bundle.templates, None, self.registry.names()),
            ),
            formats=ground.formats,
            scanner=self._scanner(()),
            memory=memory,
            record=_Record(),
            standing=self._following.at_start(),
            clock=self._time,
            justifier=Justifier(self.reasons, keys.justifications, memory, self._time),
        )
        self.held: list[str] = []
        """Decisions that were held for a reason."""
        self.codes: list[str] = []
        """That notices told."""
        self.decisions: list[Mapping[str, Any]] = []
        """With findings."""
        self.justified = False
        """Whether somebody has given a reason."""

    def _empty(self) -> None:
        """What the example before has left, and what the machine remembers of it."""
        with self._installation.backend._database.writing() as connection:  # type: ignore[attr-defined]
            for table in (governance_order, allowance, justification, meta):
                connection.execute(delete(table))
        for path in (*self._installation.keys.folder.glob("*.head"), self._installation.folder / "orders.kept"):
            if path.name != "ledger.head":
                path.unlink(missing_ok=True)

    def _scanner(self, alarms: Sequence[Any]) -> Scanner:
        allowed = as_allow_list(AllowList(key=self._installation.keys.fingerprint), alarms)
        return Scanner([self._patterns], self._installation.keys.fingerprint, allow_list=allowed)

    def _time(self) -> datetime:
        return self.now

    def _stamp(self) -> str:
        return timestamp(self.now)

    def _take_up(self) -> None:
        """What a proxy does within seconds."""
        self._guard.standing = self._following.changed() or self._guard.standing
        alarms = self._exchange.changed_false_alarms(self._policy)
        if alarms is not None:
            self._guard.scanner = self._scanner(alarms)

    # Accounts

    def account(self, name: str) -> Account:
        """One that the command line makes."""
        return self._accounts.make(name, list(Role))

    def account_by(self, account: Account, name: str) -> Account:
        """One that somebody makes on the console."""
        self._ledger.note(Act.ACCOUNT_MADE, account=account.id, name=account.name, detail={"account": name})
        return self._accounts.make(name, list(Role))

    def account_of_sign_on(self, name: str) -> Account:
        """One that the company's sign-on vouches for."""
        return self._outside.admit(name, name, list(Role), lambda what, account: None)

    # Requests

    def send(self, *texts: str, tool: str = TOOL) -> bytes | None:
        """What the service receives of a conversation; None for nothing."""
        self._take_up()
        destination = self.registry.destination(tool)
        assert destination is not None
        messages = [{"role": "user", "content": text} for text in texts]
        path = "/v1/chat/completions" if tool == TOOL else "/v1/messages"
        body = orjson.dumps({"model": "m", "max_tokens": 9, "messages": messages})
        request = Request("POST", destination.hosts[0], path, headers={"content-type": "application/json"}, body=body)
        identity = Identity(USER, self._installation.keys.pseudonym(USER))
        verdict = self._runner.run(self._guard.inspect(request, identity, destination))
        self._note(verdict)
        if verdict.answer is not None:
            return None
        return body if verdict.body is None else verdict.body

    def _note(self, verdict: Verdict) -> None:
        event = orjson.loads(canonical(verdict.event).event)
        if event.get("findings"):
            self.decisions.append(event)
        if verdict.notice is not None and (told := re.search(r"pg-allow ([a-z]{5}-[a-z]{5})", verdict.notice.text)):
            self.codes.append(told[1])
        if event["action"] == "justify":
            self.held.append(event["id"])

    def give_reason(self, decision: str, scope: GrantScope) -> None:
        """On the page that a notice leads to."""
        held = self.reasons.of_decision(decision)
        if held is not None and held.waits(self._stamp(), by_code=False):
            given = granted(held, self._policy.justifications, scope, self._stamp())
            self._try(lambda: self.reasons.give(replace(given, reason="She asked", given_by="page"), by_code=False))
            self.justified = True

    # Orders

    def ask_exception(self, by: Account | None, data_class: str, action: int, user: str = USER) -> None:
        """`by` None is the command line."""
        wanted = Wanted("Why", 7, (TOOL, PROHIBITED), (data_class,), (user,), action=ACTIONS[action])
        names = {"by": by.id if by else "", "name": by.name if by else USER}
        self._try(lambda: self.exceptions.orders.add(self.exceptions.prepare(wanted, **names)))

    def renew(self, order: Order, by: Account) -> None:
        names = {"by": by.id, "name": by.name}
        self._try(
            lambda: self.exceptions.orders.add(self.exceptions.prepare_renewal(order, reason="Again", days=7, **names))
        )

    def ask_status(self, by: Account, tool: str, status: str) -> None:
        answers = dict.fromkeys(QUESTIONS, "Yes")
        due = (self.now.date() + timedelta(days=90)).isoformat()
        wanted = Assessment(tool, status, due, "Why", answers, data_handling={"trains_on_prompts": "no"})
        self._try(lambda: self.tools.orders.add(self.tools.prepare(wanted, by=by.id, name=by.name)))

    def suspend(self, by: Account, user: str) -> None:
        self._try(lambda: self.suspensions.ask(self.suspensions.prepare(user, by, reason="Why", days=7)))

    def approve(self, order: Order, by: Account, user: str) -> None:
        """Whatever it is."""
        acts: dict[str, Callable[[], object]] = {
            "exception": lambda: self.exceptions.approve(order, by, [user]),
            "tool_status": lambda: self.tools.approve(order, by),
            "suspension": lambda: self.suspensions.approve(order.id, by, user),
        }
        self._try(acts.get(order.kind, lambda: None))

    def end(self, order: Order, by: Account) -> None:
        """Refuse, revoke or lift one, whatever it is."""
        now = self._stamp()
        words = {"by": by.id, "name": by.name, "now": now, "reason": "Over"}
        self._try(lambda: self._orders.end(order.id, **words))

    def stop(self, by: Account, **what: Any) -> None:
        self._try(lambda: self.stops.order(self.stops.prepare(by=by.id, name=by.name, reason="Why", **what)))

    @property
    def orders(self) -> Sequence[Order]:
        return self._orders.all()

    @property
    def is_in_doubt(self) -> bool:
        return bool(self._following.doubt or self._exchange.doubt)

    @property
    def in_force(self) -> Sequence[Order]:
        return [order for order in self.orders if order.holds(self._stamp())]

    def ask_false_alarm(self, event: Mapping[str, Any], by: Account) -> None:
        values = [str(number) for number in range(len(self.alarms.values(event)))]
        for chosen in values:
            self._try(lambda chosen=chosen: self.alarms.ask(event, [chosen], by, reason="Ours", days=7))

    def accept_false_alarms(self, by: Account) -> None:
        for alarm in self.alarms.all():
            self._try(lambda alarm=alarm: self.alarms.answer(alarm.id, FalseAlarmState.ACCEPTED, by))

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except (NotPossible, OrderNotPossible, NoLongerPossible, NotGiven):
            return
