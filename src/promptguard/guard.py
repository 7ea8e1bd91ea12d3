"""The whole way of a request on one page: read, scan, decide, redact, answer, record.

No I/O library in here. What a request is read from, where the record goes and who the person is are given.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

from promptguard.audit.events import new_event_id
from promptguard.destinations.reading import Reading, read
from promptguard.detectors.names.lexicon import is_common_word
from promptguard.detectors.scanner import Scanner
from promptguard.errors import NotRewritable, ReasonedError, Unreadable
from promptguard.guard_context import FileReader, Limits, Record, RequestContext, Rules
from promptguard.learning import Learning
from promptguard.model import (
    WEBSOCKET,
    Action,
    Decision,
    Destination,
    File,
    FileText,
    Finding,
    Identity,
    Nature,
    Purpose,
    Request,
    Restoration,
    Role,
    Segment,
    Verdict,
)
from promptguard.notices.page import refuse_page, wants_page
from promptguard.policy.history import blocked_findings, is_history, own_lines, soften, texts_after
from promptguard.reasons import Code, Reason
from promptguard.redaction.scope_memory import ScopeMemory
from promptguard.wire.formats import Formats
from promptguard.wire.notice_styles import refuse

__all__ = ["FileReader", "Guard", "Limits", "Record", "Rules"]

_LONG_BODY = 100_000
"""Bytes beyond which a body is read in a thread. A compressed one may hold many times as much: it always is."""


class Guard:
    """Inspects requests to AI services.

    Args:
        rules: the company's configuration; assign `guard.rules` to replace it.
        formats: all wire formats.
        scanner: the detectors, started by the caller.
        memory: remembers by scope what was redacted, refused and answered.
        record: where decisions go; nothing is returned before the decision is recorded.
        file_reader: takes the text out of files; without one, a request with a file in it cannot be read in full.
        limits: bounds on one request.
    """

    def __init__(
        self,
        rules: Rules,
        *,
        formats: Formats,
        scanner: Scanner,
        memory: ScopeMemory,
        record: Record,
        file_reader: FileReader | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.rules = rules
        self.formats = formats
        self.scanner = scanner
        self.memory = memory
        self.record = record
        self.file_reader = file_reader
        self.limits = limits or Limits()
        self._learning = Learning(memory)

    async def inspect(
        self, request: Request, identity: Identity, destination: Destination, *, problem: Reason | None = None
    ) -> Verdict:
        """Take one request its whole way.

        Args:
            problem: why the request cannot be inspected, where the caller knows that already (too long a body).

        Raises:
            Exception: the decision could not be recorded. The request must not be forwarded then.
        """
        context = self._receive(request, identity, destination, problem)
        await self._read_and_scan(context)
        decision = await self._decide(context, rewritable=context.is_rewritable)
        try:
            verdict = await self._carry_out(context, decision)
        except NotRewritable:
            verdict = await self._carry_out(context, await self._decide(context, rewritable=False))
        async with asyncio.timeout(self.limits.record_seconds):
            await self.record.record(verdict.event)
        return verdict

    def observe(self, verdict: Verdict, *, content_type: str, content_encoding: str, body: bytes) -> None:
        """Learn from an answer, as the client received it. Returns at once, and never raises."""
        self._learning.from_answer(verdict, content_type, content_encoding, body)

    def observe_messages(self, verdict: Verdict, messages: Sequence[bytes]) -> None:
        """Learn from WebSocket messages of the service. Returns at once, and never raises."""
        self._learning.from_messages(verdict, messages)

    def _receive(
        self, request: Request, identity: Identity, destination: Destination, problem: Reason | None
    ) -> RequestContext:
        rules, scanner = self.rules, self.scanner
        route = rules.registry.route(destination, request.method, request.path)
        wire_format = self.formats[route.format if route else destination.format]
        id = new_event_id()
        return RequestContext(
            id, request, identity, destination, route, wire_format, rules, scanner, scanner.version, problem
        )

    async def _read_and_scan(self, context: RequestContext) -> None:
        """Whatever goes wrong here makes the request one that was not inspected."""
        try:
            if context.problem:
                raise Unreadable(context.problem)
            started = perf_counter()
            context.reading = await self._read(context)
            context.took("read", started)
            async with asyncio.timeout(self.limits.deadline_seconds):
                await self._read_files(context)
                await self._recognise_seals(context)
                started = perf_counter()
                context.scan = await context.scanner.scan(context.segments)
                context.took("scan", started)
                context.latency.update(context.scan.elapsed_ms)
                await self._weigh(context, context.scan.findings)
        except ReasonedError as error:
            context.problem = error.reason
        except TimeoutError:
            context.problem = Reason(Code.SCAN_TIMEOUT, {"seconds": self.limits.deadline_seconds})
        except Exception as error:  # whatever a hostile body provokes, it must not pass uninspected
            context.problem = Reason(Code.SCAN_FAILED, {"error": type(error).__name__})

    async def _read(self, context: RequestContext) -> Reading:
        request = context.request
        parts = (request, context.destination, context.route, self.formats, self.limits.body_bytes)
        # Reading megabytes takes up to a second, in which the event loop would serve nobody else.
        if len(request.body) > _LONG_BODY or "content-encoding" in request.headers:
            return await asyncio.to_thread(read, *parts)
        return read(*parts)

    async def _read_files(self, context: RequestContext) -> None:
        """Add the texts of the request's files as segments after all others.

        One file after the other: a request with many of them does not keep others waiting.
        """
        assert context.reading is not None
        if not context.reading.files:
            return
        started = perf_counter()
        segments = list(context.segments)
        for file in context.reading.files:
            if self.file_reader is None:
                raise Unreadable(Code.FILE_NO_READER)
            texts = await self.file_reader.read_file(file.data, file.name, file.media_type)
            segments += [_file_segment(file, number, text) for number, text in enumerate(texts)]
        context.reading = context.reading.with_segments(segments)
        context.took("files", started)

    async def _recognise_seals(self, context: RequestContext) -> None:
        """Take for sealed what the service is known to have issued; all else that claims to be is text."""
        claims = {segment.text for segment in context.segments if segment.sealed_if_issued}
        if not claims:
            return
        assert context.reading is not None
        await self._learning.settled(context.scope)
        sealed = await self.memory.sealed(context.scope, claims)
        context.reading = context.reading.with_segments(
            replace(segment, nature=Nature.SEALED) if segment.sealed_if_issued and segment.text in sealed else segment
            for segment in context.segments
        )

    async def _weigh(self, context: RequestContext, findings: Sequence[Finding]) -> None:
        """What of the findings is a leak, and what else is: the service's own words are none, known originals are."""
        await self._learning.settled(context.scope)
        context.known = await self.memory.issued(context.scope)
        segments, originals = context.segments, context.originals
        own = await self.memory.answered(context.scope, segments, findings)
        replaced = set(originals.values())
        leaks = [
            finding for index, finding in enumerate(findings) if index not in own or context.value(finding) in replaced
        ]
        recalled = context.rules.redactor.recall(segments, originals, is_common_word)
        context.findings, context.recalled = context.scanner.with_recalled(segments, leaks, recalled, context.known)

    async def _decide(self, context: RequestContext, *, rewritable: bool) -> Decision:
        """What policy says; what was refused before and comes back as history is redacted instead."""
        started = perf_counter()
        policy, prompt = context.rules.policy, context.prompt
        circumstances = context.circumstances(rewritable=rewritable)
        decision = policy.decide(circumstances, context.findings, prompt)
        if decision.action is Action.BLOCK and prompt and rewritable:
            returned = await self._returned(context, decision)
            if returned:
                decision = soften(policy, circumstances, context.findings, prompt, decision, returned)
        context.took("decide", started)
        return decision

    async def _returned(self, context: RequestContext, decision: Decision) -> list[int]:
        """Indexes of findings that were blocked before and now stand in the conversation so far."""
        findings, segments = context.findings, context.segments
        blocking = blocked_findings(decision)
        blocked = await self.memory.blocked(context.scope, {findings[index].fingerprint for index in blocking})
        candidates = [index for index in blocking if findings[index].fingerprint in blocked]
        asked = {
            text
            for index in candidates
            for text in (*own_lines(findings[index], segments), *texts_after(findings[index], segments))
        }
        refused = await self.memory.refused(context.scope, asked)
        return [index for index in candidates if is_history(findings[index], segments, refused)]

    async def _carry_out(self, context: RequestContext, decision: Decision) -> Verdict:
        if decision.action is Action.REDACT and context.findings:
            return await self._redact(context, decision)
        if decision.action.severity >= Action.JUSTIFY.severity:
            return await self._refuse(context, decision)
        header = ""
        if decision.action is Action.NOTIFY:
            header = context.rules.notices.header("notify", context.id, context.findings)
        return replace(_verdict(context, decision), header=header, restoration=Restoration(context.originals))

    async def _redact(self, context: RequestContext, decision: Decision) -> Verdict:
        assert context.reading is not None
        started = perf_counter()
        rules, originals = context.rules, context.originals
        chosen = _ruled(context, decision, Action.REDACT)
        findings = [context.findings[index] for index in chosen]
        if not all(map(context.can_replace, findings)):
            raise NotRewritable(Code.REWRITE_FIXED)
        new = [context.findings[index] for index in chosen if index not in context.recalled]
        again = [context.recalled[index] for index in chosen if index in context.recalled]
        redaction = rules.redactor.redact(context.segments, new, context.scope, originals, again)
        body, query = context.reading.document.replace(redaction.texts)
        once_more = {placeholder: context.known[placeholder] for placeholder in redaction.again}
        await self.memory.remember(context.scope, {**redaction.issued, **once_more})
        issued = {placeholder: original.text for placeholder, original in redaction.issued.items()}
        context.took("redact", started)
        return replace(
            _verdict(context, decision),
            body=body,
            query=query,
            notice=rules.notices.redacted(context.id, findings, context.prompt),
            header=rules.notices.header("redacted", context.id, findings),
            restoration=Restoration({**originals, **issued}),
        )

    async def _refuse(self, context: RequestContext, decision: Decision) -> Verdict:
        request, wire_format, findings = context.request, context.format, context.findings
        fingerprints = {findings[index].fingerprint for index in blocked_findings(decision)}
        await self.memory.refuse(context.scope, fingerprints, (segment.text for segment in context.segments))
        notice = context.rules.notices.refused(context.id, decision, context.circumstances(), findings, context.prompt)
        body = context.reading.document.body if context.reading else None
        return replace(
            _verdict(context, decision),
            notice=notice,
            answer=refuse_page(notice) if wants_page(request) else refuse(wire_format, request, body, notice),
            messages=wire_format.refuse_message(body, notice) if request.method == WEBSOCKET else (),
            observed=False,
        )


def _verdict(context: RequestContext, decision: Decision) -> Verdict:
    return Verdict(
        decision=decision,
        event=context.event(decision),
        findings=context.findings,
        prompt=context.prompt,
        shape=context.format,
        scope=context.scope,
        observed=context.purpose is Purpose.PROMPT and bool(context.request.body),
    )


def _ruled(context: RequestContext, decision: Decision, action: Action) -> list[int]:
    """Indexes of the findings for which this is done."""
    return [index for index, ruling in enumerate(decision.rulings) if ruling.action is action and ruling.enforced]


def _file_segment(file: File, number: int, text: FileText) -> Segment:
    return Segment((*file.path, number), text.text, Role.FILE, file.position, text.label)
