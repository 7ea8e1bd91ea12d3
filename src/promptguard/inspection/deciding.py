"""Decide: what policy says. What was refused before and comes back as history is redacted instead."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

from promptguard.detectors.scanner import OPAQUE_TYPE
from promptguard.inspection.acknowledging import held_until_acknowledged
from promptguard.inspection.context import RequestContext
from promptguard.inspection.justifying import refused_reason
from promptguard.inspection.left_out import as_left_out
from promptguard.inspection.returning import returned
from promptguard.model import Action, Decision, Inspection, Ruling
from promptguard.policy.history import blocked_findings, soften
from promptguard.policy.justifications import Granted
from promptguard.reasons import Code, Reason
from promptguard.redaction.scope_memory import ScopeMemory


async def decide(context: RequestContext, memory: ScopeMemory, *, rewritable: bool) -> Decision:
    """The decision on a request; one that is not `rewritable` is blocked where it would be redacted."""
    started = perf_counter()
    policy, prompt = context.policy, context.prompt
    opaque = [index for index, finding in enumerate(context.findings) if finding.entity_type == OPAQUE_TYPE]
    if opaque and not rewritable:
        context.problem = context.problem or Reason(Code.SCAN_OPAQUE)
    if context.left_out and not rewritable:
        context.problem = context.problem or Reason(Code.REWRITE_IN_FILE)
    circumstances = context.circumstances(rewritable=rewritable)
    decision = policy.decide(circumstances, context.findings, prompt)
    granted = await _granted(context, decision)
    amend = granted.amend if granted else None
    if amend is not None:
        decision = policy.decide(circumstances, context.findings, prompt, amend)
    if prompt and rewritable and (opaque or decision.action.severity >= Action.JUSTIFY.severity):
        decision = _ruled_as_unread(context, decision, opaque)
        softened = [*opaque, *await _returned(context, memory, decision)]
        if softened:
            decision = soften(policy, circumstances, context.findings, prompt, decision, softened, amend)
    if context.acknowledging and not decision.halted and (why := await context.acknowledging.missing(context)):
        decision = held_until_acknowledged(decision, why)
    context.took("decide", started)
    if granted and granted.used and not decision.halted:
        decision = replace(decision, orders=(*decision.orders, *sorted(granted.used)))
    return refused_reason(context, as_left_out(context, decision))


async def _granted(context: RequestContext, decision: Decision) -> Granted | None:
    """What reasons that were given let pass, where something is held for one."""
    held = decision.action is Action.JUSTIFY or any(each.action is Action.JUSTIFY for each in decision.rulings)
    return await context.justifying.granted(context) if context.justifying and held else None


async def _returned(context: RequestContext, memory: ScopeMemory, decision: Decision) -> list[int]:
    """Indexes of findings that were blocked before and now stand in the conversation so far."""
    blocking = [context.findings[index] for index in blocked_findings(decision)]
    known = await returned(context, memory, blocking)
    return [index for index, finding in enumerate(context.findings) if finding in known]


def _ruled_as_unread(context: RequestContext, decision: Decision, opaque: list[int]) -> Decision:
    """A decision in which what cannot be read is ruled as policy does that, and not as a finding."""
    if not opaque:
        return decision
    circumstances = replace(context.circumstances(), inspection=Inspection.NOT_INSPECTED)
    unread = context.policy.decide(circumstances, (), context.prompt)
    ruling = Ruling(unread.action, unread.rule, unread.reason)
    rulings = tuple(ruling if index in opaque else each for index, each in enumerate(decision.rulings))
    return replace(decision, rulings=rulings)
