"""The nouns that all rooms share: plain frozen values, no I/O and no third-party types.

Offsets are in characters (Unicode code points) of the text they refer to, start inclusive and end exclusive.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Protocol, runtime_checkable

from promptguard.reasons import Reason

type Path = tuple[str | int, ...]
"""Where a text stands in a request. Only the document that issued a path can read it."""


class DataClass(StrEnum):
    """What kind of data a finding is, in the words of our users' own AI policies."""

    PERSONAL_DATA = "personal_data"
    CREDENTIALS = "credentials"
    TENANT_DATA = "tenant_data"
    ACCESS_LOGS = "access_logs"
    CONFIDENTIAL_RECORDS = "confidential_records"
    SOURCE_CODE = "source_code"


class Action(StrEnum):
    """What happens to one request, from the mildest to the strictest."""

    ALLOW = "allow"
    NOTIFY = "notify"
    """Allow, and tell the person."""
    REDACT = "redact"
    JUSTIFY = "justify"
    """Hold until the person gives a reason."""
    BLOCK = "block"

    @property
    def severity(self) -> int:
        """0 for the mildest action; the strictest action of a request wins."""
        return _SEVERITY[self]


_SEVERITY = {action: rank for rank, action in enumerate(Action)}


class Status(StrEnum):
    """How far a company has approved an AI service."""

    APPROVED = "approved"
    APPROVED_WITH_LIMITS = "approved_with_limits"
    UNDER_REVIEW = "under_review"
    UNREVIEWED = "unreviewed"
    PROHIBITED = "prohibited"


class Kind(StrEnum):
    """What sort of AI service a destination is."""

    WEB_CHAT = "web_chat"
    API = "api"
    CODING_TOOL = "coding_tool"
    MEETING = "meeting"
    """Transcribes and sums up what is said in meetings."""
    WRITING = "writing"
    """Corrects, rewrites or translates what is typed."""
    MEDIA = "media"
    """Makes or edits images, videos, voices or music."""
    EMBEDDED = "embedded"
    """A part of a tool that does much else."""
    MODEL_DOWNLOAD = "model_download"
    LOCAL_MODEL = "local_model"
    """Software that runs models on the laptop."""
    MCP = "mcp"
    """A remote server of the Model Context Protocol: what an assistant calls on somebody's behalf."""


class Purpose(StrEnum):
    """What a path at a destination is for. Text is scanned whatever the purpose; policy may tell them apart."""

    PROMPT = "prompt"
    UPLOAD = "upload"
    ACCOUNT = "account"
    """Signing in, billing, one's own profile: the person's own data is expected here."""
    TELEMETRY = "telemetry"


class Role(StrEnum):
    """Whose voice a text has in a prompt."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL_DEFINITION = "tool_definition"
    TOOL_CALL = "tool_call"
    TOOL_RESULT = "tool_result"
    FILE = "file"
    URL = "url"
    HEADER = "header"
    """A field of the request's head, or its method."""
    KEY = "key"
    """The name of a JSON member or form field."""
    OTHER = "other"


class Nature(StrEnum):
    """What a string of a request or answer is; its wire format says so once. What no format names is text."""

    TEXT = "text"
    """Somebody's words: searched by all that applies to that voice; may be rewritten."""
    PROTOCOL = "protocol"
    """Roles, types, ids, enumerations, names of tools and properties, grammars: never rewritten, searched for what is
    proven by its form."""
    SEALED = "sealed"
    """Signatures, encrypted state, tokens for the service itself: forwarded byte for byte where the service issued it
    in this scope or the format states its exact form; else it is text that cannot be rewritten."""


class Position(StrEnum):
    """Whether a text is sent for the first time, or is sent again as the conversation so far."""

    NEW = "new"
    HISTORY = "history"


class Coverage(StrEnum):
    """Whether persons are looked for in all languages of a request."""

    COVERED = "covered"
    NOT_COVERED = "not_covered"


class Inspection(StrEnum):
    """Whether every text of a request was read and scanned."""

    INSPECTED = "inspected"
    NOT_INSPECTED = "not_inspected"
    PARTLY_INSPECTED = "partly_inspected"
    """All was but parts of documents that are named: a film in a slide, an old object. A kind of not inspected."""


@dataclass(frozen=True, slots=True)
class References:
    """Addresses at which a provider says what it does with what it is sent."""

    training: str | None = None
    retention: str | None = None
    region: str | None = None
    contract: str | None = None


