"""What becomes known about one request on its way, and what knows more of whoever sent it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import NamedTuple, Protocol

from promptguard.audit.events import build_event
from promptguard.destinations.reading import Reading
from promptguard.detectors.scanner import Scan, Scanner
from promptguard.detectors.shape import masked_shape
from promptguard.errors import Unreadable
from promptguard.inspection.incidents import NO_INCIDENT, Incident
from promptguard.inspection.interface import NoticeLinks
from promptguard.inspection.rules import Rules
from promptguard.model import (
    Allowed,
    Circumstances,
    DataClass,
    Decision,
    Destination,
    Event,
    File,
    Finding,
    Identity,
    Inspection,
    Nature,
    Notice,
    Path,
    Prompt,
    Purpose,
    Recalled,
    Request,
    Role,
    Route,
    Segment,
)
from promptguard.notices.writer import NoticeWriter
from promptguard.policy.justifications import Granted
from promptguard.policy.standing import NOTHING_STANDS, PolicyUnderOrders, Standing
from promptguard.reasons import Reason
from promptguard.redaction.issued import Issued
from promptguard.redaction.known import Known
from promptguard.wire.formats.interface import Format
from promptguard.wire.parts import Part
from promptguard.wire.signing import is_body_bound


class HeldFor(NamedTuple):
    """How a reason can be given for a request that is held."""

    code: str
    """Empty where it cannot be given in a message."""
    minutes: int
    """For so long it can."""


class Justifying(Protocol):
    """What knows of requests that were held for a reason, and of reasons that were given."""

    async def granted(self, context: RequestContext) -> Granted:
        """What reasons let pass of a request: nothing where that cannot be known."""

    async def hold(self, context: RequestContext, decision: Decision) -> HeldFor | None:
        """Hold a request for a reason; None where none can be given."""


class Acknowledging(Protocol):
    """What knows who has acknowledged the company's document."""

    async def missing(self, context: RequestContext) -> Reason | None:
        """Why nothing goes from this person yet; None where it does.

        Raises:
            StorageError: that cannot be known.
        """

    def lapses_soon(self, context: RequestContext) -> bool:
        """Whether to remind the person of a request that an acknowledgement lapses. Looks nothing up."""


class ReadFile(NamedTuple):
    """A file of a request, and which segments are its texts."""

    file: File
    segments: range


class Restated(NamedTuple):
    """A request without the words in it that were for PromptGuard, as it is sent on where nothing else changes it."""

    body: bytes | None
    query: str | None
    headers: Mapping[str, str]


