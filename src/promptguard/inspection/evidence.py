"""Evidence: of findings that a company keeps it of, what was found is sealed before the decision is recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Protocol

from promptguard.evidence.excerpts import Excerpt, excerpts
from promptguard.inspection.context import RequestContext
from promptguard.model import Finding, Ruling, Verdict

MAX_EXCERPTS: Final = 200
"""Findings of one decision of which evidence is kept, the strictest first; the file says how many more there were."""


class Evidence(Protocol):
    """What seals evidence, and keeps it."""

    window: int
    """Bytes on each side of what was found."""

    def wants(self, finding: Finding, ruling: Ruling) -> bool:
        """Whether evidence of a finding is kept."""

    async def keep(self, decision_id: str, excerpts: Sequence[Excerpt], left_out: int) -> str:
        """Seal and keep it, and return the SHA-256, hexadecimal, of what is kept.

        Raises:
            Exception: it was not kept. The request must not be forwarded then.
        """


async def with_evidence(context: RequestContext, verdict: Verdict, evidence: Evidence | None) -> Verdict:
    """The verdict whose event names the evidence that is kept of it; as it is where none is."""
    if evidence is None or not context.findings:
        return verdict
    rulings = verdict.decision.rulings
    wanted = [index for index, ruling in enumerate(rulings) if evidence.wants(context.findings[index], ruling)]
    if not wanted:
        return verdict
    chosen = sorted(wanted, key=lambda index: -rulings[index].action.severity)[:MAX_EXCERPTS]
    # In a thread: a paste of customers has thousands of findings, each of which is either shown or hidden.
    segments, findings, opaque = context.segments, context.findings, context.opaque
    made = await asyncio.to_thread(excerpts, segments, findings, frozenset(chosen), evidence.window, opaque)
    digest = await evidence.keep(context.id, made, len(wanted) - len(chosen))
    return replace(verdict, event=replace(verdict.event, evidence=digest))
