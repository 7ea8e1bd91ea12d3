"""Which legal holds something is under, for the page that shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from promptguard.audit.interface import RecordDamaged
from promptguard.audit.retention.held import HeldDecisions
from promptguard.audit.retention.holds import Hold
from promptguard.console.ways import Visit
from promptguard.review.roles import Permission


def holds_on(visit: Visit, ask: Callable[[HeldDecisions], Sequence[Hold]]) -> Sequence[Hold] | None:
    """What `ask` finds; nothing for those who may not see holds, and None where it cannot be told."""
    if Permission.HOLDS not in visit.account.permissions:
        return ()
    try:
        return ask(visit.console.holds.held())
    except RecordDamaged:
        return None
