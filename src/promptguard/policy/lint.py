"""What is allowed in a policy, and yet probably not meant: rules that can never match, data that no rule names."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from promptguard.model import Action, DataClass
from promptguard.policy.policy import Policy
from promptguard.policy.provider import Answer
from promptguard.policy.rule import Condition, Rule
from promptguard.typed_yaml.mistakes import suggestion


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to look at."""

    rule: int | None
    """Position of the rule, counted from 0; None where it is about the whole policy."""
    problem: str
    remedy: str
    is_mistake: bool = False
    """Whether it can be nothing but a mistake: a name of what there is not."""
    operator: str = ""
    """The entity type under `operators` that it is about; empty where it is about none."""


def lint(
    policy: Policy,
    *,
    destinations: Collection[str] | None = None,
    switched_off: Collection[str] = (),
    users: Collection[str] | None = None,
    groups: Collection[str] | None = None,
    entity_types: Collection[str] | None = None,
) -> list[Remark]:
    """All remarks on a policy, in the order of its rules.

    Args:
        destinations: the ids there are; None where they are not known, and then not checked. So with the others.
        switched_off: those of them whose requests are not inspected.
    """
    known = {"destinations": destinations, "users": users, "groups": groups, "entity_types": entity_types}
    remarks = list(_without_rule(policy))
    for rule in policy.rules:
        remarks += _unreachable(policy, rule)
        remarks += _unknown(rule, known)
        remarks += _unseen(rule, switched_off)
        remarks += _never_justified(policy, rule)
        remarks += _unknown_left_out(policy, rule)
    if entity_types is not None:
        remarks += _unknown_operators(policy, entity_types)
    return remarks


def _without_rule(policy: Policy) -> Iterator[Remark]:
    named = {
        value
        for rule in policy.rules
        for condition in rule.data
        if condition.name == "data_classes" and not condition.negated
        for value in condition.values
    }
    for data_class in DataClass:
        if data_class not in named:
            yield Remark(None, f"no rule names the data class {data_class}", "Add a rule with it under `data_classes`.")


def _unreachable(policy: Policy, rule: Rule) -> Iterator[Remark]:
    for earlier in policy.rules[: rule.position]:
        if _covers(earlier, rule):
            yield Remark(
                rule.position,
                f"the rule ‘{rule.id}’ can never match, because ‘{earlier.id}’ above matches all that it does",
                "Move it up, or take it out.",
            )
            return


def _covers(earlier: Rule, later: Rule) -> bool:
    """Whether whatever `later` matches is matched by `earlier` before."""
    if (later.enforced or later.enforced_for) and not earlier.enforced:
        return False
    if earlier.about_nothing or (earlier.about_data and not later.about_data):
        return False
    if later.min_score < earlier.min_score:
        return False
    if earlier.min_count > 1 and not (earlier.min_count <= later.min_count and earlier.data == later.data):
        return False
    return all(
        any(_implies(given, wanted) for given in later.conditions if given.name == wanted.name)
        for wanted in earlier.conditions
    )


def _implies(given: Condition[Any], wanted: Condition[Any]) -> bool:
    """Whether the one condition never holds without the other, on the same field."""
    match given.negated, wanted.negated:
        case False, False:
            return given.values <= wanted.values
        case True, True:
            return given.values >= wanted.values
        case False, True:
            # A person may be in further groups than the one that is asked for.
            return given.name != "groups" and given.values.isdisjoint(wanted.values)
        case _:
            return False


def _unknown(rule: Rule, known: dict[str, Collection[str] | None]) -> Iterator[Remark]:
    named = [(each.name, each.name, each.values) for each in rule.conditions]
    for key, kind, values in (*named, ("enforced_for", "groups", rule.enforced_for)):
        there_are = known.get(kind)
        if there_are is None:
            continue
        for value in sorted(values - set(there_are)):
            yield Remark(
                rule.position,
                f"the rule ‘{rule.id}’ names ‘{value}’ under `{key}`, which there is not",
                _suggestion(value, there_are, _NOUNS.get(kind, kind)),
                is_mistake=True,
            )


def _unseen(rule: Rule, switched_off: Collection[str]) -> Iterator[Remark]:
    for condition in rule.conditions:
        if condition.name == "destinations":
            for value in sorted(condition.values & set(switched_off)):
                problem = (
                    f"the rule ‘{rule.id}’ names ‘{value}’, which is switched off, so that no request to it is seen"
                )
                yield Remark(rule.position, problem, "Take it out, or have it inspected.")


def _never_justified(policy: Policy, rule: Rule) -> Iterator[Remark]:
    """A rule that asks for reasons, about what no reason lets pass."""
    if rule.action is not Action.JUSTIFY:
        return
    never = {str(each) for each in policy.justifications.never}
    for condition in rule.data:
        if condition.name == "data_classes" and not condition.negated and (named := condition.values & never):
            classes = ", ".join(sorted(named))
            yield Remark(
                rule.position,
                f"the rule ‘{rule.id}’ asks for a reason for {classes}, which no reason lets pass, so that it blocks",
                "Write `action: block`, or take the class out of `never` under `justifications`.",
            )


def _unknown_left_out(policy: Policy, rule: Rule) -> Iterator[Remark]:
    """A rule against what providers do that leaves out those of whom it is not known, where no other one has them."""
    if rule.action.severity < Action.REDACT.severity:
        return
    named = {each.name for other in policy.rules for each in other.provider if Answer.UNKNOWN in each.matching}
    for question in rule.provider:
        if question.name not in named:
            yield Remark(
                rule.position,
                f"the rule ‘{rule.id}’ asks about `{question.key}` of the provider, and no rule says what holds where "
                "that is not known",
                f"{_NAMING.get(question.key, 'Name `unknown` too')}, or give it a rule of its own.",
            )


_NAMING = dict.fromkeys(("retention_days", "region"), "Add `unknown: true`")


def _unknown_operators(policy: Policy, there_are: Collection[str]) -> Iterator[Remark]:
    for entity_type in sorted(set(policy.operators) - set(there_are)):
        yield Remark(
            None,
            f"`operators` names the entity type ‘{entity_type}’, which there is not",
            _suggestion(entity_type, there_are, "entity types"),
            is_mistake=True,
            operator=entity_type,
        )


def _suggestion(value: str, there_are: Collection[str], noun: str) -> str:
    return f"{suggestion(value, sorted(there_are), noun=noun)} {_WHERE.get(noun, '')}".rstrip()


_NOUNS = {"destinations": "services", "entity_types": "entity types"}
_WHERE = {
    "users": "Users stand in identities.yaml.",
    "groups": "Groups stand in identities.yaml.",
    "services": "`promptguard destinations list` shows all.",
}
