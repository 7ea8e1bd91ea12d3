"""What a policy says of a request that was recorded: the real engine, on what the record has of it.

The record does not have all that policy may look at. Who it was is a pseudonym there, and stays one: a rule about
persons is passed over, and that is told. What was redacted because it came back, or turned into a block because a body
could not be rewritten, is known from the record as far as it happened then. What people ordered beside the policy, and
who had to acknowledge it first, goes before its rules, whichever they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from promptguard.model import (
    Action,
    Circumstances,
    DataClass,
    DataHandling,
    Decision,
    Destination,
    Finding,
    Identity,
    Inspection,
    Kind,
    Prompt,
    Purpose,
    Role,
    Segment,
    Status,
)
from promptguard.policy.acknowledgements import RULE as ACKNOWLEDGEMENT
from promptguard.policy.orders import PROHIBITING, OrderKind
from promptguard.policy.policy import Policy
from promptguard.policy.rule import Rule
from promptguard.reasons import Code

_HANDLING: Final = "data_handling"
"""Records of versions before have no such member: what was known of the provider is not known of them."""

type Members = Mapping[str, Any]
"""Those of a recorded event."""


class Unknown(StrEnum):
    """What cannot be told from the record."""

    PERSON = "person"
    """A rule asks who it was."""
    KIND = "kind"
    """The service is not in the registry any more: what kind it was is not recorded."""
    PROVIDER = "provider"
    """A rule asks about the provider, and it was not recorded yet what was known of it."""
    REWRITING = "rewriting"
    """Whether values could have been replaced in it."""
    EXCEPTION = "exception"
    """An exception let go what was found, and whether it would let go what this policy finds is not recorded."""
    HISTORY = "history"
    """What was known of the conversation: more than its findings decided."""
    EVENT = "event"
    """The record of it cannot be read."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What a policy says, and what it says that without knowing."""

    action: Action
    rule: str
    reason: str
    unknown: frozenset[Unknown] = frozenset()


@dataclass(frozen=True, slots=True)
class WouldBe:
    """What was done, and what would be."""

    was: str
    was_rule: str
    now: Replay

    @property
    def is_one(self) -> bool:
        """Whether something else would be done."""
        return self.was != self.now.action


def likeness(event: Members) -> tuple[Any, ...]:
    """All of a recorded event that `would_be` depends on: of events with equal ones, it says the same.

    Which values and places they were does not matter, but how many different ones: they are numbered as they come.

    Raises:
        KeyError, TypeError: the event is damaged.
    """
    findings = event["findings"]
    return (
        event["action"],
        event["rule"],
        event["reason"],
        event["destination"],
        event["destination_status"],
        None if (known := event.get(_HANDLING)) is None else tuple(known),
        tuple(event["groups"]),
        event["purpose"],
        event["inspection"],
        event["policy_hash"],
        event.get("adjusted"),
        tuple(event.get("uncovered_languages") or ()),
        _alike(findings) if findings else (),
    )


def _alike(findings: Sequence[Members]) -> tuple[Any, ...]:
    values: dict[str, int] = {}
    places: dict[int, int] = {}
    return tuple(
        (
            each["role"],
            each["entity_type"],
            each["data_class"],
            each["score"],
            each["detector"],
            values.setdefault(each["fingerprint"], len(values)),
            places.setdefault(each["segment"], len(places)),
        )
        for each in findings
    )


def replay(policy: Policy, event: Members, kinds: Mapping[str, Kind]) -> Replay:
    """What a policy says of a recorded event.

    Args:
        kinds: of the services that are known, by id.

    Raises:
        ValueError: the event is damaged, or of a version that is not understood.
    """
    try:
        circumstances, unknown = _circumstances(event, kinds)
        findings, prompt = _findings(event, circumstances.destination)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("the event is damaged") from error
    if _was_held(event, policy):
        return Replay(Action(event["action"]), str(event["rule"]), str(event["reason"]))
    decision = policy.decide(circumstances, findings, prompt)
    action = decision.action
    if _was_let_go(event) and policy.decide(circumstances, (), prompt).action.severity < action.severity:
        return Replay(
            Action(event["action"]), str(event["rule"]), str(event["reason"]), frozenset({*unknown, Unknown.EXCEPTION})
        )
    if _returned(event) and action is Action.BLOCK and _is_about_findings(decision):
        action = Action.REDACT
        unknown.add(Unknown.HISTORY)
    if action is Action.REDACT and event["action"] != Action.REDACT and not _returned(event):
        unknown.add(Unknown.REWRITING)
    if any(rule.person and rule.fits_place(circumstances) for rule in policy.rules if _asks_who(rule)):
        unknown.add(Unknown.PERSON)
    if event.get(_HANDLING) is None and any(rule.provider and _fits_but(rule, circumstances) for rule in policy.rules):
        unknown.add(Unknown.PROVIDER)
    return Replay(action, decision.rule, decision.reason, frozenset(unknown))


