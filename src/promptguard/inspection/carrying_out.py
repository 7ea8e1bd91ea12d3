"""Carry out: the verdict on a request, with the rewritten body, the notice, and what may be put back in the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter
from typing import Any

from promptguard.errors import NotRewritable
from promptguard.inspection.context import RequestContext
from promptguard.inspection.copying import is_cured_by_placeholders, redacted_text
from promptguard.inspection.left_out import marks_of_refused
from promptguard.inspection.pasting import is_given, text_to_paste
from promptguard.inspection.reading import RequestReader
from promptguard.model import WEBSOCKET, Action, Answer, Decision, Finding, Notice, Purpose, Restoration, Verdict
from promptguard.notices.page import refuse_page, wants_page
from promptguard.policy.acknowledgements import RULE as ACKNOWLEDGEMENT
from promptguard.policy.history import Sequels, blocked_findings
from promptguard.reasons import Code
from promptguard.redaction.issued import Issued
from promptguard.redaction.scope_memory import ScopeMemory
from promptguard.wire.notice_styles import refuse as refuse_in_style
from promptguard.wire.notice_styles import refuse_message
from promptguard.wire.padding import padded
from promptguard.wire.signing import digests_again, is_length_bound
from promptguard.wire.uploads import announced_lengths, may_announce


async def carry_out(context: RequestContext, memory: ScopeMemory, reader: RequestReader, decision: Decision) -> Verdict:
    """Do what was decided.

    Raises:
        NotRewritable: something is to be replaced where nothing can be.
    """
    verdict = await _carry_out(context, memory, reader, decision)
    restated = context.restated
    if restated is None or verdict.answer is not None:
        return verdict
    return replace(
        verdict,
        body=restated.body if verdict.body is None else verdict.body,
        query=restated.query if verdict.query is None else verdict.query,
        headers={**restated.headers, **verdict.headers},
    )


async def _carry_out(
    context: RequestContext, memory: ScopeMemory, reader: RequestReader, decision: Decision
) -> Verdict:
    if decision.action.severity < Action.JUSTIFY.severity:
        await _remember_lengths(context, memory)
    if decision.action is Action.REDACT and (context.findings or context.left_out):
        return await _redact(context, memory, reader, decision)
    if decision.action.severity >= Action.JUSTIFY.severity:
        return await _refuse(context, memory, decision)
    header = ""
    if decision.action is Action.NOTIFY:
        header = context.notices.header("notify", context.id, context.findings)
    return replace(_verdict(context, decision), header=header, restoration=Restoration(context.originals))


async def _redact(context: RequestContext, memory: ScopeMemory, reader: RequestReader, decision: Decision) -> Verdict:
    assert context.reading is not None
    started = perf_counter()
    rules, originals = context.rules, context.originals
    chosen = [
        index for index, ruling in enumerate(decision.rulings) if ruling.action is Action.REDACT and ruling.enforced
    ]
    findings = [context.findings[index] for index in chosen]
    if not all(map(context.can_replace, findings)):
        raise NotRewritable(Code.REWRITE_FIXED)
    new = [context.findings[index] for index in chosen if index not in context.recalled]
    again = [context.recalled[index] for index in chosen if index in context.recalled]
    redaction = rules.redactor.redact(context.segments, new, context.scope, originals, again)
    files = await reader.rewrite_files(context, redaction.edits)
    texts = {index: text for index, text in redaction.texts.items() if not context.is_in_file(index)}
    body, query = context.reading.document.replace(texts, {**files, **context.left_out})
    if body is not None and await _is_length_bound(context, memory):
        body = _as_long(context, body)
    once_more = {placeholder: context.known[placeholder] for placeholder in redaction.again}
    await memory.remember(context.scope, {**redaction.issued, **once_more})
    restored = Issued.of(originals)
    restored.update({placeholder: original.text for placeholder, original in redaction.issued.items()})
    context.took("redact", started)
    copied = redacted_text(context) if context.destination.in_page else ""
    return replace(
        _verdict(context, decision),
        body=body,
        query=query,
        headers={} if body is None else digests_again(context.request.headers, body),
        notice=_told_of_replaced(context, decision, findings),
        header=context.notices.header("redacted", context.id, findings),
        redacted_text=copied,
        restoration=Restoration(restored),
    )


def _told_of_replaced(context: RequestContext, decision: Decision, findings: Sequence[Finding]) -> Notice:
    """What was sent needs no copying: the address alone, since the answer it stands in may go to the service again."""
    notice = context.notices.redacted(context.id, findings, context.prompt)
    shown = decision.announce or context.destination.in_page
    return _linked(context, notice) if shown else notice


async def _is_length_bound(context: RequestContext, memory: ScopeMemory) -> bool:
    """Whether the service was told how long the body is: by this request, or by one before it that announced a file."""
    request = context.request
    may_be_file = request.method == "PUT" or context.purpose is Purpose.UPLOAD
    return is_length_bound(request) or (may_be_file and await memory.is_declared(context.scope, len(request.body)))


async def _remember_lengths(context: RequestContext, memory: ScopeMemory) -> None:
    """Remember the lengths of files that a request announces which is sent on."""
    request = context.request
    if context.reading and may_announce(request.path):
        told = announced_lengths(request.headers, request.query, context.reading.document.body)
        await memory.declare(context.scope, told)


def _as_long(context: RequestContext, body: bytes) -> bytes:
    """Another body that is as long as the one that came.

    Raises:
        NotRewritable: there is none.
    """
    headers = context.request.headers
    is_the_file = "content-encoding" not in headers and "multipart/" not in headers.get("content-type", "").lower()
    again = padded(body, len(context.request.body)) if is_the_file else None
    if again is None:
        raise NotRewritable(Code.REWRITE_LENGTH)
    return again


async def _refuse(context: RequestContext, memory: ScopeMemory, decision: Decision) -> Verdict:
    request, wire_format, findings = context.request, context.format, context.findings
    blocked = [*(findings[index] for index in blocked_findings(decision)), *context.opaque]
    sequels = Sequels(context.segments)
    files, behind_files = marks_of_refused(context, memory, decision, sequels)
    await memory.refuse(
        context.scope,
        {*(finding.fingerprint for finding in blocked), *files},
        (segment.text for segment in context.segments),
        {*({sequels.of(finding) for finding in blocked} - {""}), *behind_files},
    )
    has_page = context.links is not None and context.links.available and not context.is_draft
    given = is_given(context)
    shown = context.destination.in_page or has_page or given
    copied = redacted_text(context) if shown and is_cured_by_placeholders(context, decision) else ""
    notice = context.stopped or await _notice(context, decision, has_page=has_page)
    if has_page:
        notice = _linked(context, notice, copied, _file_names(context, decision))
    if given and copied:
        notice = context.notices.with_redacted(notice, await text_to_paste(context, decision, copied))
    body = context.reading.document.body if context.reading else None
    return replace(
        _verdict(context, decision),
        notice=notice,
        answer=_answer(context, body, notice),
        messages=refuse_message(wire_format, body, notice) if request.method == WEBSOCKET else (),
        observed=False,
        redacted_text=copied if context.destination.in_page else "",
    )


async def _notice(context: RequestContext, decision: Decision, *, has_page: bool) -> Notice:
    notices, findings = context.notices, context.findings
    circumstances = context.circumstances()
    policy, registry = context.rules.policy, context.rules.registry
    will_do = policy.lets_provider(decision.rule)
    offered = context.standing.offered(context.destination, registry.destinations, context.now, will_do)
    circumstances = replace(circumstances, destination=offered)
    if context.reason_problem is not None and not decision.halted:
        return notices.reason_refused(context.id, circumstances, context.reason_problem)
    if decision.halted and decision.rule == ACKNOWLEDGEMENT:
        return notices.acknowledge(context.id, decision.halted, circumstances, page=has_page)
    how = await _how_to_justify(context, decision, has_page=has_page)
    notice = notices.refused(context.id, decision, circumstances, findings, context.prompt, how)
    notice = notices.about_provider(notice, policy.told_of_provider(decision.rule, context.destination.data_handling))
    return notices.about_files(notice, _file_names(context, decision))


async def _how_to_justify(context: RequestContext, decision: Decision, *, has_page: bool) -> str:
    """How a reason can be given for what is held; empty where none can."""
    if decision.action is not Action.JUSTIFY or context.justifying is None or context.is_draft:
        return ""
    held = await context.justifying.hold(context, decision)
    if held is None:
        return ""
    reasons = context.rules.policy.justifications.reasons
    return context.notices.how_to_justify(held.code, held.minutes, reasons, page=has_page)


def _file_names(context: RequestContext, decision: Decision) -> list[str]:
    """The names of the files that a request was stopped for."""
    stopping = [context.findings[index] for index in blocked_findings(decision)]
    names = [context.file_name(finding) for finding in stopping] or [context.unread_name]
    found = [name or context.announced_name for name in names]
    return list(dict.fromkeys(filter(None, found)))


def _linked(context: RequestContext, notice: Notice, redacted: str = "", files: Sequence[str] = ()) -> Notice:
    """A notice with the address of a page on what happened, where notices have one."""
    link = context.links.make(context.id, redacted=redacted, files=files) if context.links else ""
    return context.notices.linked(notice, link) if link else notice


def _answer(context: RequestContext, body: Any, notice: Notice) -> Answer:
    request = context.request
    if context.is_draft:
        return context.format.refuse_draft(notice)
    return refuse_page(notice) if wants_page(request) else refuse_in_style(context.format, request, body, notice)


def _verdict(context: RequestContext, decision: Decision) -> Verdict:
    return Verdict(
        decision=decision,
        event=context.event(decision),
        findings=context.findings,
        prompt=context.prompt,
        shape=context.format,
        scope=context.scope,
        observed=context.purpose is Purpose.PROMPT and bool(context.request.body),
        quiet=context.incident.told,
        remind=_reminds(context),
    )


def _reminds(context: RequestContext) -> bool:
    """Only where the layer can be in the page: no answer of an API, or to an agent, is the place for it."""
    gate = context.acknowledging
    return gate is not None and context.destination.in_page and not context.is_draft and gate.lapses_soon(context)
