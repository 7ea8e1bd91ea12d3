"""What was refused before and is followed by another message is history: it is redacted, and the session goes on.

Clients keep what was refused and send it again with the next message. Blocked again, it would close the session for
good; redacted, it never leaves either.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

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
from promptguard.policy.policy import Policy
from promptguard.reasons import Code, Reason

MIN_LINE: Final = 4
"""Characters of the shortest line that has to be known from what was refused."""

_SPEAKERS = frozenset({Role.USER, Role.TOOL_RESULT, Role.FILE})
"""Whose texts make a message that follows."""


def blocked_findings(decision: Decision) -> list[int]:
    """Indexes of the findings that block."""
    return [index for index, ruling in enumerate(decision.rulings) if ruling.action is Action.BLOCK and ruling.enforced]


def own_lines(finding: Finding, segments: Sequence[Segment]) -> list[str]:
    """The lines in which a finding stands, but for those of a few characters, which say nothing by themselves."""
    text = segments[finding.segment].text
    first = text.rfind("\n", 0, finding.start) + 1
    last = text.find("\n", finding.end)
    return [
        line
        for line in map(str.strip, text[first : len(text) if last < 0 else last].splitlines())
        if len(line) >= MIN_LINE
    ]


def texts_after(finding: Finding, segments: Sequence[Segment]) -> Iterator[str]:
    """What people, tools and files say in the conversation after a finding: later messages and blocks of the same list,
    and the rest of its own text, by line, since a client may put two messages together as one.
    """
    own = segments[finding.segment]
    if own.role not in _SPEAKERS:
        return
    yield from (line for line in map(str.strip, own.text[finding.end :].splitlines()[1:]) if line)
    for segment in segments[finding.segment + 1 :]:
        if segment.role in _SPEAKERS and segment.nature is Nature.TEXT and _follows(own.path, segment.path):
            yield segment.text


def is_history(finding: Finding, segments: Sequence[Segment], refused: Collection[str]) -> bool:
    """Whether a finding that was blocked before stands in the conversation so far.

    Where the wire format does not say so, its own lines must be among `refused`, the texts and lines of requests that
    were refused, and something that follows must not be.
    """
    if segments[finding.segment].position is Position.HISTORY:
        return True
    if not all(line in refused for line in own_lines(finding, segments)):
        return False
    return any(text.strip() and text not in refused for text in texts_after(finding, segments))


def _follows(earlier: Path, later: Path) -> bool:
    """Whether a place is in a later element of a list that an earlier one is in, too: a list that has a name, since the
    fields of a form and the parts of a multipart body are no messages."""
    shared = 0
    while shared < min(len(earlier), len(later)) and earlier[shared] == later[shared]:
        shared += 1
    if shared >= min(len(earlier), len(later)):
        return False
    ahead = isinstance(earlier[shared], int) and isinstance(later[shared], int)
    return ahead and any(isinstance(step, str) for step in earlier[:shared])


def soften(
    policy: Policy,
    circumstances: Circumstances,
    findings: Sequence[Finding],
    prompt: Prompt,
    decision: Decision,
    returned: Collection[int],
) -> Decision:
    """The decision without the returned findings, given by index, which are redacted wherever they stand."""
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
