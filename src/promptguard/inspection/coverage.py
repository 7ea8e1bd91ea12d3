"""Whether a request was understood: what of it no format describes is noted, by its outline, without a value."""

from __future__ import annotations

import logging
from typing import Final

from promptguard.destinations.likeness import speaks_like_ai
from promptguard.destinations.outline import outline
from promptguard.destinations.sightings import Sightings, Sign
from promptguard.inspection.context import RequestContext
from promptguard.model import Nature, Purpose, Role, Segment
from promptguard.wire.formats.generic import Generic

logger = logging.getLogger(__name__)

MIN_PROSE: Final = 20
MIN_SPACES: Final = 3
"""Characters, and spaces among them, of the shortest text that counts as somebody's words."""

_OUTSIDE: Final = frozenset({Role.URL, Role.HEADER, Role.KEY, Role.FILE})


def note_coverage(context: RequestContext, sightings: Sightings) -> None:
    """Note what is new about a request that was read. Never raises: its decision stands, and is recorded."""
    try:
        _note(context, sightings)
    except Exception as error:
        # The message could quote the request: it is not logged.
        logger.error("The outline of a request could not be noted (%s).", type(error).__name__)


def _note(context: RequestContext, sightings: Sightings) -> None:
    if context.reading is None or context.purpose is not Purpose.PROMPT:
        return
    body = context.reading.document.body
    if not isinstance(body, dict | list) or not body:
        return
    sign = _sign(context, body)
    if sign is not None:
        told = outline(body, _found_names(context))
        sightings.note(sign, context.request.host, destination=context.destination.id, outline=told)


def _sign(context: RequestContext, body: object) -> Sign | None:
    unexpected = context.route is None and bool(context.destination.routes)
    generic = context.format.id == Generic.id
    if (generic or unexpected) and speaks_like_ai(body):
        return Sign.SPEECH
    texts = [segment.text for segment in context.segments if _is_from_body(segment)]
    if generic:
        return Sign.UNCLAIMED if any(map(_is_prose, texts)) else None
    return None if texts else Sign.EMPTY


def _is_from_body(segment: Segment) -> bool:
    return segment.nature is Nature.TEXT and segment.role not in _OUTSIDE and bool(segment.path) and bool(segment.text)


def _is_prose(text: str) -> bool:
    """Whether a text may be somebody's words: a request of a program's own has none."""
    return len(text) >= MIN_PROSE and text.count(" ") >= MIN_SPACES


def _found_names(context: RequestContext) -> set[str]:
    """Names of members in which something was found."""
    found = (context.segments[finding.segment] for finding in context.findings)
    return {segment.text for segment in found if segment.role is Role.KEY}
