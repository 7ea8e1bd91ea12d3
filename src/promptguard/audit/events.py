"""Makes the event of a decision: what is recorded of a request, and nothing that was in it."""

from __future__ import annotations

import base64
import re
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from promptguard.model import Allowed, Circumstances, Decision, Destination, Event, Finding, Prompt

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32 (https://www.crockford.com/base32.html): no I, L, O and U, which are misread or misheard."""

_CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", _ALPHABET)
"""From the alphabet of RFC 4648."""

_MISREAD = str.maketrans("ILO", "110")

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "WEBSOCKET"})

_MASKED = re.compile(r"[aA9\W_]*")

_MAX_SHAPE_LENGTH = 64
_MAX_PROBLEM_LENGTH = 500


def new_event_id() -> str:
    """An id that can be read out over the phone: `pg-` and four groups of four characters, 80 random bits."""
    letters = base64.b32encode(secrets.token_bytes(10)).decode("ascii").translate(_CROCKFORD)
    return f"pg-{letters[:4]}-{letters[4:8]}-{letters[8:12]}-{letters[12:]}"


def normalised_event_id(text: str) -> str:
    """An id as it was given, from how somebody wrote it down: in any case, without dashes, with the full stop of its
    sentence, O for 0, I or L for 1."""
    letters = re.sub(r"[\W_]", "", text).upper().removeprefix("PG").translate(_MISREAD)
    return "pg-" + "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def build_event(
    *,
    id: str,
    circumstances: Circumstances,
    decision: Decision,
    prompt: Prompt | None,
    findings: Sequence[Finding] = (),
    shapes: Sequence[str] = (),
    allowed: Sequence[Allowed] = (),
    method: str,
    host: str,
    route: str,
    format: str,
    policy_version: str,
    policy_hash: str,
    ruleset_version: str,
    detectors: Sequence[str] = (),
    body_bytes: int = 0,
    latency_ms: Mapping[str, float] | None = None,
    incident: str = "",
    now: datetime | None = None,
) -> Event:
    """The event of one decision.

    Whatever comes from the request itself is kept only as far as the registry knows it: the host becomes the entry
    of the destination's hosts that it matches, the route must be one of its routes, the method a known one.

    Args:
        prompt: None where the request could not be read.
        shapes: the masked shape of each finding's value, in the findings' order; may be empty. Letters and digits in
            them are masked once more.
        allowed: what passes by an entry of the allow list.
        host: the host that the request went to.
        route: the registry's route that matched, a glob; empty for none.
        format: the wire format that the request was read in.
        latency_ms: milliseconds by step.
        incident: the id of the first decision on the same prompt; empty where there is none.
        now: the time of the decision, with a time zone; the present if absent.

    Raises:
        ValueError: shapes or rulings are there, but not one for each finding.
    """
    destination = circumstances.destination
    identity = circumstances.identity
    segments = prompt.segments if prompt else ()
    return Event(
        id=id,
        time=timestamp(now or datetime.now(UTC)),
        pseudonym=identity.pseudonym,
        groups=tuple(sorted(identity.groups)),
        identity_source=identity.source,
        destination=destination.id,
        destination_status=str(destination.status),
        host=_registered_host(destination, host),
        method=method.upper() if method.upper() in _METHODS else "OTHER",
        route=route if any(route == known.path for known in destination.routes) else "",
        format=format,
        purpose=str(circumstances.purpose),
        action=str(decision.action),
        would=str(decision.would) if decision.would is not None else None,
        rule=decision.rule,
        reason=_encodable(decision.reason),
        policy_version=policy_version,
        policy_hash=policy_hash,
        ruleset_version=ruleset_version,
        inspection=str(circumstances.inspection),
        problem=str(circumstances.problem or "")[:_MAX_PROBLEM_LENGTH],
        detectors=tuple(detectors),
        findings=_described(findings, shapes, decision, prompt),
        segments=len(segments),
        characters=sum(len(segment.text) for segment in segments),
        body_bytes=body_bytes,
        latency_ms=dict(latency_ms or {}),
        adjusted=str(decision.adjusted or ""),
        uncovered_languages=circumstances.uncovered_languages,
        incident=incident,
        allowances=_counted(allowed),
        orders=decision.orders,
        data_handling=tuple(map(_encodable, destination.data_handling.stated)),
    )


def timestamp(moment: datetime) -> str:
    """A moment as events tell it: UTC, RFC 3339, milliseconds, `2026-03-01T09:30:00.000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _described(
    findings: Sequence[Finding], shapes: Sequence[str], decision: Decision, prompt: Prompt | None
) -> tuple[Mapping[str, Any], ...]:
    if shapes and len(shapes) != len(findings):
        raise ValueError("there must be one shape for each finding")
    if decision.rulings and len(decision.rulings) != len(findings):
        raise ValueError("there must be one ruling for each finding")
    described = []
    for index, finding in enumerate(findings):
        segment = prompt.segments[finding.segment] if prompt else None
        ruling = decision.rulings[index] if decision.rulings else decision
        described.append(
            {
                "segment": finding.segment,
                "role": str(segment.role) if segment else "",
                "position": str(segment.position) if segment else "",
                "start": finding.start,
                "end": finding.end,
                "entity_type": finding.entity_type,
                "data_class": str(finding.data_class),
                "score": round(finding.score, 4),
                "detector": finding.detector,
                "fingerprint": finding.fingerprint,
                "shape": _masked(shapes[index]) if shapes else "",
                "subject": _encodable(finding.subject),
                "action": str(ruling.action),
                "rule": ruling.rule,
            }
        )
    return tuple(described)


def _counted(allowed: Sequence[Allowed]) -> tuple[Mapping[str, Any], ...]:
    """How often each entry of the allow list let something pass."""
    counts = Counter(each.allowance for each in allowed)
    return tuple({"id": id, "count": count} for id, count in sorted(counts.items()))


def _registered_host(destination: Destination, host: str) -> str:
    """The entry of the destination's hosts that a host matches: `*.example.com` hides what stands before."""
    name = host.rpartition("@")[2].partition(":")[0].rstrip(".").lower()
    if name in destination.hosts:
        return name
    for known in destination.hosts:
        if known.startswith("*.") and name.endswith(known[1:].lower()):
            return known
    return ""


def _masked(shape: str) -> str:
    """A shape without letters and digits other than a, A and 9, even if a value was passed by mistake."""
    shape = _encodable(shape[:_MAX_SHAPE_LENGTH])
    if _MASKED.fullmatch(shape):
        return shape
    return "".join(_mask_of(character) for character in shape)


def _mask_of(character: str) -> str:
    if character.isalpha():
        return "A" if character.isupper() else "a"
    return "9" if character.isnumeric() else character


def _encodable(text: str) -> str:
    """Lone surrogates, which JSON in UTF-8 cannot hold, as question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
