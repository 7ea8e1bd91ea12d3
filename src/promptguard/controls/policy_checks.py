"""Checks that ask the policy what it would decide."""

from __future__ import annotations

from promptguard.controls.outcome import Installation, Outcome, met, missing, partly
from promptguard.model import (
    Action,
    Circumstances,
    DataClass,
    Decision,
    Destination,
    Finding,
    Identity,
    Inspection,
    Kind,
    Purpose,
    Status,
)

_NOBODY = Identity("unknown", "")
_HELD = (Action.REDACT, Action.JUSTIFY, Action.BLOCK)
_STOPPED = (Action.JUSTIFY, Action.BLOCK)


def decided(
    installation: Installation,
    data_class: DataClass | None,
    status: Status,
    inspection: Inspection = Inspection.INSPECTED,
) -> Decision:
    """What the policy says of a prompt with one finding of a class, or none, at a web chat of a status."""
    destination = Destination("any", "Any", ("any.example",), Kind.WEB_CHAT, status)
    circumstances = Circumstances(_NOBODY, destination, Purpose.PROMPT, inspection)
    found = [Finding(0, 0, 1, "ANY", data_class, 1.0, "any", "any")] if data_class else []
    return installation.bundle.policy.decide(circumstances, found, None)


def classes_ruled(installation: Installation) -> Outcome:
    """Every data class is held at tools that are not approved."""
    left = [each for each in DataClass if decided(installation, each, Status.UNREVIEWED).action not in _HELD]
    if left:
        return _not_held(installation, left)
    return met(f"{len(DataClass)} data classes are held at tools that are not approved.")


def access_logs_held(installation: Installation) -> Outcome:
    """Access logs are replaced or blocked, wherever they go."""
    return _held(installation, DataClass.ACCESS_LOGS, _HELD)


def credentials_blocked(installation: Installation) -> Outcome:
    """Credentials are blocked and not replaced, wherever they go."""
    return _held(installation, DataClass.CREDENTIALS, _STOPPED)


def tenant_data_blocked(installation: Installation) -> Outcome:
    """Tenants' data is blocked and not replaced, wherever it goes."""
    return _held(installation, DataClass.TENANT_DATA, _STOPPED)


def personal_data_minimised(installation: Installation) -> Outcome:
    """Personal data is replaced or blocked, wherever it goes."""
    return _held(installation, DataClass.PERSONAL_DATA, _HELD)


def unapproved_tools(installation: Installation) -> Outcome:
    """Prompts to tools that nobody has approved are blocked, whatever is in them."""
    statuses = (Status.UNREVIEWED, Status.UNDER_REVIEW)
    decisions = [decided(installation, None, status) for status in statuses]
    if all(each.action in _STOPPED for each in decisions):
        return met(f"Prompts to them are blocked: {_rules(decisions)}.")
    if installation.bundle.policy.mode == "monitor":
        return missing(_MONITOR)
    return partly(
        "They are used as long as nothing is found. The presets `strict`, `policy-a` and `policy-c` block them: a rule "
        "with `status: [unreviewed, under_review]`."
    )


def prohibited_tools(installation: Installation) -> Outcome:
    """Prohibited tools are blocked, and there are some in the registry."""
    registry = installation.bundle.registry
    listed = [each for each in registry.destinations if each.enabled and each.status is Status.PROHIBITED]
    decision = decided(installation, None, Status.PROHIBITED)
    if decision.action not in _STOPPED:
        return missing(_MONITOR if decision.would in _STOPPED else "No rule blocks prohibited tools.")
    if not listed:
        return missing("No service of the registry is prohibited.")
    return partly(f"{len(listed)} services are prohibited, and blocked by {_rules([decision])}. Local use is unseen.")


def unread_blocked(installation: Installation) -> Outcome:
    """What cannot be read is blocked."""
    decision = decided(installation, None, Status.APPROVED, Inspection.NOT_INSPECTED)
    if decision.action in _STOPPED:
        return met(f"What cannot be read is blocked: {_rules([decision])}.")
    return missing(_MONITOR if decision.would in _STOPPED else "What cannot be read is sent.")


_MONITOR = "The policy is in monitor mode: what would be done is recorded, and nothing is done."


def _held(installation: Installation, data_class: DataClass, actions: tuple[Action, ...]) -> Outcome:
    decisions = [decided(installation, data_class, status) for status in (Status.APPROVED, Status.UNREVIEWED)]
    if all(each.action in actions for each in decisions):
        done = " or ".join(dict.fromkeys(str(each.action) for each in decisions))
        return met(f"{done}: {_rules(decisions)}.")
    return _not_held(installation, [data_class])


def _not_held(installation: Installation, left: list[DataClass]) -> Outcome:
    if installation.bundle.policy.mode == "monitor":
        return missing(_MONITOR)
    return missing(f"Not held everywhere: {', '.join(left)}.")


def _rules(decisions: list[Decision]) -> str:
    return ", ".join(dict.fromkeys(f"rule `{each.rule}`" for each in decisions))