@dataclass(frozen=True, slots=True)
class DataHandling:
    """What a provider says it does with what it is sent; None where nobody has looked yet."""

    trains_on_prompts: bool | None = None
    retention_days: int | None = None
    region: str | None = None
    agreement: str | None = None
    """Address of the data-processing agreement."""
    reviewed: str | None = None
    """Date of the last review, ISO 8601."""
    references: References = field(default_factory=References)


@dataclass(frozen=True, slots=True)
class Route:
    """Some paths of a destination: their wire format and what they are for."""

    path: str
    """A glob over the URL path (`*` any characters, `/` too), e.g. `/v1/chat/completions`."""
    format: str
    purpose: Purpose = Purpose.PROMPT


@dataclass(frozen=True, slots=True)
class Destination:
    """One AI service of the registry."""

    id: str
    name: str
    hosts: tuple[str, ...]
    """Exact host names, or `*.example.com` for every host below it."""
    kind: Kind
    status: Status
    routes: tuple[Route, ...] = ()
    format: str = "generic"
    """The wire format of paths that no route names."""
    key_parameters: tuple[str, ...] = ()
    """Query parameters that carry the caller's own key to this service: never scanned, never logged."""
    key_headers: tuple[str, ...] = ()
    """Header fields, in lower case, that do so besides those that are known everywhere."""
    body_signed: bool = False
    """The body is bound to a signature (SigV4): it is allowed or blocked, never rewritten."""
    in_page: bool = False
    """What was decided is shown in its pages too."""
    alternatives: tuple[str, ...] = ()
    """Ids of approved destinations to name in a notice."""
    data_handling: DataHandling = field(default_factory=DataHandling)
    owner: str | None = None
    """Who in the company answers for its use."""
    review_due: str | None = None
    """Date of the next review, ISO 8601."""
    undecrypted_hosts: tuple[str, ...] = ()
    """Hosts that belong to it and pass undecrypted: they serve much besides AI, or cannot be read."""
    enabled: bool = True
    """Else the company has switched it off: all its hosts are among `undecrypted_hosts`."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who sent a request, as far as the proxy knows."""

    user: str
    """The name as authenticated or mapped, `unknown` otherwise. Never logged: logs hold `pseudonym`."""
    pseudonym: str
    groups: frozenset[str] = frozenset()
    source: str = "unknown"
    """`proxy_credentials`, `address` or `unknown`."""


WEBSOCKET = "WEBSOCKET"
"""The method of a request that is a message on a WebSocket."""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, or one WebSocket message from the client, as plain values."""

    method: str
    host: str
    path: str
    """The URL path without the query, percent-encoded as sent."""
    query: str = ""
    """The raw query string, without `?`."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Header names in lower case."""
    body: bytes = b""
    """The body as sent, still content-encoded."""
    fields: tuple[tuple[str, str], ...] = ()
    """Header and trailer fields as they came: names as written, repeated ones apart. Empty where `headers` are all."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of text in a request."""

    path: Path
    text: str
    role: Role = Role.OTHER
    position: Position = Position.NEW
    label: str = ""
    """The name the text stands under (`password` in `{"password": "…"}`): context, no part of the text."""
    nature: Nature = Nature.TEXT
    fixed: bool = False
    """A text that stands where nothing may be rewritten (a role that is none, a seal that nobody issued): what would be
    redacted in it blocks."""
    sealed_if_issued: bool = False
    """The format calls it sealed without stating its form: it counts as sealed once the service is known to have issued
    it in this scope, and is a fixed text until then."""


@dataclass(frozen=True, slots=True)
class File:
    """A file in a request whose text does not stand there as such: a PDF, an office document, an image, an archive."""

    path: Path
    data: bytes = field(repr=False)
    name: str = field(default="", repr=False)
    """As the request gives it; empty where it gives none. Scanned where it stands, and no part of the file's text."""
    media_type: str = ""
    """As the request declares it, in lower case without parameters; empty where it declares none."""
    position: Position = Position.NEW


