"""What became of files that were to be uploaded: who names one that was stopped is told so again.

A service is told of a file in one request, gets it in the next, and is told to use it in others. Where the second was
stopped, the others would fail in words that say nothing. Kept in memory for a while, within bounds, by scope; of the
names of files, that people gave them, nothing is written anywhere.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import parse_qsl

from promptguard.inspection.context import RequestContext
from promptguard.model import Action, Decision, Notice, Position, Purpose, Request, Role
from promptguard.wire.uploads import NAME_NAMES, announced_names, begins_upload, is_piece

LIFETIME: Final = 3600.0
"""Seconds for which a file that was stopped is known."""

MAX_SCOPES: Final = 1_000
"""Scopes that are remembered, the least recently used forgotten first."""

MAX_FILES: Final = 50
"""Files of each scope, announced ones and stopped ones; the oldest are forgotten first."""

MAX_END: Final = 256
"""Characters of the end of a piece that are remembered: what is cut there goes on in the next one."""

MAX_NAME: Final = 200
"""Characters of the longest name or id that is compared."""

_ID: Final = re.compile(r"(?=\D*\d)[A-Za-z0-9_.~-]{8,200}")
_ID_PARAMETERS: Final = frozenset({"upload_id", "uploadId", "file_id", "fileId"})
_NAMES: Final = frozenset({*NAME_NAMES, "filename*"})
_TELLERS: Final = frozenset({Role.USER, Role.FILE, Role.URL, Role.KEY, Role.OTHER})
"""Whose texts may name a file that is to be used; tools have files of their own."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A file that was not sent, and what was said about it."""

    known_as: frozenset[str] = field(repr=False)
    """Its names, and the ids that the service gave it."""
    decision: Decision
    notice: Notice
    until: float

    def once_more(self, decision_id: str) -> Notice:
        """The same notice on another request."""
        text = (self.notice.brief or self.notice.text).replace(self.notice.decision_id, decision_id)
        return replace(self.notice, decision_id=decision_id, text=text, brief="", redacted="")


@dataclass(slots=True)
class _Scope:
    announced: dict[int, str] = field(default_factory=dict, repr=False)
    """Names of files by their lengths."""
    stopped: list[Stopped] = field(default_factory=list)
    ends: dict[str, str] = field(default_factory=dict, repr=False)
    """The ends of the last pieces of uploads, by address."""


class Uploads:
    """Knows which files were announced and which were stopped."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._scopes: OrderedDict[str, _Scope] = OrderedDict()

    def stopped(self, context: RequestContext) -> Stopped | None:
        """The stopped file that a request names; None for most."""
        scope = self._scopes.get(context.scope)
        if scope is None or not scope.stopped:
            return None
        scope.stopped = [each for each in scope.stopped if each.until > self._clock()]
        # A file that is sent again from its beginning is the next try: it is looked at by itself.
        if _is_raw(context) and context.request.body and begins_upload(context.request.headers):
            return None
        named = set(_ids(context.request, every=True)) | set(_told(context))
        return next((each for each in reversed(scope.stopped) if not named.isdisjoint(each.known_as)), None)

    def name_of(self, context: RequestContext) -> str:
        """The name of the file that a request's body is, as it was announced; empty where it was not."""
        scope = self._scopes.get(context.scope)
        return scope.announced.get(len(context.request.body), "") if scope else ""

    def end_before(self, context: RequestContext) -> str:
        """The end of the piece before this one of the same upload; empty where it is no piece, or the first."""
        scope = self._scopes.get(context.scope)
        return scope.ends.get(_address(context.request), "") if scope and _is_piece(context) else ""

    def note(self, context: RequestContext, decision: Decision, notice: Notice | None) -> None:
        """Learn from a request to which something was decided, and the notice on it if it was refused."""
        if context.purpose is not Purpose.UPLOAD and not context.files:
            return
        names = {name for name in _file_names(context) if name}
        ids = set(_ids(context.request)) if _is_raw(context) else set[str]()
        if decision.action.severity < Action.JUSTIFY.severity:
            self._passed(context, names | ids)
            self._remember_end(context)
        elif notice is not None:
            known_as = frozenset(names | ids | ({self.name_of(context)} - {""}))
            if known_as:
                scope = self._scope(context.scope)
                scope.stopped.append(Stopped(known_as, decision, notice, self._clock() + LIFETIME))
                del scope.stopped[:-MAX_FILES]

    def _remember_end(self, context: RequestContext) -> None:
        text = next((each.text for each in reversed(context.segments) if each.role is Role.FILE), "")
        if text and _is_piece(context):
            ends = self._scope(context.scope).ends
            ends[_address(context.request)] = (ends.pop(_address(context.request), "") + text)[-MAX_END:]
            for address in list(ends)[:-MAX_FILES]:
                del ends[address]

    def _passed(self, context: RequestContext, names: set[str]) -> None:
        """A file went on, or is announced: what was stopped before under its name is another one."""
        announced = announced_names(context.reading.document.body) if context.reading else {}
        if context.scope not in self._scopes and not announced:
            return
        scope = self._scope(context.scope)
        names |= set(announced.values())
        scope.stopped = [each for each in scope.stopped if names.isdisjoint(each.known_as)]
        scope.announced |= announced
        for length in list(scope.announced)[:-MAX_FILES]:
            del scope.announced[length]

    def _scope(self, id: str) -> _Scope:
        scope = self._scopes.setdefault(id, _Scope())
        self._scopes.move_to_end(id)
        if len(self._scopes) > MAX_SCOPES:
            self._scopes.popitem(last=False)
        return scope


def _is_piece(context: RequestContext) -> bool:
    return is_piece(context.request.headers, context.request.path)


def _address(request: Request) -> str:
    return f"{request.host}{request.path}?{request.query}"


def _is_raw(context: RequestContext) -> bool:
    """Whether the body is a file and nothing else."""
    return bool(context.reading) and isinstance(context.reading and context.reading.document.body, str | None)


def _file_names(context: RequestContext) -> Iterator[str]:
    yield from (read.file.name for read in context.files)
    yield from (each.text for each in context.segments if each.role is Role.FILE and each.label in _NAMES)


def _ids(request: Request, *, every: bool = False) -> list[str]:
    """What in the address tells a file: the last part of the path that looks like an id, and parameters."""
    found = [part for part in request.path.split("/") if _ID.fullmatch(part)]
    if not every:
        found = found[-1:]
    if request.query:
        found += [value for name, value in parse_qsl(request.query) if name in _ID_PARAMETERS]
    return found


def _told(context: RequestContext) -> Iterable[str]:
    """The names and ids in new texts of a request. One about an upload itself may be the next try of the same, and a
    name that stands beside words is that of what they say: another file, or the same one without what was found.
    """
    names = context.purpose is Purpose.PROMPT and not (context.files or context.left_out)
    beside = [segment for segment in context.segments if segment.label not in _NAMES] if names else []
    with_words = {segment.path[:-1] for segment in beside if len(segment.text.split()) > 1}
    for segment in context.segments:
        text = segment.text
        if segment.position is Position.HISTORY or segment.role not in _TELLERS:
            continue  # the session goes on
        if segment.label in _NAMES:  # a name may look like an id: `report2024.txt`
            tells = names and segment.path[:-1] not in with_words
        else:
            tells = _ID.fullmatch(text.rpartition("/")[2]) is not None
        if tells and len(text) <= MAX_NAME:
            yield text
            yield text.rpartition("/")[2]
