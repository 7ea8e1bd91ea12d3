"""Scan: what of a request is a leak. The service's own words are none; originals of the scope always are."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from time import perf_counter

from promptguard.detectors.allowing import parted_originals, that_left
from promptguard.detectors.names.lexicon import is_common_word
from promptguard.detectors.scanner import INLINE_CHARACTERS, Scan
from promptguard.detectors.span_index import SpanIndex
from promptguard.errors import ScanFailed
from promptguard.inspection.context import RequestContext
from promptguard.inspection.returning import is_known_history
from promptguard.model import DataClass, Finding, Recalled, Role
from promptguard.reasons import Code
from promptguard.redaction.scope_memory import ScopeMemory
from promptguard.wire.running_text import ends_of, running_texts


async def scan(context: RequestContext, memory: ScopeMemory) -> None:
    """Set the context's findings.

    Raises:
        ScanFailed: a detector could not look at all of the text, or nobody can read what stands in it, and it is new.
    """
    started = perf_counter()
    context.scan = await _scan_behind(context)
    context.took("scan", started)
    context.latency.update(context.scan.elapsed_ms)
    context.uncovered_languages = await context.scanner.uncovered_languages(context.segments)
    await _weigh(context, memory)
    if context.opaque and not await is_known_history(context, memory, context.opaque):
        raise ScanFailed(Code.SCAN_OPAQUE)
    context.findings += context.opaque


async def _scan_behind(context: RequestContext) -> Scan:
    """What stands in the request, together with what was said before it on the same connection."""
    before, segments = context.before, context.segments
    scanned = await context.scanner.scan([*before, *segments])
    if context.end_before:
        both = (*await _cut(context), *scanned.findings)
        return replace(scanned, findings=tuple(sorted(both, key=lambda each: (each.segment, each.start, each.end))))
    if not before:
        return scanned
    own = [
        replace(finding, segment=finding.segment - len(before))
        for finding in scanned.findings
        if finding.segment >= len(before)
    ]
    running = list(running_texts(before, segments))
    joined = await context.scanner.scan([each.text for each in running])
    found_at = SpanIndex(own)
    ends = [finding for finding in ends_of(running, joined.findings) if finding.data_class is DataClass.CREDENTIALS]
    own += [finding for finding in ends if not any(found_at.touching(finding))]
    opaque = tuple(
        replace(noise, segment=noise.segment - len(before)) for noise in scanned.opaque if noise.segment >= len(before)
    )
    allowed = tuple(
        replace(each, segment=each.segment - len(before)) for each in scanned.allowed if each.segment >= len(before)
    )
    found = tuple(sorted(own, key=lambda each: (each.segment, each.start, each.end)))
    return replace(scanned, findings=found, opaque=opaque, allowed=allowed)


async def _cut(context: RequestContext) -> list[Finding]:
    """What began in the piece before and ends at the beginning of this one: the part that is in this one."""
    index = next((index for index, each in enumerate(context.segments) if each.role is Role.FILE), -1)
    if index < 0:
        return []
    end, segment = context.end_before, context.segments[index]
    joined = await context.scanner.scan([replace(segment, text=end + segment.text[: len(end)])])
    return [
        replace(finding, segment=index, start=0, end=finding.end - len(end))
        for finding in joined.findings
        if finding.start < len(end) < finding.end
    ]


async def _weigh(context: RequestContext, memory: ScopeMemory) -> None:
    assert context.scan is not None
    findings, segments = context.scan.findings, context.segments
    context.known = await memory.issued(context.scope)
    originals = context.originals
    allowed = list(context.scan.allowed)
    own = await memory.answered(context.scope, segments, [*findings, *allowed])
    leaks = [
        finding
        for index, finding in enumerate(findings)
        if index not in own or originals.has_original(context.value(finding))
    ]
    context.blocked = await memory.blocked(context.scope)
    if opaque := context.scan.opaque:  # what the service answered may go back to it
        its_own = await memory.answered(context.scope, segments, opaque)
        context.opaque = tuple(noise for index, noise in enumerate(opaque) if index not in its_own)
    again, passing = await context.scanner.find_again(segments, leaks, context.blocked)
    found_at = SpanIndex((*findings, *opaque))
    leaks += [found for found in again if not any(found_at.touching(found))]
    found = await _recall(context)
    recalled, passed = parted_originals(context.scanner.allow_list, segments, found)
    context.findings, context.recalled = context.scanner.with_recalled(segments, leaks, recalled, context.known)
    passing += [*passed, *(each for index, each in enumerate(allowed, len(findings)) if index not in own)]
    context.allowed = that_left(passing, context.findings)


async def _recall(context: RequestContext) -> list[Recalled]:
    """Where originals of the scope stand, whether or not a detector finds them."""
    segments, originals, redactor = context.segments, context.originals, context.rules.redactor
    if sum(len(each.text) for each in segments) <= INLINE_CHARACTERS:
        return redactor.recall(segments, originals, is_common_word)
    return await asyncio.to_thread(redactor.recall, segments, originals, is_common_word)
