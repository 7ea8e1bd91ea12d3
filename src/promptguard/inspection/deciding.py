"""Decide: what policy says. What was refused before and comes back as history is redacted instead."""

from __future__ import annotations

from time import perf_counter

from promptguard.inspection.context import RequestContext
from promptguard.model import Action, Decision
from promptguard.policy.history import blocked_findings, is_history, own_lines, soften, texts_after
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
    asked = {
        text
        for index in candidates
        for text in (*own_lines(findings[index], segments), *texts_after(findings[index], segments))
    }
    refused = await memory.refused(context.scope, asked)
    return [index for index in candidates if is_history(findings[index], segments, refused)]
