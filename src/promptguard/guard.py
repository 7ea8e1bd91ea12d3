"""The whole way of a request on one page: read, scan, decide, redact, answer, record.

No I/O library in here. What a request is read from, where the record goes and who the person is are given.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Protocol

from promptguard.audit.events import build_event, new_event_id
from promptguard.destinations.reading import Reading, read
from promptguard.destinations.registry import Registry
from promptguard.detectors.scanner import Scan, Scanner
from promptguard.detectors.shape import masked_shape
from promptguard.errors import NotRewritable, ScanFailed, Unreadable
from promptguard.model import (
    WEBSOCKET,
    Action,
    Circumstances,
    DataClass,
    Decision,
    Destination,
    Event,
    File,
    FileText,
    Finding,
    Identity,
    Inspection,
    Mark,
    Nature,
    Original,
    Position,
    Prompt,
    Purpose,
    Request,
    Restoration,
    Role,
    Route,
    Ruling,
    Segment,
    Verdict,
)
from promptguard.notices.page import refuse_page, wants_page
from promptguard.notices.writer import NoticeWriter
from promptguard.policy.policy import Policy
from promptguard.reasons import Code, Reason
from promptguard.redaction.redactor import Redactor
from promptguard.redaction.vault import Vault
from promptguard.wire.formats import Formats
from promptguard.wire.formats.interface import Format
from promptguard.wire.notice_styles import refuse
from promptguard.wire.signing import is_body_bound

_LONG_BODY = 100_000
"""Bytes beyond which a body is read in a thread. A compressed one may hold many times as much: it always is."""


class FileReader(Protocol):
    """What takes the text out of files."""

    async def read_file(self, data: bytes, name: str = "", media_type: str = "") -> list[FileText]:
        """All text in a file, piece by piece.

        Raises:
            Unreadable: not all of it can be taken out.
        """


class Record(Protocol):
    """Where decisions are recorded."""

    async def record(self, event: Event) -> None:
        """Return when the event is committed; raise when it cannot be."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one request."""

    body_bytes: int = 10 * 1024 * 1024
    """Longest body that is read, after decompression too."""
    deadline_seconds: float = 30.0
    """Longest time that reading files and scanning may take; then the prompt counts as not inspected."""
    record_seconds: float = 5.0
    """Longest time that recording a decision may take; then the request is refused."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a company configures. Replaced as a whole when its files change, so that one request sees one version."""

    registry: Registry
    policy: Policy
    redactor: Redactor
    notices: NoticeWriter


@dataclass(slots=True)
class _Way:
    """What becomes known about one request on its way."""

    id: str
    request: Request
    identity: Identity
    destination: Destination
    route: Route | None
    format: Format
    scanner: Scanner
    ruleset_version: str
    """Of the scanner, before it scans: what is taken up meanwhile does not count for this request."""
    problem: Reason | None
    reading: Reading | None = None
    scan: Scan | None = None
    latency: dict[str, float] = field(default_factory=dict)
    """Milliseconds by step."""

    @property
    def prompt(self) -> Prompt | None:
        return self.reading.prompt if self.reading else None

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.scan.findings if self.scan else ()

    @property
    def scope(self) -> str:
        """Placeholders mean the same for one person at one service, over turns and conversations."""
        return f"{self.identity.pseudonym}|{self.destination.id}"