def would_be(event: Members, now: Policy, then: Policy | None, kinds: Mapping[str, Kind]) -> WouldBe:
    """What was done, and what another policy would have done.

    Args:
        then: the policy that decided, if it is known: where even it says something else than was done, the record does
            not have all that decided, and only what the two policies differ in counts.

    Raises:
        ValueError: see `replay`.
    """
    replayed = replay(now, event, kinds)
    was, rule = str(event["action"]), str(event["rule"])
    before = replay(then, event, kinds) if then is not None else None
    if before is not None and before.action != was:
        same = (before.action, before.rule) == (replayed.action, replayed.rule)
        action, named = (Action(was), rule) if same else (replayed.action, replayed.rule)
        unknown = replayed.unknown | {Unknown.HISTORY}
        replayed = Replay(action, named, str(event["reason"]) if same else replayed.reason, unknown)
    return WouldBe(was, rule, replayed)


def _circumstances(event: Members, kinds: Mapping[str, Kind]) -> tuple[Circumstances, set[Unknown]]:
    id, unknown = str(event["destination"]), set[Unknown]()
    kind = kinds.get(id)
    if kind is None:
        unknown.add(Unknown.KIND)
    handling = DataHandling.of_statements(event.get(_HANDLING) or ())
    status = Status(event["destination_status"])
    service = Destination(id, id, (), kind or Kind.API, status, data_handling=handling)
    return Circumstances(
        identity=Identity("", str(event["pseudonym"]), frozenset(map(str, event["groups"]))),
        destination=service,
        purpose=Purpose(event["purpose"]),
        inspection=Inspection(event["inspection"]),
        rewritable=not str(event.get("adjusted") or "").startswith(_NOT_REWRITABLE),
        uncovered_languages=tuple(event.get("uncovered_languages") or ()),
    ), unknown


_NOT_REWRITABLE = (str(Code.DECISION_NOT_REWRITABLE), str(Code.DECISION_FILE_NOT_REWRITABLE))


def _findings(event: Members, service: Destination) -> tuple[list[Finding], Prompt]:
    """The findings, and a prompt of texts of which only the roles are known."""
    places: dict[int, int] = {}
    roles: list[Role] = []
    findings = []
    for each in event["findings"]:
        if each["segment"] not in places:
            places[each["segment"]] = len(roles)
            roles.append(Role(each["role"]) if each["role"] else Role.OTHER)
        findings.append(
            Finding(
                places[each["segment"]],
                int(each["start"]),
                int(each["end"]),
                str(each["entity_type"]),
                DataClass(each["data_class"]),
                float(each["score"]),
                str(each["detector"]),
                str(each["fingerprint"]),
            )
        )
    segments = tuple(Segment((), "", role) for role in roles)
    return findings, Prompt(service, Purpose(event["purpose"]), str(event["format"]), segments)


def _returned(event: Members) -> bool:
    return str(event.get("adjusted") or "").startswith(str(Code.DECISION_RETURNED))


def _was_held(event: Members, policy: Policy) -> bool:
    """Whether it was held before any rule was asked, and would be again."""
    rule = str(event["rule"])
    if rule == ACKNOWLEDGEMENT:
        return bool(policy.acknowledgement.document)
    return _order_of(rule) in PROHIBITING


def _was_let_go(event: Members) -> bool:
    return _order_of(str(event["rule"])) == OrderKind.EXCEPTION


def _order_of(rule: str) -> str:
    """The kind of the order that stands in place of a rule (`orders.rule_of`); empty where none does."""
    kind, colon, _ = rule.partition(":")
    return kind if colon else ""


def _is_about_findings(decision: Decision) -> bool:
    """Whether it is blocked for what was found, and not for where it goes."""
    return any(ruling.action is Action.BLOCK and ruling.rule == decision.rule for ruling in decision.rulings)


def _fits_but(rule: Rule, circumstances: Circumstances) -> bool:
    """Whether all conditions on the place hold, but perhaps those on the provider."""
    names = {question.name for question in rule.provider}
    return all(each.holds(circumstances) for each in rule.place if each.name not in names)


def _asks_who(rule: Any) -> bool:
    return any(condition.name == "users" for condition in rule.person)
