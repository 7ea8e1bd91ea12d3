"""The decision on one request: circumstances and findings in, one action and its reason out. Pure, and no I/O."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import orjson

from promptguard.model import Action, Circumstances, DataHandling, Decision, Destination, Finding, Prompt, Ruling
from promptguard.policy.acknowledging import Acknowledging
from promptguard.policy.justifying import Justifications
from promptguard.policy.rule import Found, Rule
from promptguard.policy.schema import ExceptionTerms, FalseAlarms, Mode, PolicyFile
from promptguard.reasons import Code, Reason

type Amend = Callable[[Rule, Finding | None], Rule]
"""What an enforced rule says of one finding of a request, or (None) of the request as such: the rule itself, or the
same with another action (`Rule.with_action`), where something beside the policy decides that."""


@dataclass(frozen=True, slots=True)
class Operator:
    """How values of one entity type are replaced."""

    name: str
    """A presidio-anonymizer operator: mask, hash, encrypt, redact or replace."""
    params: Mapping[str, Any]
    """The operator's parameters. For `encrypt`, the key is the installation's own and is not in here."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """The rules that matched one finding, or the request as such."""

    first: Rule
    """In the file's order, enforced or not."""
    enforced: Rule | None
    """The first that is enforced."""

    def amended(self, amend: Amend, finding: Finding | None) -> _Outcome:
        """The outcome as something beside the policy would have it."""
        if self.enforced is None or (rule := amend(self.enforced, finding)) is self.enforced:
            return self
        return _Outcome(rule if self.first is self.enforced else self.first, rule)


class Policy:
    """A company's rules. Immutable.

    For each finding the first matching rule counts; the request as such is ruled by the first matching rule that asks
    for no finding; the strictest of these is done. A rule in monitor mode is recorded, and does not stand in the way of
    an enforced rule below it: trying out a rule never weakens those in force.
    """

    def __init__(self, file: PolicyFile) -> None:
        self.file = file
        self.version = file.version
        self.mode: Mode = file.mode
        self.false_alarms = file.false_alarms
        self.exceptions = file.exceptions
        self.justifications = file.justifications
        self.acknowledgement = file.acknowledgement
        canonical = file.model_dump(mode="json", by_alias=True)
        # Policies from before there was such a section keep their hash.
        if file.false_alarms == FalseAlarms():
            del canonical["false_alarms"]
        if file.exceptions == ExceptionTerms():
            del canonical["exceptions"]
        if file.acknowledgement == Acknowledging():
            del canonical["acknowledgement"]
        if file.justifications == Justifications():
            del canonical["justifications"]
        for rule in canonical["rules"]:
            if not rule["enforced_for"]:
                del rule["enforced_for"]
            if not rule["when"]["provider"]:
                del rule["when"]["provider"]
        self.hash = hashlib.sha256(orjson.dumps(canonical, option=orjson.OPT_SORT_KEYS)).hexdigest()
        """SHA-256 of the policy's contents, the same whatever its comments and layout."""
        self.rules = tuple(Rule(entry, position, file.mode) for position, entry in enumerate(file.rules))
        self.operators: Mapping[str, Operator] = MappingProxyType(
            {
                entity_type: Operator(entry.type, MappingProxyType(entry.model_dump(exclude={"type"})))
                for entity_type, entry in file.operators.items()
                if entry.type != "placeholder"
            }
        )
        """By entity type, for those that do not become placeholders."""
        self._asks_for_persons = any(rule.asks_for_persons for rule in self.rules)
        self._asks_for_provider = any(rule.provider for rule in self.rules)
        self._at_place: dict[tuple[object, ...], tuple[Rule, ...]] = {}

    def decide(
        self,
        circumstances: Circumstances,
        findings: Sequence[Finding],
        prompt: Prompt | None,
        amend: Amend | None = None,
    ) -> Decision:
        """What happens to a request.

        Args:
            prompt: the prompt in which the findings' segments are; None for a request that could not be read.
            amend: what decides beside the policy; None for nothing.
        """
        rules = self.applicable(circumstances)
        outcomes = self._of_findings(rules, findings, prompt)
        of_request = self._first_match(rule for rule in rules if _fits_request(rule, findings))
        if amend is not None:
            outcomes = [each.amended(amend, of) for each, of in zip(outcomes, findings, strict=True)]
            of_request = of_request.amended(amend, None)
        rewritable = circumstances.rewritable
        rulings = tuple(_ruling(outcome, circumstances) for outcome in outcomes)
        outcomes.append(of_request)
        enforced = [outcome.enforced for outcome in outcomes if outcome.enforced]
        meant = _strictest([outcome.first for outcome in outcomes], rewritable)
        done = _strictest(enforced, rewritable) if enforced else None
        action = _action(done, rewritable) if done else Action.ALLOW
        would = _action(meant, rewritable)
        # Where nothing is done for now, what is being tried out is the more telling reason.
        telling = meant if done is None or (action is Action.ALLOW and would is not action) else done
        return Decision(
            action=action,
            rule=telling.id,
            reason=telling.reason,
            adjusted=_adjusted(telling, circumstances),
            rulings=rulings,
            would=would if would is not action else None,
            announce=action is Action.REDACT and any(rule.announce for rule in enforced),
        )

    def of_request(
        self, circumstances: Circumstances, findings: Sequence[Finding], amend: Amend | None = None
    ) -> Ruling:
        """What the rules say of the request as such, whatever they say of each finding; `amend` as for `decide`."""
        rules = self.applicable(circumstances)
        outcome = self._first_match(rule for rule in rules if _fits_request(rule, findings))
        return _ruling(outcome.amended(amend, None) if amend else outcome, circumstances)

    def rule(self, id: str) -> Rule | None:
        """The rule with an id; None for what is none, such as that of an order."""
        return next((rule for rule in self.rules if rule.id == id), None)

    def lets_provider(self, rule: str) -> Callable[[Destination], bool] | None:
        """Which tools have a provider that is no matter for a rule, by its id; None where it does not ask about one."""
        found = self.rule(rule)
        return found.lets_provider if found and found.provider else None

    def told_of_provider(self, rule: str, handling: DataHandling) -> tuple[Reason, ...]:
        """What of a tool's provider made a rule match, for people; nothing for a rule that does not ask about it."""
        found = self.rule(rule)
        return found.told_of_provider(handling) if found else ()

    def applicable(self, circumstances: Circumstances) -> tuple[Rule, ...]:
        """The rules whose conditions on the tool, the request and the person hold, in the file's order."""
        destination = circumstances.destination
        place = (
            destination.id,
            destination.status,
            destination.kind,
            circumstances.purpose,
            circumstances.inspection,
            circumstances.language,
            destination.data_handling if self._asks_for_provider else None,
        )
        rules = self._at_place.get(place)
        if rules is None:
            rules = self._at_place[place] = tuple(rule for rule in self.rules if rule.fits_place(circumstances))
        if not self._asks_for_persons:
            return rules
        return tuple(
            rule.for_person(circumstances) if rule.enforced_for else rule
            for rule in rules
            if not rule.person or rule.fits_person(circumstances)
        )

    def _of_findings(self, rules: Sequence[Rule], findings: Sequence[Finding], prompt: Prompt | None) -> list[_Outcome]:
        founds = [Found.of(finding, prompt) for finding in findings]
        counts: dict[str, int] = {}

        def fits(rule: Rule, found: Found) -> bool:
            if not rule.fits_data(found):
                return False
            if rule.min_count == 1:
                return True
            if rule.id not in counts:
                counts[rule.id] = rule.count(findings, founds)
            return counts[rule.id] >= rule.min_count

        known: dict[Found, _Outcome] = {}
        for found in founds:
            if found not in known:
                known[found] = self._with_none_excused(
                    self._first_match(rule for rule in rules if fits(rule, found)), found
                )
        return [known[found] for found in founds]

    def _with_none_excused(self, outcome: _Outcome, found: Found) -> _Outcome:
        """What no reason lets pass is blocked where a rule would ask for one."""
        if found.data_class not in self.justifications.never:
            return outcome
        return outcome.amended(_blocked_where_held, None)

    def _first_match(self, matching: Iterable[Rule]) -> _Outcome:
        first: Rule | None = None
        for rule in matching:
            first = first or rule
            if rule.enforced:
                return _Outcome(first, rule)
        return _Outcome(first or self.rules[-1], None)


