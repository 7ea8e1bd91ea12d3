"""Files that were refused before and stand in the conversation so far: a text stands in their place, and the session
goes on.

As with texts (`policy.history`): a file that comes again and that nothing else follows than before is refused again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Final

from promptguard.inspection.context import RequestContext
from promptguard.model import Action, Decision, File, Path, Position, Role
from promptguard.policy.history import blocked_findings
from promptguard.reasons import Code, Reason
from promptguard.redaction.scope_memory import ScopeMemory
from promptguard.wire.documents.interface import Part

NOT_SENT: Final = "[A file stood here that was not sent.]"
"""What the service is told in place of a file. It goes to a model, not to a person."""

_SPEAKERS: Final = frozenset({Role.USER, Role.TOOL_RESULT})


async def leave_out(context: RequestContext, memory: ScopeMemory, files: Sequence[File]) -> None:
    """Note those of the files in whose places a text is to stand; they are not read."""
    candidates = [file for file in files if context.format.text_part(file.path, NOT_SENT) is not None]
    if not candidates or not context.is_rewritable:
        return
    blocked = await memory.blocked(context.scope)
    marks = {file.path: memory.file_mark(file.data) for file in candidates} if blocked else {}
    known = [file for file in candidates if marks.get(file.path) in blocked]
    sequels = {file.path: _sequel(context, file) for file in known}
    refused = await memory.refused(context.scope, {marks[path] + sequel for path, sequel in sequels.items()})
    for file in known:
        sequel = sequels[file.path]
        if file.position is Position.HISTORY or (sequel and marks[file.path] + sequel not in refused):
            context.left_out[file.path] = Part(context.format.text_part(file.path, NOT_SENT))


def marks_of_refused(context: RequestContext, memory: ScopeMemory, decision: Decision) -> tuple[set[str], set[str]]:
    """By what the files are remembered that stopped a request, and what followed them there."""
    stopping = {context.findings[index].segment for index in blocked_findings(decision)}
    files = {each.file.path: each.file for each in context.files if stopping.intersection(each.segments)}
    files.update((file.path, file) for file in context.unread_files)
    marks = [(memory.file_mark(file.data), file) for file in files.values()]
    return {mark for mark, _ in marks}, {mark + _sequel(context, file) for mark, file in marks}


def as_left_out(context: RequestContext, decision: Decision) -> Decision:
    """The decision on a request from which files are left out."""
    if not context.left_out or decision.action.severity >= Action.REDACT.severity:
        return decision
    return replace(decision, action=Action.REDACT, adjusted=Reason(Code.DECISION_RETURNED))


def _sequel(context: RequestContext, file: File) -> str:
    """What people and tools say behind a file, as one short string; empty for nothing."""
    texts = [
        segment.text
        for segment in context.segments
        if segment.role in _SPEAKERS and segment.text.strip() and _is_behind(segment.path, file.path)
    ]
    return _hash(texts) if texts else ""


def _is_behind(path: Path, other: Path) -> bool:
    """Whether a text stands behind a file: in a later element of a list that both stand in."""
    for step, other_step in zip(path, other, strict=False):
        if step != other_step:
            return isinstance(step, int) and isinstance(other_step, int) and step > other_step
    return False


def _hash(texts: Iterable[str]) -> str:
    data = "\0".join(texts).encode("utf-8", "surrogatepass")
    return blake2b(data, digest_size=16).hexdigest()
