"""What people have decided on a tool in the console, for commands that otherwise read files alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def decided_status(config: Path, data: Path, destination: str) -> Mapping[str, str] | None:
    """Status, who asked for it and who decided, the day, the order's id, and the day of the next review.

    None where nothing was decided, or where no proxy has ever started on the data folder.

    Raises:
        PromptGuardError: the database cannot be opened.
    """
    from promptguard.policy.tool_status import REVIEW_DUE, STATUS, ToolStatuses
    from promptguard.runtime.data_folder import DataFolder
    from promptguard.runtime.orders import opened_orders
    from promptguard.runtime.policy_exchange import now

    if not any(DataFolder(data).keys.glob("*.key")):
        return None
    with opened_orders(config, data) as (store, _, _):
        order = ToolStatuses.of([each for each in store.all() if each.holds(now())]).of_tool(destination, now())
    if order is None:
        return None
    return {
        "status": str(order.scope.get(STATUS, "")),
        "asked_by": order.asked_name,
        "decided_by": ", ".join(each.name for each in order.approvals),
        "decided": max(each.time for each in order.approvals)[:10],
        "id": order.id,
        "review_due": str(order.scope.get(REVIEW_DUE, "")),
    }