@dataclass(slots=True)
class RequestContext:
    """What becomes known about one request on its way."""

    id: str
    request: Request
    identity: Identity
    destination: Destination
    route: Route | None
    format: Format
    rules: Rules
    scanner: Scanner
    ruleset_version: str
    """Of the scanner, before it scans: what is reloaded meanwhile does not count for this request."""
    problem: Reason | None
    links: NoticeLinks | None = None
    """None where notices have no links."""
    standing: Standing = NOTHING_STANDS
    """What people have ordered beside the policy."""
    now: str = ""
    """When the request came, as `Event.time`: what is in force is so then."""
    acknowledging: Acknowledging | None = None
    """None where nothing has to be acknowledged."""
    justifying: Justifying | None = None
    """None where no reason can be given."""
    reason_problem: Reason | None = None
    """Why a reason that the request gives does not count."""
    restated: Restated | None = None
    """How it is sent on, where it had words for PromptGuard in it."""
    before: Sequence[Segment] = ()
    """Texts that were sent before on the same connection: what they begin, this request may end."""
    end_before: str = field(default="", repr=False)
    """The end of the piece before this one, where the request is a piece of an upload."""
    unread: Unreadable | None = None
    """The first file that could not be read in full; what was read of it is scanned all the same."""
    unread_name: str = field(default="", repr=False)
    """Its name."""
    stopped: Notice | None = None
    """What was said about a file that was stopped before and that this request names."""
    announced_name: str = field(default="", repr=False)
    """Of the file that the body is, as another request announced it."""
    unwritable: Reason | None = None
    """Why no other body could be written, where that was tried."""
    reading: Reading | None = None
    left_out: dict[Path, Part] = field(default_factory=dict)
    """By path, what stands in the place of files that were refused before and are history now."""
    unread_files: list[File] = field(default_factory=list)
    """Those that could not be read in full."""
    files: list[ReadFile] = field(default_factory=list)
    """Those that were read, in the order of their segments."""
    scan: Scan | None = None
    uncovered_languages: tuple[str, ...] = ()
    """Languages of its texts in which persons are not looked for."""
    findings: tuple[Finding, ...] = ()
    """What was found and is a leak, in the order of the segments."""
    allowed: tuple[Allowed, ...] = ()
    """What passes by an entry of the allow list, in the order of the segments."""
    opaque: tuple[Finding, ...] = ()
    """Bytes in which nobody can read anything, and that the service did not answer itself."""
    recalled: Mapping[int, Recalled] = field(default_factory=dict)
    """By index, the findings that are originals of the scope."""
    known: Known = field(default_factory=lambda: Known.of({}))
    """Placeholder to original, issued in the scope before."""
    blocked: frozenset[str] = frozenset()
    """Fingerprints of what was blocked in the scope before."""
    incident: Incident = NO_INCIDENT
    """Where the decision belongs."""
    latency: dict[str, float] = field(default_factory=dict)
    """Milliseconds by step."""

    @property
    def prompt(self) -> Prompt | None:
        """What the request says; None where it could not be read."""
        return self.reading.prompt if self.reading else None

    @property
    def segments(self) -> Sequence[Segment]:
        """The texts of the request."""
        return self.reading.prompt.segments if self.reading else ()

    @property
    def notices(self) -> NoticeWriter:
        """What writes in the language of the person who sent it."""
        return self.rules.notices.for_reader(self.identity.language, self.request.headers.get("accept-language", ""))

    @property
    def scope(self) -> str:
        """Placeholders mean the same for one person at one service, over turns and conversations."""
        return f"{self.identity.pseudonym}|{self.destination.id}"

    @property
    def is_draft(self) -> bool:
        """Whether it tells the service what somebody is still typing."""
        return self.format.is_draft(self.request)

    @property
    def purpose(self) -> Purpose:
        """What the request's path is for."""
        return self.route.purpose if self.route else Purpose.PROMPT

    @property
    def originals(self) -> Issued:
        """Placeholder to the text it stands for."""
        return self.known.texts

    @property
    def inspection(self) -> Inspection:
        """Whether every text of the request was read and scanned."""
        if not self.problem:
            return Inspection.INSPECTED
        partly = self.unread is not None and self.unread.partly and self.problem is self.unread.reason
        return Inspection.PARTLY_INSPECTED if partly else Inspection.NOT_INSPECTED

    @property
    def is_rewritable(self) -> bool:
        """Whether another body could be sent: it was read, and nothing in the request is bound to it."""
        bound = self.destination.body_signed or self.format.is_body_bound(self.request)
        return not (self.problem or bound or is_body_bound(self.request))

    def value(self, finding: Finding) -> str:
        """What was found."""
        return self.segments[finding.segment].text[finding.start : finding.end]

    def is_in_file(self, segment: int) -> bool:
        """Whether a segment is a text of a file."""
        return bool(self.files) and self.files[0].segments.start <= segment < self.files[-1].segments.stop

    def file_name(self, finding: Finding) -> str:
        """The name of the file that a finding stands in; empty where it stands in none, or the name tells a value."""
        if self.segments[finding.segment].role is not Role.FILE or self.reading is None:
            return ""
        read = next((each.file for each in self.files if finding.segment in each.segments), None)
        name = read.name if read else self.reading.document.file_name(finding.segment)
        return "" if any(self.value(each) in name for each in self.findings) else name

    def can_replace(self, finding: Finding) -> bool:
        """Whether something else may stand where a finding does."""
        segment = self.segments[finding.segment]
        return segment.nature is Nature.TEXT and not segment.fixed

    def circumstances(self, *, rewritable: bool = True) -> Circumstances:
        """Everything that policy may look at, besides what was found."""
        return Circumstances(
            identity=self.identity,
            destination=self.destination,
            purpose=self.purpose,
            inspection=self.inspection,
            problem=self.problem,
            rewritable=rewritable,
            unwritable=self.unwritable,
            uncovered_languages=self.uncovered_languages,
        )

    @property
    def policy(self) -> PolicyUnderOrders:
        """The policy, and what people have ordered beside it."""
        return PolicyUnderOrders(self.rules.policy, self.standing, self.now)

    def took(self, step: str, started: float) -> None:
        """Note how long a step took that began at `started` (of `perf_counter`)."""
        self.latency[step] = round((perf_counter() - started) * 1000, 3)

    def event(self, decision: Decision) -> Event:
        """What is recorded of the request."""
        policy = self.rules.policy
        return build_event(
            id=self.id,
            circumstances=self.circumstances(),
            prompt=self.prompt,
            findings=self.findings,
            shapes=self._shapes(),
            allowed=self.allowed,
            decision=decision,
            detectors=self.scan.detectors if self.scan else (),
            policy_version=policy.version,
            policy_hash=policy.hash,
            ruleset_version=self.ruleset_version,
            method=self.request.method,
            host=self.request.host,
            route=self.route.path if self.route else "",
            format=self.format.id,
            body_bytes=len(self.request.body),
            latency_ms=self.latency,
            incident=self.incident.id,
        )

    def _shapes(self) -> list[str]:
        """The masked shape of each finding's value, which is all of it that the record may hold."""
        return [
            "" if finding.data_class is DataClass.CREDENTIALS or finding.hidden else masked_shape(self.value(finding))
            for finding in self.findings
        ]
