"""What the page of a notice's link offers at a tool that a request was not sent to: others, and to ask for this one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from promptguard.console.ways import Visit
from promptguard.model import Action, DataHandling, Status
from promptguard.notices.story import may_go_elsewhere
from promptguard.policy.tool_status import APPROVED
from promptguard.reasons import Reason
from promptguard.runtime.policy_exchange import now

_TO_ASK_FOR = (Status.UNREVIEWED, Status.UNDER_REVIEW, Status.PROHIBITED)
"""Statuses at which a tool can be asked for."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is in place of a tool."""

    alternatives: tuple[str, ...] = ()
    """Ids of tools that may be used: those that the notice names, as it is decided by now."""
    may_ask: bool = False
    """Whether the tool is not approved, and may be asked for."""
    provider: tuple[Reason, ...] = ()
    """What of the tool's provider the request was stopped for."""


def offer(visit: Visit, event: Mapping[str, Any]) -> Offer:
    """What is offered to the person of a decision.

    Args:
        event: the decision, as it is recorded.
    """
    provider = _known_of_provider(visit, event)
    bundle, time = visit.console.services.bundle(), now()
    registry = bundle.registry
    tool = registry.destination(event["destination"])
    if tool is None:
        return Offer(provider=provider)
    standing = visit.console.standing()
    tool = standing.statuses.judged(tool, time)
    may_ask = event["destination_status"] in _TO_ASK_FOR and tool.status not in APPROVED
    if not may_go_elsewhere(event):
        return Offer(may_ask=may_ask, provider=provider)
    will_do = bundle.policy.lets_provider(event["rule"])
    return Offer(standing.offered(tool, registry.destinations, time, will_do).alternatives, may_ask, provider)


def _known_of_provider(visit: Visit, event: Mapping[str, Any]) -> tuple[Reason, ...]:
    """What of the provider a request was stopped for: by the policy that decided, and what was known then."""
    known = event.get("data_handling")
    policy = visit.console.policies.policy_that_decided(event) if known is not None else None
    if policy is None or event["action"] not in (Action.BLOCK, Action.JUSTIFY):
        return ()
    try:
        return policy.told_of_provider(event["rule"], DataHandling.of_statements(known or ()))
    except ValueError:  # recorded by another version
        return ()