@dataclass(frozen=True, slots=True)
class FileText:
    """A piece of the text in a file: a page, a sheet, a slide, a member of an archive, the properties."""

    label: str
    """Which piece it is, as people call it (`page 3`, `Budget`, `minutes.docx / comments`); may be empty."""
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Edit:
    """A part of a text, and what is to stand there instead."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a request says, read into segments."""

    destination: Destination
    purpose: Purpose
    format: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """What one detector says of one text. Offsets are into the segment's text."""

    start: int
    end: int
    entity_type: str
    score: float
    """0 to 1."""
    detector: str
    """The recognizer's name."""
    data_class: DataClass
    subject: str = ""
    """Which tenant or document was recognised; empty for other detectors."""
    hidden: str = ""
    """How it was hidden, e.g. `base64`, several ways outermost first; empty where it stood in the text as it is."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something sensitive in a prompt: where and what, never the value."""

    segment: int
    """Index into `Prompt.segments`."""
    start: int
    end: int
    entity_type: str
    data_class: DataClass
    score: float
    detector: str
    fingerprint: str
    """Keyed hash of the value: equal values have equal fingerprints on one installation."""
    subject: str = ""
    hidden: str = ""
    """How it was hidden, as in `Match`."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Everything about a request that policy may look at, besides what was found in it."""

    identity: Identity
    destination: Destination
    purpose: Purpose = Purpose.PROMPT
    inspection: Inspection = Inspection.INSPECTED
    problem: Reason | None = None
    """Why the request could not be inspected; None if it was."""
    rewritable: bool = True
    """False where the body cannot be rewritten: a redaction then becomes a block."""
    unwritable: Reason | None = None
    """Why the body cannot be rewritten, where trying it told so."""
    uncovered_languages: tuple[str, ...] = ()
    """Tags (BCP 47) of languages in the request in which persons are not looked for, in order."""

    @property
    def language(self) -> Coverage:
        """Whether persons are looked for in all its languages."""
        return Coverage.NOT_COVERED if self.uncovered_languages else Coverage.COVERED


@dataclass(frozen=True, slots=True)
class Ruling:
    """What policy says about one finding, or about the request as a whole."""

    action: Action
    rule: str
    """Id of the rule that matched."""
    reason: str
    """The sentence of the company's policy behind the rule."""
    enforced: bool = True
    """False in monitor mode: recorded as what would have happened, and nothing done."""
    adjusted: Reason | None = None
    """Why the action is another one than the rule's; None where it is the rule's."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to one request, and why. About a request, never about a person."""

    action: Action
    """What is done."""
    rule: str
    reason: str
    rulings: tuple[Ruling, ...] = ()
    """One for each finding, in the findings' order."""
    would: Action | None = None
    """What would have been done if all rules were enforced, where that differs."""
    announce: bool = False
    """Tell the person in the answer itself that something was redacted."""
    adjusted: Reason | None = None
    """Why the action is another one than the rule's; None where it is the rule's."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a person is told when a request is blocked or was changed."""

    decision_id: str
    title: str
    text: str
    """Plain text, several short paragraphs, never a value."""
    code: str = "promptguard_blocked"
    language: str = "en"
    """The tag of the text's language (BCP 47)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete HTTP answer to give in place of the provider's."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    trailers: Mapping[str, str] = field(default_factory=dict)
    """Fields after the body, as gRPC ends an answer; empty for none."""


class Channel(StrEnum):
    """What a piece of an answer is for."""

    TEXT = "text"
    REASONING = "reasoning"
    TOOL_CALL = "tool_call"
    """JSON source text: what is put in must be JSON-escaped."""
    SEALED = "sealed"
    """Signed or encrypted, or bound by a signature: passed on as it is, and remembered to be known again."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A text in one message of an answer that may be a part of a longer text, continued in later messages."""

    path: Path
    """Member names and indexes from the root of the message to the string."""
    key: Hashable
    """Pieces with the same key follow each other and make up one text."""
    channel: Channel = Channel.TEXT


@dataclass(frozen=True, slots=True)
class Nested:
    """A string in one message of an answer that is a body, or a piece of one, in a framing of its own."""

    path: Path
    framing: str
    """Id of the framing of what the string holds."""
    key: Hashable
    """Strings with the same key follow each other and make up one body."""
    id: Hashable = None
    """Tells the strings of a body apart where a service may send one of them again; None where it does not."""
    whole: bool = False
    """The string holds whole messages: only the texts in them go on in later strings."""
    base64: bool = False
    """It does so in base64."""


class AnswerShape(Protocol):
    """What a wire format knows about answers, so that placeholders split over messages can be put back.

    A message is one parsed JSON value: an SSE event's data, an NDJSON line, an element of a JSON array that is
    streamed, a WebSocket frame, or a whole JSON body.
    """

    def pieces(self, message: Any) -> Sequence[Piece]:
        """The strings in `message` that continue, or may be continued by, strings in other messages."""

    def closed(self, message: Any) -> Sequence[Hashable] | None:
        """Keys of the pieces whose text ends before `message`, or with the piece it has in it; None when all end."""


@runtime_checkable
class FramedShape(AnswerShape, Protocol):
    """A shape of answers that also knows how their messages are framed."""

    framing: ClassVar[str]
    """Id of the framing of bodies whose media type and first bytes do not tell; empty for none."""

    def nested(self, message: Any) -> Sequence[Nested]:
        """The strings in `message` that are bodies in a framing of their own, or pieces of one.

        What they hold has the same shape as the answer.
        """


