"""The whole way of a request on one page: read, scan, decide, redact or refuse, record.

No I/O library in here. What a request is read from, where the record goes and who the person is are given.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from promptguard.audit.events import new_event_id, timestamp
from promptguard.destinations.sightings import Sightings
from promptguard.detectors.scanner import Scanner
from promptguard.errors import NotRewritable, ReasonedError
from promptguard.inspection.acknowledging import AcknowledgementGate
from promptguard.inspection.carrying_out import carry_out
from promptguard.inspection.context import RequestContext
from promptguard.inspection.coverage import note_coverage
from promptguard.inspection.deciding import decide
from promptguard.inspection.evidence import Evidence, with_evidence
from promptguard.inspection.incidents import Incidents
from promptguard.inspection.interface import FileReader, NoticeLinks, Record
from promptguard.inspection.justifying import Justifier
from promptguard.inspection.learning import Learning
from promptguard.inspection.reading import RequestReader
from promptguard.inspection.rules import Acknowledged, Copies, Limits, Rules
from promptguard.inspection.scanning import scan
from promptguard.inspection.second_looks import SecondLooks
from promptguard.inspection.uploads import Uploads
from promptguard.model import Action, Decision, Destination, Identity, Request, Segment, Status, Verdict
from promptguard.policy.standing import NOTHING_STANDS, Standing
from promptguard.reasons import Code, Reason
from promptguard.redaction.scope_memory import ScopeMemory
from promptguard.wire.formats import Formats

__all__ = [
    "Acknowledged",
    "AcknowledgementGate",
    "Copies",
    "FileReader",
    "Guard",
    "Justifier",
    "Limits",
    "Record",
    "Rules",
    "SecondLooks",
]


class Guard:
    """Inspects requests to AI services.

    Args:
        rules: the company's configuration; assign `guard.rules` to replace it.
        formats: all wire formats.
        scanner: the detectors, started by the caller; assign `guard.scanner` to replace them.
        memory: remembers by scope what was redacted, refused and answered.
        record: where decisions go; nothing is returned before the decision is recorded.
        file_reader: takes the text out of files; without one, a request with a file in it cannot be read in full.
        limits: bounds on one request.
        sightings: counts requests that no format describes.
        evidence: seals what was found, and keeps it before the decision is recorded; without one, none is kept.
        links: makes the pages that notices lead to; None for notices without a link.
        second_looks: look at requests again that were sent on; None where nothing does.
        standing: what people have ordered beside the policy; assign `guard.standing` to replace it.
        clock: the time, with a time zone: orders expire by it.
        acknowledgements: asks for them, where the rules name a document; None where nobody has to give one.
        justifier: takes reasons for what is held for one; without it, none can be given.
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
        sightings: Sightings | None = None,
        evidence: Evidence | None = None,
        links: NoticeLinks | None = None,
        second_looks: SecondLooks | None = None,
        standing: Standing = NOTHING_STANDS,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        justifier: Justifier | None = None,
        acknowledgements: AcknowledgementGate | None = None,
    ) -> None:
        self.rules = rules
        self.formats = formats
        self.scanner = scanner
        self.memory = memory
        self.record = record
        self.evidence = evidence
        self.limits = limits or Limits()
        self.links = links
        self.second_looks = second_looks
        self.standing = standing
        self._clock = clock
        self.justifier = justifier
        self.acknowledgements = acknowledgements
        self._reader = RequestReader(formats, memory, file_reader, self.limits.body_bytes)
        self._learning = Learning(memory)
        self._uploads = Uploads()
        self._incidents = Incidents()
        self._sightings = Sightings() if sightings is None else sightings

    async def inspect(
        self,
        request: Request,
        identity: Identity,
        destination: Destination,
        *,
        problem: Reason | None = None,
        before: Sequence[Segment] = (),
    ) -> Verdict:
        """Take one request its whole way.

        Args:
            problem: why the request cannot be inspected, where the caller knows that already (too long a body).
            before: texts that were sent before on the same connection (`running_text.remembered`).

        Raises:
            Exception: the decision could not be recorded, or its evidence not be kept. The request must not be
                forwarded then.
        """
        context = self._receive(request, identity, destination, problem)
        context.before = before
        context.end_before = self._uploads.end_before(context)
        await self._read_and_scan(context)
        context.announced_name = self._uploads.name_of(context)
        try:
            decision = self._as_before(context, await decide(context, self.memory, rewritable=context.is_rewritable))
            self._place(context, decision)
            verdict = await carry_out(context, self.memory, self._reader, decision)
        except NotRewritable as error:
            context.unwritable = error.reason
            decision = await decide(context, self.memory, rewritable=False)
            verdict = await carry_out(context, self.memory, self._reader, decision)
        async with asyncio.timeout(self.limits.record_seconds):
            verdict = await with_evidence(context, verdict, self.evidence)
            await self.record.record(verdict.event)
        self._uploads.note(context, decision, verdict.notice)
        note_coverage(context, self._sightings)
        if self.second_looks is not None:
            self.second_looks.offer(context, verdict)
        return verdict

    def _as_before(self, context: RequestContext, decision: Decision) -> Decision:
        """The decision on a file that was stopped before, for a request that names it."""
        stopped = self._uploads.stopped(context)
        if stopped is None or decision.action.severity >= Action.JUSTIFY.severity:
            return decision
        context.stopped = stopped.once_more(context.id)
        return replace(decision, action=Action.BLOCK, rule=stopped.decision.rule, reason=stopped.decision.reason)

    async def reminder(self, id: str, identity: Identity, accept_language: str = "") -> str:
        """What the layer in a page reminds a person of now, in words, once a day; empty for nothing.

        Args:
            id: of the decision whose verdict said that there may be something (`Verdict.remind`).

        Raises:
            StorageError: it cannot be known whether that was said today.
        """
        gate, asked = self.acknowledgements, self.rules.acknowledged
        if gate is None or asked is None:
            return ""
        until = await gate.remind(identity.pseudonym, asked.document, timestamp(self._clock()))
        if not until:
            return ""
        link = self.links.make(id, redacted="", files=()) if self.links else ""
        return self.rules.notices.for_reader(identity.language, accept_language).reminder(until, link)

    def observe(self, verdict: Verdict, *, content_type: str, content_encoding: str, body: bytes) -> None:
        """Learn from an answer, as the service sent it, nothing put back. Returns at once, and never raises."""
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
        standing, now = self.standing, timestamp(self._clock())
        destination = standing.statuses.judged(destination, now)
        if rules.workspaces.is_other_account(request, identity.groups):
            handling = destination.data_handling.of_other_account()
            destination = replace(destination, status=Status.PERSONAL_ACCOUNT, data_handling=handling)
        id = new_event_id()
        return RequestContext(
            id,
            request,
            identity,
            destination,
            route,
            wire_format,
            rules,
            scanner,
            scanner.version,
            problem,
            self.links,
            standing=standing,
            now=now,
            acknowledging=self.acknowledgements,
            justifying=self.justifier,
        )

    def _place(self, context: RequestContext, decision: Decision) -> None:
        if context.findings and not (decision.action is Action.ALLOW and decision.would is None):
            values = frozenset(finding.fingerprint for finding in context.findings)
            context.incident = self._incidents.place(context.scope, context.id, values, draft=context.is_draft)

    async def _read_and_scan(self, context: RequestContext) -> None:
        """Whatever goes wrong here makes the request one that was not inspected."""
        try:
            await self._reader.read(context)
            async with asyncio.timeout(self.limits.deadline_seconds):
                await self._learning.settled(context.scope)
                if self.justifier is not None:
                    await self.justifier.take_up(context, self._reader)
                await self._reader.read_files(context)
                await self._reader.recognise_seals(context)
                await scan(context, self.memory)
            if context.unread:
                raise context.unread
        except ReasonedError as error:
            context.problem = error.reason
        except TimeoutError:
            context.problem = Reason(Code.SCAN_TIMEOUT, {"seconds": self.limits.deadline_seconds})
        except Exception as error:  # whatever a hostile body provokes, it must not pass uninspected
            context.problem = Reason(Code.SCAN_FAILED, {"error": type(error).__name__})