class Guard:
    """Inspects requests to AI services.

    Args:
        rules: the company's configuration; assign `guard.rules` to replace it.
        formats: all wire formats.
        scanner: the detectors, started by the caller.
        vault: remembers what was redacted and what was blocked.
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
        vault: Vault,
        record: Record,
        file_reader: FileReader | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.rules = rules
        self.formats = formats
        self.scanner = scanner
        self.vault = vault
        self.record = record
        self.file_reader = file_reader
        self.limits = limits or Limits()

    async def inspect(
        self, request: Request, identity: Identity, destination: Destination, *, problem: Reason | None = None
    ) -> Verdict:
        """Take one request its whole way.

        Args:
            problem: why the request cannot be inspected, where the caller knows that already (too long a body).

        Raises:
            Exception: the decision could not be recorded. The request must not be forwarded then.
        """
        rules = self.rules
        route = rules.registry.route(destination, request.method, request.path)
        form = self.formats[route.format if route else destination.format]
        scanner = self.scanner
        way = _Way(
            new_event_id(), request, identity, destination, route, form, scanner, scanner.version, problem=problem
        )
        await self._read_and_scan(way)
        # What could not be read cannot be redacted either: a rule that says so blocks it.
        rewritable = not way.problem and not _is_bound(way)
        decision = await self._decide(rules, way, rewritable)
        verdict = None
        if decision.action is Action.REDACT and way.findings:
            try:
                verdict = await self._redact(rules, way, decision)
            except NotRewritable:
                decision = await self._decide(rules, way, False)
        if verdict is None:
            verdict = await self._pass_or_refuse(rules, way, decision)
        async with asyncio.timeout(self.limits.record_seconds):
            await self.record.record(verdict.event)
        return verdict

    async def _read_and_scan(self, way: _Way) -> None:
        started = perf_counter()
        try:
            if way.problem:
                raise Unreadable(way.problem)
            way.reading = await self._read(way)
            way.latency["read"] = _milliseconds(started)
            async with asyncio.timeout(self.limits.deadline_seconds):
                if way.reading.files:
                    started = perf_counter()
                    way.reading = await self._read_files(way.reading)
                    way.latency["files"] = _milliseconds(started)
                started = perf_counter()
                way.scan = await way.scanner.scan(way.reading.prompt.segments)
            way.latency["scan"] = _milliseconds(started)
            way.latency.update(way.scan.elapsed_ms)
        except (Unreadable, ScanFailed) as error:
            way.problem = error.reason
        except TimeoutError:
            way.problem = Reason(Code.SCAN_TIMEOUT, {"seconds": self.limits.deadline_seconds})
        except Exception as error:  # whatever a hostile body provokes, it must not pass uninspected
            way.problem = Reason(Code.SCAN_FAILED, {"error": type(error).__name__})

    async def _read(self, way: _Way) -> Reading:
        parts = (way.request, way.destination, way.route, self.formats, self.limits.body_bytes)
        # Reading megabytes takes up to a second, in which the event loop would serve nobody else.
        if len(way.request.body) > _LONG_BODY or "content-encoding" in way.request.headers:
            return await asyncio.to_thread(read, *parts)
        return read(*parts)

    async def _read_files(self, reading: Reading) -> Reading:
        """The reading with the texts of its files as segments after all others.

        One file after the other: a request with many of them does not keep others waiting.
        """
        segments = list(reading.prompt.segments)
        for file in reading.files:
            if self.file_reader is None:
                raise Unreadable(Code.FILE_NO_READER)
            texts = await self.file_reader.read_file(file.data, file.name, file.media_type)
            segments += [_file_segment(file, number, text) for number, text in enumerate(texts)]
        return replace(reading, prompt=replace(reading.prompt, segments=tuple(segments)))

    async def _decide(self, rules: Rules, way: _Way, rewritable: bool) -> Decision:
        """What policy says; a text that was blocked before and comes back as history is redacted instead."""
        started = perf_counter()
        circumstances = self._circumstances(way, rewritable)
        decision = rules.policy.decide(circumstances, way.findings, way.prompt)
        if decision.action is Action.BLOCK and way.prompt and way.findings and rewritable:
            returned = await self._returned(way, decision)
            if returned:
                decision = _soften(rules.policy, circumstances, way.findings, way.prompt, decision, returned)
        way.latency["decide"] = _milliseconds(started)
        return decision

    async def _returned(self, way: _Way, decision: Decision) -> frozenset[int]:
        """Indexes of findings that were blocked before and now stand in the conversation so far."""
        assert way.prompt is not None
        candidates = [
            index
            for index, (finding, ruling) in enumerate(zip(way.findings, decision.rulings, strict=True))
            if ruling.action is Action.BLOCK
            and ruling.enforced
            and way.prompt.segments[finding.segment].position is Position.HISTORY
        ]
        if not candidates:
            return frozenset()
        fingerprints = {way.findings[index].fingerprint for index in candidates}
        blocked = await self.vault.marked(way.scope, Mark.BLOCKED, fingerprints)
        return frozenset(index for index in candidates if way.findings[index].fingerprint in blocked)

    async def _redact(self, rules: Rules, way: _Way, decision: Decision) -> Verdict:
        assert way.reading is not None
        started = perf_counter()
        chosen = [
            finding
            for finding, ruling in zip(way.findings, decision.rulings, strict=True)
            if ruling.action is Action.REDACT and ruling.enforced
        ]
        if any(not _is_rewritable(way.reading.prompt.segments[finding.segment]) for finding in chosen):
            raise NotRewritable(Code.REWRITE_FIXED)
        originals = await self.vault.issued(way.scope)
        known = _texts(originals)
        redaction = rules.redactor.redact(way.reading.prompt.segments, chosen, way.scope, known)
        body, query = way.reading.document.replace(redaction.texts)
        issued = {**redaction.issued, **{placeholder: originals[placeholder] for placeholder in redaction.again}}
        if issued:
            await self.vault.remember(way.scope, issued)
        way.latency["redact"] = _milliseconds(started)
        return Verdict(
            decision=decision,
            event=self._event(rules, way, decision),
            findings=way.findings,
            prompt=way.prompt,
            body=body,
            query=query,
            notice=rules.notices.redacted(way.id, chosen, way.reading.prompt),
            header=rules.notices.header("redacted", way.id, chosen),
            restoration=Restoration({**known, **_texts(redaction.issued)}),
            shape=way.format,
        )

    async def _pass_or_refuse(self, rules: Rules, way: _Way, decision: Decision) -> Verdict:
        verdict = Verdict(
            decision=decision,
            event=self._event(rules, way, decision),
            findings=way.findings,
            prompt=way.prompt,
            restoration=Restoration(_texts(await self.vault.issued(way.scope))),
            shape=way.format,
        )
        if decision.action is Action.NOTIFY:
            return replace(verdict, header=rules.notices.header("notify", way.id, way.findings))
        if decision.action.severity < Action.JUSTIFY.severity:
            return verdict
        fingerprints = [
            finding.fingerprint
            for finding, ruling in zip(way.findings, decision.rulings, strict=True)
            if ruling.action is Action.BLOCK and ruling.enforced
        ]
        if fingerprints:
            await self.vault.remember_marks(way.scope, Mark.BLOCKED, fingerprints)
        notice = rules.notices.refused(way.id, decision, self._circumstances(way, True), way.findings, way.prompt)
        body = way.reading.document.body if way.reading else None
        return replace(
            verdict,
            notice=notice,
            answer=refuse_page(notice) if wants_page(way.request) else refuse(way.format, way.request, body, notice),
            messages=way.format.refuse_message(body, notice) if way.request.method == WEBSOCKET else (),
            restoration=Restoration({}),
        )

    def _circumstances(self, way: _Way, rewritable: bool) -> Circumstances:
        return Circumstances(
            identity=way.identity,
            destination=way.destination,
            purpose=way.route.purpose if way.route else Purpose.PROMPT,
            inspection=Inspection.NOT_INSPECTED if way.problem else Inspection.INSPECTED,
            problem=way.problem,
            rewritable=rewritable,
        )

    def _event(self, rules: Rules, way: _Way, decision: Decision) -> Event:
        return build_event(
            id=way.id,
            circumstances=self._circumstances(way, True),
            prompt=way.prompt,
            findings=way.findings,
            shapes=_shapes(way),
            decision=decision,
            detectors=way.scan.detectors if way.scan else (),
            policy_version=rules.policy.version,
            policy_hash=rules.policy.hash,
            ruleset_version=way.ruleset_version,
            method=way.request.method,
            host=way.request.host,
            route=way.route.path if way.route else "",
            format=way.format.id,
            body_bytes=len(way.request.body),
            latency_ms=way.latency,
        )


def _is_bound(way: _Way) -> bool:
    """Whether the service would refuse the request if its body were another."""
    request = way.request
    return way.destination.body_signed or way.format.is_body_bound(request) or is_body_bound(request.headers)


def _is_rewritable(segment: Segment) -> bool:
    return segment.nature is Nature.TEXT and not segment.fixed


def _texts(issued: Mapping[str, Original]) -> dict[str, str]:
    """Placeholder to the text it stands for."""
    return {placeholder: original.text for placeholder, original in issued.items()}


def _file_segment(file: File, number: int, text: FileText) -> Segment:
    return Segment((*file.path, number), text.text, Role.FILE, file.position, text.label)


def _soften(
    policy: Policy,
    circumstances: Circumstances,
    findings: Sequence[Finding],
    prompt: Prompt,
    decision: Decision,
    returned: frozenset[int],
) -> Decision:
    """The decision without the returned findings, which are redacted wherever they stand."""
    others = [finding for index, finding in enumerate(findings) if index not in returned]
    rest = policy.decide(circumstances, others, prompt)
    rulings: list[Ruling] = []
    remaining = iter(rest.rulings)
    for index, ruling in enumerate(decision.rulings):
        if index in returned:
            rulings.append(replace(ruling, action=Action.REDACT, adjusted=Reason(Code.DECISION_RETURNED)))
        else:
            rulings.append(next(remaining))
    if rest.action.severity >= Action.REDACT.severity:
        return replace(rest, rulings=tuple(rulings))
    softened = next(rulings[index] for index in sorted(returned))
    return replace(
        rest,
        action=Action.REDACT,
        rule=softened.rule,
        reason=softened.reason,
        adjusted=softened.adjusted,
        rulings=tuple(rulings),
        announce=False,
    )


def _shapes(way: _Way) -> list[str]:
    """The masked shape of each finding's value, which is all of it that the record may hold."""
    if way.prompt is None:
        return []
    segments = way.prompt.segments
    return [
        ""
        if finding.data_class is DataClass.CREDENTIALS
        else masked_shape(segments[finding.segment].text[finding.start : finding.end])
        for finding in way.findings
    ]


def _milliseconds(started: float) -> float:
    return round((perf_counter() - started) * 1000, 3)
