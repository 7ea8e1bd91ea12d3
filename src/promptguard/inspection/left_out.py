"""Files that were refused before and stand in the conversation so far: a text stands in their place, and the session
goes on.

As with texts (`policy.history`): a file that comes again and that no more follows than before is refused again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from promptguard.inspection.context import RequestContext
from promptguard.model import Action, Decision, File, Path, Position
from promptguard.policy.history import Sequels, blocked_findings
from promptguard.reasons import Code, Reason
from promptguard.redaction.scope_memory import ScopeMemory

NOT_SENT: Final = "[A file stood here that was not sent.]"
"""What the service is told in place of a file. It goes to a model, not to a person."""

MAX_TEXTS: Final = 1_000
"""Texts behind a file that are told apart."""


async def leave_out(context: RequestContext, memory: ScopeMemory, files: Sequence[File]) -> None:
    """Note those of the files in whose places a text is to stand; they are not read."""
    found = {file.path: context.format.text_part(file.path, NOT_SENT) for file in files}
    parts = {path: part for path, part in found.items() if part is not None}
    if not parts or not context.is_rewritable or not (blocked := await memory.blocked(context.scope)):
        return
    known = [place for place in _places(memory, files) if place.mark in blocked and place.path in parts]
    sequels = Sequels(context.segments)
    fewer = {place.path: place.with_fewer(sequels) for place in known}
    refused = await memory.refused(context.scope, {mark for marks in fewer.values() for mark in marks})
    for place in known:
        if place.file.position is Position.HISTORY or not refused.isdisjoint(fewer[place.path]):
            context.left_out[place.path] = parts[place.path]


def marks_of_refused(
    context: RequestContext, memory: ScopeMemory, decision: Decision, sequels: Sequels
) -> tuple[set[str], set[str]]:
    """By what the files are remembered that stopped a request, and how much followed them there."""
    stopping = {context.findings[index].segment for index in blocked_findings(decision)}
    stopping.update(noise.segment for noise in context.opaque)
    paths = {each.file.path for each in context.files if stopping.intersection(each.segments)}
    paths.update(file.path for file in context.unread_files)
    places = [
        place for place in _places(memory, context.reading.files if context.reading else ()) if place.path in paths
    ]
    return {place.mark for place in places}, {place.with_texts(sequels.behind(place.path)) for place in places}


def as_left_out(context: RequestContext, decision: Decision) -> Decision:
    """The decision on a request from which files are left out."""
    if not context.left_out or decision.action.severity >= Action.REDACT.severity:
        return decision
    return replace(decision, action=Action.REDACT, adjusted=Reason(Code.DECISION_RETURNED))


class _Place(NamedTuple):
    """A file where it stands in a request."""

    file: File
    mark: str
    """What the file is remembered by."""
    number: int
    """Which of the equal files it is, counted from the beginning of the conversation."""

    @property
    def path(self) -> Path:
        return self.file.path

    def with_texts(self, count: int) -> str:
        """What the file is remembered by with so many texts behind it."""
        return f"{self.mark} {self.number} {count}"

    def with_fewer(self, sequels: Sequels) -> list[str]:
        """The same for all fewer texts than stand behind it now: the session went on since one of them was refused."""
        return [self.with_texts(count) for count in range(min(sequels.behind(self.path), MAX_TEXTS))]


def _places(memory: ScopeMemory, files: Iterable[File]) -> list[_Place]:
    places: list[_Place] = []
    equal: Counter[str] = Counter()
    for file in files:
        mark = memory.file_mark(file.data)
        places.append(_Place(file, mark, equal[mark]))
        equal[mark] += 1
    return places
