"""What a person wrote, with placeholders in place of all that was found: to be copied from the layer in a web chat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from promptguard.errors import NotRewritable
from promptguard.inspection.context import RequestContext
from promptguard.model import Nature, Position, Role, Segment
from promptguard.redaction.placeholders import PLACEHOLDER

MAX_TEXTS: Final = 64
"""Texts of one message that are put together; a message of more is none that somebody typed."""


def redacted_text(context: RequestContext) -> str:
    """Empty where it cannot be said: not all was read, nothing that the person wrote had a finding in it, or what was
    found cannot be replaced. Nothing is remembered for it, and so nothing in it is put back into an answer."""
    if context.problem or context.opaque:
        return ""
    written = _written(context.segments, Role.USER) or _written(context.segments, Role.OTHER)
    chosen = [index for index, finding in enumerate(context.findings) if finding.segment in written]
    if not chosen or len(written) > MAX_TEXTS:
        return ""
    new = [context.findings[index] for index in chosen if index not in context.recalled]
    again = [context.recalled[index] for index in chosen if index in context.recalled]
    try:
        texts = context.rules.redactor.redact(context.segments, new, context.scope, context.originals, again).texts
    except (NotRewritable, ValueError):
        return ""
    known = context.originals
    readable = {index: PLACEHOLDER.sub(lambda found: _readable(found[0], known), text) for index, text in texts.items()}
    return _together(written, readable)


def _readable(placeholder: str, known: Mapping[str, str]) -> str:
    """`[PASSWORD]`: a code that was never issued would be taken for a value where the text is pasted again."""
    return placeholder if placeholder in known else f"{placeholder.rpartition('_')[0]}]"


def _written(segments: Sequence[Segment], role: Role) -> dict[int, Segment]:
    return {
        index: segment
        for index, segment in enumerate(segments)
        if segment.role is role and segment.position is Position.NEW and segment.nature is Nature.TEXT
    }


def _together(written: Mapping[int, Segment], texts: Mapping[int, str]) -> str:
    """Of what had no finding in it, only what a person says in several words: services put a word of theirs beside, and
    some send the same text twice."""
    said = {index for index, segment in written.items() if segment.role is Role.USER and len(segment.text.split()) > 1}
    shown = (texts.get(index, segment.text) for index, segment in written.items() if index in said | set(texts))
    return "\n\n".join(dict.fromkeys(shown))
