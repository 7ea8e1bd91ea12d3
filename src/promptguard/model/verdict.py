"""What becomes of a request, and what is recorded of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from promptguard.model.answer import Answer, AnswerShape, Notice
from promptguard.model.decision import Decision
from promptguard.model.finding import Finding
from promptguard.model.memory import Restoration
from promptguard.model.request import Prompt


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
    """The prompt that it belongs to: the id of the first decision on it, which may be this one; empty where nothing was
    found. Incidents of the console are something else."""
    evidence: str = ""
    """SHA-256, hexadecimal, of the sealed evidence that is kept beside the record; empty where none is."""
    allowances: tuple[Mapping[str, Any], ...] = ()
    """Of each entry of the allow list that let something pass: id, and count of the places at which it did."""
    orders: tuple[str, ...] = ()
    """Ids of the orders by which it was decided beside the policy, such as a stop."""
    data_handling: tuple[str, ...] = ()
    """What was known of how the provider treats what it is sent (`DataHandling.stated`)."""


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
    remind: bool = False
    """The person can be reminded, by the layer in a web chat's page alone, that an acknowledgement lapses."""
    redacted_text: str = field(default="", repr=False)
    """What the person wrote, with placeholders in place of all that was found, for the layer in a web chat's page;
    empty where that cannot be said."""
