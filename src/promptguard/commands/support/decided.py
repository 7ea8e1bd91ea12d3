"""What people have decided on tools in the console, for commands that otherwise read the registry's files alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from promptguard.configuration.destinations import Destinations


def as_decided(config: Path, data: Path, loaded: Destinations) -> Destinations:
    """The registry's files, with the status and the day of review that were decided.

    Raises:
        PromptGuardError: the database cannot be opened.
    """
    from promptguard.configuration.reading_settings import read_settings
    from promptguard.runtime.decided import as_decided as decided
    from promptguard.runtime.decided import standing_of

    return replace(loaded, registry=decided(loaded.registry, standing_of(read_settings(config), data)))


def decided_status(config: Path, data: Path, destination: str) -> Mapping[str, str] | None:
    """Status, who asked for it and who decided, the day, the order's id, the day of the next review, and what was
    decided of the provider's data handling, as one line.

    None where nothing was decided.

    Raises:
        PromptGuardError: the database cannot be opened.
    """
    from promptguard.configuration.reading_settings import read_settings
    from promptguard.policy.tool_status import DATA_HANDLING, REVIEW_DUE, STATUS
    from promptguard.runtime.decided import standing_of
    from promptguard.runtime.policy_exchange import now

    order = standing_of(read_settings(config), data).statuses.of_tool(destination, now())
    if order is None:
        return None
    return {
        "status": str(order.scope.get(STATUS, "")),
        "asked_by": order.asked_name,
        "decided_by": ", ".join(each.name for each in order.approvals),
        "decided": max(each.time for each in order.approvals)[:10],
        "id": order.id,
        "review_due": str(order.scope.get(REVIEW_DUE, "")),
        "data_handling": ", ".join(
            f"{name.replace('_', ' ')} {value}" for name, value in order.scope.get(DATA_HANDLING, {}).items()
        ),
    }
