"""Scan: what of a request is a leak. The service's own words are none; originals of the scope always are."""

from __future__ import annotations

from time import perf_counter

from promptguard.detectors.names.lexicon import is_common_word
from promptguard.detectors.span_index import SpanIndex
from promptguard.inspection.context import RequestContext
from promptguard.redaction.scope_memory import ScopeMemory


async def scan(context: RequestContext, memory: ScopeMemory) -> None:
    """Set the context's findings.

    Raises:
        ScanFailed: a detector could not look at all of the text.
    """
    started = perf_counter()
    context.scan = await context.scanner.scan(context.segments)
    context.took("scan", started)
    context.latency.update(context.scan.elapsed_ms)
    await _weigh(context, memory)


async def _weigh(context: RequestContext, memory: ScopeMemory) -> None:
    assert context.scan is not None
    findings, segments = context.scan.findings, context.segments
    context.known = await memory.issued(context.scope)
    originals = context.originals
    replaced = set(originals.values())
    own = await memory.answered(context.scope, segments, findings)
    leaks = [
        finding for index, finding in enumerate(findings) if index not in own or context.value(finding) in replaced
    ]
    context.blocked = await memory.blocked(context.scope)
    again = await context.scanner.find_again(segments, leaks, context.blocked)
    found_at = SpanIndex(findings)
    leaks += [found for found in again if not any(found_at.touching(found))]
    recalled = context.rules.redactor.recall(segments, originals, is_common_word)
    context.findings, context.recalled = context.scanner.with_recalled(segments, leaks, recalled, context.known)
