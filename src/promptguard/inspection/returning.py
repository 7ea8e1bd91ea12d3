"""What was refused before and comes back in the conversation so far: a session must not be closed for good by it."""

from __future__ import annotations

from collections.abc import Sequence

from promptguard.inspection.context import RequestContext
from promptguard.model import Finding
from promptguard.policy.history import Sequels, is_history, own_texts
from promptguard.redaction.scope_memory import ScopeMemory


async def returned(context: RequestContext, memory: ScopeMemory, findings: Sequence[Finding]) -> list[Finding]:
    """Those of the findings that were blocked before and now stand in the conversation so far."""
    segments = context.segments
    candidates = [finding for finding in findings if finding.fingerprint in context.blocked]
    if not candidates:
        return []
    sequels = Sequels(segments)
    asked: set[str] = set()
    for finding in candidates:
        asked.update((*own_texts(finding, segments), segments[finding.segment].text, sequels.of(finding)))
    refused = await memory.refused(context.scope, asked - {""})
    return [finding for finding in candidates if is_history(finding, segments, sequels, refused)]


async def is_known_history(context: RequestContext, memory: ScopeMemory, findings: Sequence[Finding]) -> bool:
    """Whether all of the findings were blocked before, are history now, and can be replaced."""
    if not context.is_rewritable or not all(map(context.can_replace, findings)):
        return False
    return len(await returned(context, memory, findings)) == len(findings)