def _blocked_where_held(rule: Rule, _: Finding | None) -> Rule:
    if rule.action is not Action.JUSTIFY:
        return rule
    return rule.with_action(Action.BLOCK, Reason(Code.DECISION_NEVER_JUSTIFIED))


def _fits_request(rule: Rule, findings: Sequence[Finding]) -> bool:
    return not rule.about_data and not (rule.about_nothing and findings)


def _ruling(outcome: _Outcome, circumstances: Circumstances) -> Ruling:
    rule = outcome.enforced
    if rule is None or (rule is not outcome.first and rule.action is Action.ALLOW):
        rule = outcome.first
    action = _action(rule, circumstances.rewritable)
    return Ruling(action, rule.id, rule.reason, rule.enforced, _adjusted(rule, circumstances))


def _strictest(rules: Sequence[Rule], rewritable: bool) -> Rule:
    """The rule with the strictest action; of several the one that comes first in the file."""
    return min(rules, key=lambda rule: (-_action(rule, rewritable).severity, rule.position))


def _action(rule: Rule, rewritable: bool) -> Action:
    return Action.BLOCK if rule.action is Action.REDACT and not rewritable else rule.action


def _adjusted(rule: Rule, circumstances: Circumstances) -> Reason | None:
    """Why it is another action than the rule's: for the kind of a file, where that is known."""
    if _action(rule, circumstances.rewritable) is rule.action:
        return rule.adjusted
    why = circumstances.unwritable
    if why is None or why.code != Code.REWRITE_KIND:
        return Reason(Code.DECISION_NOT_REWRITABLE)
    return Reason(Code.DECISION_FILE_NOT_REWRITABLE, {"kind": why.parameters.get("kind", "")})