@dataclass(frozen=True, slots=True)
class Recalled:
    """An original of the scope that stands in a text."""

    segment: int
    """Index into `Prompt.segments`."""
    start: int
    end: int
    placeholder: str

    @property
    def entity_type(self) -> str:
        """As the placeholder has it."""
        return self.placeholder[1:-1].rpartition("_")[0]


@dataclass(frozen=True, slots=True)
class Said:
    """What a service said in one answer, before anything was put back in it."""

    texts: Sequence[str] = field(default=(), repr=False)
    sealed: Sequence[str] = field(default=(), repr=False)
    """Signatures and the like, and what they bind."""


class Mark(StrEnum):
    """What the memory of a scope knows of a value or text, of which it keeps a keyed hash only."""

    BLOCKED = "blocked"
    """The fingerprint of a finding that was blocked."""
    REFUSED = "refused"
    """A text of a request that was refused."""
    SEALED = "sealed"
    """A sealed string that the service issued."""
    ANSWERED = "answered"
    """A line or word that the service answered."""
    DECLARED = "declared"
    """The length of a file that is to be uploaded, as it was told to the service."""


@dataclass(frozen=True, slots=True)
class Original:
    """A value that a placeholder stands for."""

    text: str = field(repr=False)
    data_class: DataClass


@dataclass(frozen=True, slots=True)
class Restoration:
    """What may be put back into the answer to one request: placeholders issued in its scope."""

    originals: Mapping[str, str]
    """Placeholder to original. Holds no credentials."""

    def __bool__(self) -> bool:
        return bool(self.originals)


@dataclass(frozen=True, slots=True)
class Event:
    """One decision as it is recorded. Holds no value, no prompt, no full URL, no user name."""

    id: str
    time: str
    """UTC, RFC 3339, milliseconds."""
    pseudonym: str
    groups: tuple[str, ...]
    identity_source: str
    destination: str
    destination_status: str
    host: str
    method: str
    route: str
    """The registry's route that matched (a glob), never the path itself."""
    format: str
    purpose: str
    action: str
    would: str | None
    rule: str
    reason: str
    policy_version: str
    policy_hash: str
    ruleset_version: str
    inspection: str
    problem: str
    """Why the request could not be inspected: a reason's code and parameters; empty if it was."""
    detectors: tuple[str, ...]
    """Ids of the detectors that ran."""
    findings: tuple[Mapping[str, Any], ...]
    """Of each finding: segment, role, position, start, end, entity_type, data_class, score, detector, fingerprint,
    shape, subject, action, rule."""
    segments: int
    characters: int
    body_bytes: int
    latency_ms: Mapping[str, float]
    """Milliseconds by step: read, files, scan, decide, redact."""
    adjusted: str = ""
    """Why the action is another one than the rule's: a reason's code and parameters; empty where it is the rule's."""
    uncovered_languages: tuple[str, ...] = ()
    """Tags (BCP 47) of languages in the request in which persons are not looked for."""
    incident: str = ""
    """The id of the first decision of the same incident, which may be this one; empty where nothing was found."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The end of a request's way through the guard. It is recorded by the time the caller sees it."""

    decision: Decision
    event: Event
    findings: tuple[Finding, ...] = ()
    prompt: Prompt | None = None
    """None where the request could not be read."""
    body: bytes | None = None
    """The rewritten body, not content-encoded; None to forward the body as it came."""
    query: str | None = None
    """The rewritten query string; None to forward it as it came."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Header fields, in lower case, to forward with other values: digests of the rewritten body."""
    answer: Answer | None = None
    """The answer to give in place of the provider's; set exactly when nothing may be forwarded."""
    messages: tuple[bytes, ...] = ()
    """For a request that is a WebSocket message: what the client is sent in the service's place, in order. Set, beside
    `answer`, exactly when nothing may be forwarded."""
    notice: Notice | None = None
    header: str = ""
    """What the response header `x-promptguard` says of a request that was changed; empty for none."""
    restoration: Restoration = field(default_factory=lambda: Restoration({}))
    shape: AnswerShape | None = None
    """How the provider's answer is read, where something may have to be restored in it."""
    scope: str = ""
    """Of whom and of which service the request is: what is learned from the answer holds there."""
    observed: bool = False
    """The answer is to be handed to `Guard.observe`, as the service sends it."""
    quiet: bool = False
    """Beside the answer, nobody is told: its incident was told already, or is told with the message that is still being
    typed."""
    redacted_text: str = field(default="", repr=False)
    """What the person wrote, with placeholders in place of all that was found, for the layer in a web chat's page;
    empty where that cannot be said."""
