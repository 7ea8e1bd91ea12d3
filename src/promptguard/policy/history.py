"""What was refused before and is followed by another message is history: it is redacted, and the session goes on.

Clients keep what was refused and send it again with the next message. Blocked again, it would close the session for
good; redacted, it never leaves either.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from promptguard.model import Action, Circumstances, Decision, Finding, Nature, Position, Prompt, Role, Ruling, Segment
from promptguard.policy.policy import Policy
from promptguard.reasons import Code, Reason

_SPEAKERS = frozenset({Role.USER, Role.TOOL_RESULT, Role.FILE})
"""Whose texts make a message that follows."""


def blocked_findings(decision: Decision) -> list[int]:
    """Indexes of the findings that block."""
    return [index for index, ruling in enumerate(decision.rulings) if ruling.action is Action.BLOCK and ruling.enforced]


def texts_after(finding: Finding, segments: Sequence[Segment]) -> Iterator[str]:
    """What people, tools and files say after a finding: the texts of later segments, and the rest of its own, by line.

    A client may have put two messages together as one text.
    """
    own = segments[finding.segment]
    if own.role in _SPEAKERS:
        yield from (line for line in map(str.strip, own.text[finding.end :].splitlines()[1:]) if line)
    for segment in segments[finding.segment + 1 :]:
        if segment.role in _SPEAKERS and segment.nature is Nature.TEXT and segment.text.strip():
            yield segment.text


def is_history(finding: Finding, segments: Sequence[Segment], refused: Collection[str]) -> bool:
    """Whether a finding that was blocked before stands in the conversation so far.

    `refused` are the texts and lines known from requests that were refused.
    """
    if segments[finding.segment].position is Position.HISTORY:
        return True
    return any(text not in refused for text in texts_after(finding, segments))


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
