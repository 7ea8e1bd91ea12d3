"""What people have decided on tools in the console, for commands that otherwise read files alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from promptguard.commands.support.options import load_settings
from promptguard.model import Destination

if TYPE_CHECKING:
    from promptguard.policy.tool_status import ToolStatuses


def decided_statuses(config: Path, data: Path) -> ToolStatuses:
    """What is decided now; nothing where no proxy has ever started on the data folder.

    Raises:
        PromptGuardError: the database cannot be opened.
    """
    from promptguard.keys import Keys
    from promptguard.policy.tool_status import ToolStatuses
    from promptguard.runtime.data_folder import DataFolder
    from promptguard.runtime.orders import standing_now

    folder = DataFolder(data)
    if not any(folder.keys.glob("*.key")):
        return ToolStatuses()
    return standing_now(load_settings(config), folder, Keys.load(folder.keys)).statuses


def as_decided(config: Path, data: Path, tools: Sequence[Destination]) -> list[Destination]:
    """Tools of the registry's files, with the status and the day of review that were decided.

    Raises:
        PromptGuardError: the database cannot be opened.
    """
    from promptguard.runtime.policy_exchange import now

    statuses = decided_statuses(config, data)
    return [statuses.judged(each, now()) for each in tools]


def decided_status(config: Path, data: Path, destination: str) -> Mapping[str, str] | None:
    """Status, who asked for it and who decided, the day, the order's id, the day of the next review, and what was
    decided of the provider's data handling, as one line.

    None where nothing was decided.

    Raises:
        PromptGuardError: the database cannot be opened.
    """
    from promptguard.policy.tool_status import DATA_HANDLING, REVIEW_DUE, STATUS
    from promptguard.runtime.policy_exchange import now

    order = decided_statuses(config, data).of_tool(destination, now())
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
