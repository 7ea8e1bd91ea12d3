"""Decide: what policy says. What was refused before and comes back as history is redacted instead."""

from __future__ import annotations

from time import perf_counter

from promptguard.inspection.context import RequestContext
from promptguard.model import Action, Decision
from promptguard.policy.history import Sequels, blocked_findings, is_history, own_texts, soften
from promptguard.redaction.scope_memory import ScopeMemory


async def decide(context: RequestContext, memory: ScopeMemory, *, rewritable: bool) -> Decision:
    """The decision on a request; one that is not `rewritable` is blocked where it would be redacted."""
    started = perf_counter()
    policy, prompt = context.rules.policy, context.prompt
    circumstances = context.circumstances(rewritable=rewritable)
    decision = policy.decide(circumstances, context.findings, prompt)
    if decision.action is Action.BLOCK and prompt and rewritable:
        returned = await _returned(context, memory, decision)
        if returned:
            decision = soften(policy, circumstances, context.findings, prompt, decision, returned)
    context.took("decide", started)
    return decision


async def _returned(context: RequestContext, memory: ScopeMemory, decision: Decision) -> list[int]:
    """Indexes of findings that were blocked before and now stand in the conversation so far."""
    findings, segments = context.findings, context.segments
    blocking = blocked_findings(decision)
    candidates = [index for index in blocking if findings[index].fingerprint in context.blocked]
    if not candidates:
        return []
    sequels = Sequels(segments)
    asked: set[str] = set()
    for finding in (findings[index] for index in candidates):
        asked.update((*own_texts(finding, segments), segments[finding.segment].text, sequels.of(finding)))
    refused = await memory.refused(context.scope, asked - {""})
    return [index for index in candidates if is_history(findings[index], segments, sequels, refused)]
