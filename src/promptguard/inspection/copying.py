"""What a person wrote, with placeholders in place of all that was found: to be copied, and sent in its place.

One text for all who show it: the layer in a web chat, the page that a notice leads to, and the notice itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from promptguard.detectors.program_words import injected_blocks
from promptguard.errors import NotRewritable
from promptguard.inspection.context import RequestContext
from promptguard.model import Action, DataClass, Decision, Nature, Path, Position, Role, Segment
from promptguard.policy.history import blocked_findings
from promptguard.policy.justifications import COMMAND
from promptguard.redaction.placeholders import PLACEHOLDER, type_of

MAX_TEXTS: Final = 64
"""Texts of one message that are put together; a message of more is none that somebody typed."""

_MESSAGES: Final = frozenset({"contents", "input", "messages"})
"""Members of a body that list messages: of several new ones, the last is what was written now."""


def redacted_text(context: RequestContext) -> str:
    """Empty where it cannot be said: not all was read, nothing that the person wrote had a finding in it, or what was
    found cannot be replaced. Nothing is remembered for it, and so nothing in it is put back into an answer."""
    if context.problem or context.opaque:
        return ""
    written = written_now(context.segments)
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
    # A code in it is none that holds: it would be told as a wrong one where the text is pasted.
    return COMMAND.sub("pg-allow CODE", _together(written, readable))


def plain(text: str) -> str:
    """A text whose placeholders name their kinds alone: none of them is ever put back into an answer."""
    return PLACEHOLDER.sub(lambda found: _kind(found[0]), text)


def is_cured_by_placeholders(context: RequestContext, decision: Decision) -> bool:
    """Whether what a request was stopped for may be sent once placeholders stand in its place.

    Not where it is a customer's record: whoever keeps those back does so whether the values are replaced or not.
    """
    stopping = [
        context.findings[index]
        for index in blocked_findings(decision)
        if decision.rulings[index].action is Action.BLOCK
    ]
    return all(finding.data_class is not DataClass.TENANT_DATA for finding in stopping)


def written_now(segments: Sequence[Segment]) -> dict[int, Segment]:
    """By index, the texts of the newest message that a person wrote; where nobody is named as one, those of nobody."""
    return _newest(_written(segments, Role.USER)) or _written(segments, Role.OTHER)


def own_words(text: str) -> str:
    """A text without the blocks that agents put into what people write (`<system-reminder>…`)."""
    parts: list[str] = []
    position = 0
    for start, end in injected_blocks(text):
        parts.append(text[position : text.rfind("<", position, start)])
        position = text.find(">", end) + 1
    parts.append(text[position:])
    return "".join(parts).strip() if len(parts) > 1 else text


def _readable(placeholder: str, known: Mapping[str, str]) -> str:
    """`[PASSWORD]`: a code that was never issued would be taken for a value where the text is pasted again."""
    return placeholder if placeholder in known else _kind(placeholder)


def _kind(placeholder: str) -> str:
    return f"[{type_of(placeholder)}]"


def _written(segments: Sequence[Segment], role: Role) -> dict[int, Segment]:
    return {
        index: segment
        for index, segment in enumerate(segments)
        if segment.role is role and segment.position is Position.NEW and segment.nature is Nature.TEXT
    }


def _newest(written: Mapping[int, Segment]) -> dict[int, Segment]:
    """Those of the last message, where messages are listed."""
    listed = [message for segment in written.values() if (message := _message(segment.path))]
    last = max(listed, default=())
    return {index: segment for index, segment in written.items() if _message(segment.path) == last}


def _message(path: Path) -> tuple[int, ...]:
    """The number of the message that a text stands in; nothing where messages are not listed."""
    number = path[1] if len(path) > 1 and path[0] in _MESSAGES else None
    return (number,) if isinstance(number, int) else ()


def _together(written: Mapping[int, Segment], texts: Mapping[int, str]) -> str:
    """Of what had no finding in it, only what a person says in several words: services put a word of theirs beside, and
    some send the same text twice."""
    said = {index for index, segment in written.items() if segment.role is Role.USER and len(segment.text.split()) > 1}
    shown = (
        own_words(texts.get(index, segment.text)) for index, segment in written.items() if index in said | set(texts)
    )
    return "\n\n".join(dict.fromkeys(filter(None, shown)))
