"""What was said just before on the same connection: what begins in one message of a WebSocket may end in the next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from promptguard.model import Finding, Nature, Role, Segment

MAX_TEXTS: Final = 64
"""Texts that are remembered of a connection, the last ones of the client."""

MAX_CHARACTERS: Final = 256
"""Characters of each, from its end."""

MAX_QUESTIONS: Final = 2
"""What the service asked, of its last messages."""

_ASKS: Final = re.compile(r"[?:？：؟](?:\W*\Z|[^?]{0,80}\Z)")


@dataclass(frozen=True, slots=True)
class Running:
    """A text behind those before it at the same place."""

    index: int
    """Of the segment that the text ends with."""
    text: Segment
    start: int
    """Where that segment begins in it."""


def remembered(before: Sequence[Segment], segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """What to remember after a message of these segments."""
    texts = [
        replace(segment, text=segment.text[-MAX_CHARACTERS:])
        for segment in segments
        if segment.nature is Nature.TEXT and segment.role not in (Role.KEY, Role.URL) and segment.text
    ]
    return (*before, *texts)[-MAX_TEXTS:]


def questions(texts: Iterable[str]) -> tuple[Segment, ...]:
    """The ends of what the service said last that ask for something, or introduce it."""
    asking = [
        Segment((), text[-MAX_CHARACTERS:], Role.ASSISTANT) for text in texts if _ASKS.search(text[-MAX_CHARACTERS:])
    ]
    return tuple(asking[-MAX_QUESTIONS:])


def running_texts(before: Sequence[Segment], segments: Sequence[Segment]) -> Iterator[Running]:
    """The texts of a message, each behind those before it at the same place: typing is sent piece by piece."""
    for index, segment in enumerate(segments):
        said = "".join(each.text for each in before if each.path == segment.path)
        if (
            said
            and segment.nature is Nature.TEXT
            and segment.role is not Role.KEY
            and len(segment.text) <= MAX_CHARACTERS
        ):
            yield Running(index, replace(segment, text=said + segment.text), len(said))


def ends_of(running: Sequence[Running], findings: Sequence[Finding]) -> Iterator[Finding]:
    """Of findings in running texts the part that is in the message itself."""
    for finding in findings:
        whole = running[finding.segment]
        if finding.end > whole.start:
            start, end = max(finding.start - whole.start, 0), finding.end - whole.start
            yield replace(finding, segment=whole.index, start=start, end=end)
