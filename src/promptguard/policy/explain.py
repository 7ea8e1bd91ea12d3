"""A decision in plain words: which rule, why, and which rules were passed over on which condition."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from promptguard.model import Action, Circumstances, Decision, Finding, Inspection, Prompt, Ruling
from promptguard.policy.history import Decides
from promptguard.policy.policy import Policy
from promptguard.policy.rule import Found, Rule
from promptguard.policy.schema import Mode
from promptguard.reasons import Reason

_DONE = {
    Action.ALLOW: "allowed",
    Action.NOTIFY: "allowed, and the person is told",
    Action.REDACT: "replaced",
    Action.JUSTIFY: "held until the person gives a reason",
    Action.BLOCK: "blocked",
}

_DONE_WITH_REQUEST = {**_DONE, Action.REDACT: "sent with values replaced"}


def explain(
    policy: Policy,
    circumstances: Circumstances,
    findings: Sequence[Finding],
    prompt: Prompt | None,
    said: Callable[[Reason], str] = str,
    *,
    under: Decides | None = None,
) -> list[str]:
    """The decision on a request as lines for people, without any value: offsets and types only.

    Args:
        said: turns reasons into sentences.
        under: the policy under the orders that people gave beside it; None for the policy alone.
    """
    decision = (under or policy).decide(circumstances, findings, prompt)
    told_of_provider = policy.told_of_provider(decision.rule, circumstances.destination.data_handling)
    lines = [
        _summary(decision, circumstances, said, told_of_provider),
        f"Policy {policy.version} ({policy.hash[:12]}).",
    ]
    if decision.orders:
        lines.append(f"Decided under: {', '.join(decision.orders)}.")
    founds = [Found.of(finding, prompt) for finding in findings]
    counts = {rule.id: rule.count(findings, founds) for rule in policy.rules if rule.min_count > 1}
    told: dict[Found, int] = {}
    rules = {rule.id for rule in policy.rules}
    for index, (finding, found, ruling) in enumerate(zip(findings, founds, decision.rulings, strict=True)):
        lines += ["", _finding(index, finding, found, ruling)]
        if ruling.rule not in rules:
            lines.append(f"  {_by_order(ruling, said)}")
        if found in told:
            lines.append(f"  For the same reasons as finding {told[found] + 1}.")
            continue
        told[found] = index
        lines += _way_through(policy, circumstances, found, counts)
    lines += ["", "The request as such (rules about what is found aside):"]
    lines += _way_through(policy, circumstances, None, {}, anything_found=bool(findings))
    return lines


def _summary(
    decision: Decision, circumstances: Circumstances, said: Callable[[Reason], str], provider: Sequence[Reason]
) -> str:
    destination = circumstances.destination
    line = (
        f"The request to {destination.name} ({destination.status}) is {_DONE_WITH_REQUEST[decision.action]}, "
        f"rule ‘{decision.rule}’: {decision.reason}"
    )
    if decision.halted:
        line += f" {said(decision.halted)}"
    if decision.adjusted:
        line += f" {said(decision.adjusted)}"
    for told in provider:
        line += f" {said(told)}"
    if circumstances.inspection is not Inspection.INSPECTED and circumstances.problem:
        line += f" It could not be inspected. {said(circumstances.problem)}"
    if circumstances.uncovered_languages:
        line += f" Names of persons are not found reliably in: {', '.join(circumstances.uncovered_languages)}."
    if decision.would is not None:
        line += f" With all rules enforced it would be {_DONE_WITH_REQUEST[decision.would]}."
    return line


def _finding(index: int, finding: Finding, found: Found, ruling: Ruling) -> str:
    tried = "" if ruling.enforced else " (not enforced: monitor mode)"
    return (
        f"Finding {index + 1}: {finding.entity_type} ({finding.data_class}), characters {finding.start} to "
        f"{finding.end} of text {finding.segment + 1} ({found.role}), score {finding.score:.2f}, found by "
        f"{finding.detector}: {_DONE[ruling.action]}{tried} by ‘{ruling.rule}’."
    )


def _by_order(ruling: Ruling, said: Callable[[Reason], str]) -> str:
    told = said(ruling.adjusted) if ruling.adjusted else f"An order goes before the rules: {ruling.reason}"
    return f"{told} Without it:"


def _way_through(
    policy: Policy,
    circumstances: Circumstances,
    found: Found | None,
    counts: dict[str, int],
    *,
    anything_found: bool = True,
) -> list[str]:
    """The rules in order, up to the one that counts."""
    lines = []
    for each in policy.rules:
        rule = each.for_person(circumstances)
        if found is None and rule.about_data:
            continue
        failures = rule.failures(circumstances, found)
        if not failures and rule.min_count > 1 and counts.get(rule.id, 0) < rule.min_count:
            failures.append(f"there are {counts.get(rule.id, 0)} such values, fewer than {rule.min_count}")
        if found is None and not failures and rule.about_nothing and anything_found:
            failures.append("it is about requests with nothing in them")
        if failures:
            lines.append(f"  passed over ‘{rule.id}’: {'; '.join(failures)}")
            continue
        lines += _matched(rule)
        if rule.enforced or policy.mode is Mode.MONITOR:
            break
    return lines


def _matched(rule: Rule) -> list[str]:
    lines = [f"  matched ‘{rule.id}’: {rule.action}. {rule.reason}"]
    if rule.source:
        lines.append(f"    From the policy: {' '.join(rule.source.split())}")
    if not rule.enforced:
        lines.append("    In monitor mode: recorded, and left to the rules below.")
    return lines
