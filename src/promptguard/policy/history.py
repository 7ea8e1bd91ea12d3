"""What was refused before and is followed by another message is history: it is redacted, and the session goes on.

Clients keep what was refused and send it again with the next message. Blocked again, it would close the session for
good; redacted, it never leaves either.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Final, Protocol

from promptguard.model import (
    Action,
    Circumstances,
    Decision,
    Finding,
    Nature,
    Path,
    Position,
    Prompt,
    Role,
    Ruling,
    Segment,
)
from promptguard.policy.policy import Amend
from promptguard.reasons import Code, Reason

MIN_LINE: Final = 4
"""Characters of the shortest line that has to be known from what was refused."""

MAX_LINES: Final = 16_384
"""Characters of the lines around a finding that are looked at; of longer ones the whole text has to be known."""

_SPEAKERS = frozenset({Role.USER, Role.TOOL_RESULT, Role.FILE})
"""Whose texts make a message that follows."""

_ASKED = _SPEAKERS | {Role.SYSTEM}
"""Whose texts may be refused and come back."""


def blocked_findings(decision: Decision) -> list[int]:
    """Indexes of the findings that block, or are held for a reason."""
    return [
        index
        for index, ruling in enumerate(decision.rulings)
        if ruling.action.severity >= Action.JUSTIFY.severity and ruling.enforced
    ]


class Sequels:
    """What people, tools and files say behind each place of a conversation.

    A request that was refused and is sent again has the same sequel; one that goes on has another. Behind a text any
    other words will do, since what was found in it stays redacted. Behind a file, of which nothing is sent, there have
    to be more: edited words ask the same question again.
    """

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._after: list[str] = [""] * len(segments)
        self._said: list[Segment] = []
        sequel = ""
        for index in range(len(segments) - 1, -1, -1):
            self._after[index] = sequel
            segment = segments[index]
            if segment.role in _SPEAKERS and segment.text.strip() and _in_list(segment):
                self._said.append(segment)
                data = f"{sequel}\0{segment.text}".encode("utf-8", "surrogatepass")
                sequel = blake2b(data, digest_size=16).hexdigest()

    def of(self, finding: Finding) -> str:
        """What follows the text that a finding stands in, as one short string; empty for nothing."""
        return self._after[finding.segment]

    def behind(self, file: Path) -> int:
        """How many texts of people and tools follow a file."""
        return sum(segment.role is not Role.FILE and _is_behind(segment.path, file) for segment in self._said)


def _is_behind(path: Path, other: Path) -> bool:
    """Whether a text stands behind a file: in a later element of a list that both stand in."""
    for step, other_step in zip(path, other, strict=False):
        if step != other_step:
            return isinstance(step, int) and isinstance(other_step, int) and step > other_step
    return False


def own_texts(finding: Finding, segments: Sequence[Segment]) -> list[str]:
    """The lines in which a finding stands, but for very short ones; the whole text where they are too long."""
    text = segments[finding.segment].text
    first = text.rfind("\n", 0, finding.start) + 1
    last = text.find("\n", finding.end)
    last = len(text) if last < 0 else last
    if last - first > MAX_LINES:
        return [text]
    return [line for line in map(str.strip, text[first:last].splitlines()) if len(line) >= MIN_LINE]


def is_history(finding: Finding, segments: Sequence[Segment], sequels: Sequels, refused: Collection[str]) -> bool:
    """Whether a finding that was blocked before stands in the conversation so far.

    Where the wire format does not say so, its own lines must be among `refused` (texts, lines, sequels of requests
    that were refused), and it must go on in another way than there: with a message more, or more lines of its own text,
    since a client may put two messages together as one.
    """
    segment = segments[finding.segment]
    if segment.position is Position.HISTORY:
        return True
    if segment.role not in _ASKED or not all(text in refused for text in own_texts(finding, segments)):
        return False
    sequel = sequels.of(finding)
    if sequel and _in_list(segment, anyway=segment.role is Role.SYSTEM):
        return sequel not in refused or segment.text not in refused
    line_end = segment.text.find("\n", finding.end)
    return line_end >= 0 and segment.text not in refused and bool(segment.text[line_end:].strip())


def _in_list(segment: Segment, *, anyway: bool = False) -> bool:
    """Whether a text stands in a list that has a name: form fields and parts of a multipart body are no messages."""
    if segment.nature is not Nature.TEXT:
        return False
    if anyway:
        return True
    names = [isinstance(step, str) for step in segment.path]
    return any(named and not other for named, other in itertools.pairwise(names))


class Decides(Protocol):
    """The policy, or the policy under orders."""

    def decide(
        self,
        circumstances: Circumstances,
        findings: Sequence[Finding],
        prompt: Prompt | None,
        amend: Amend | None = None,
    ) -> Decision:
        """See `Policy.decide`."""


def soften(
    policy: Decides,
    circumstances: Circumstances,
    findings: Sequence[Finding],
    prompt: Prompt,
    decision: Decision,
    returned: Collection[int],
    amend: Amend | None = None,
) -> Decision:
    """The decision without the returned findings, given by index, which are redacted wherever they stand."""
    others = [finding for index, finding in enumerate(findings) if index not in returned]
    rest = policy.decide(circumstances, others, prompt, amend)
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
