"""Reads a request into a prompt: query, head and body, every text of them, in the knowledge of the wire format.

Pure computation, in time linear in the body.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from promptguard.errors import NotRewritable
from promptguard.model import Destination, File, Path, Position, Prompt, Purpose, Request, Role, Route, Segment
from promptguard.reasons import Code
from promptguard.wire.documents import Document, Leaf, QueryDocument, open_body
from promptguard.wire.documents.interface import Change
from promptguard.wire.encodings import decode
from promptguard.wire.formats import Formats
from promptguard.wire.formats.interface import Format
from promptguard.wire.formats.members import Standing
from promptguard.wire.heads import HeadText, head_texts
from promptguard.wire.signing import content_encoding


@dataclass(frozen=True, slots=True)
class Reading:
    """A request as read, and what it takes to write it back."""

    prompt: Prompt
    document: RequestDocument
    files: tuple[File, ...] = ()
    """What stands in the body besides the prompt's texts, in the order of the body."""

    def with_segments(self, segments: Iterable[Segment]) -> Reading:
        """The reading with other segments: texts of files are added at the end."""
        return replace(self, prompt=replace(self.prompt, segments=tuple(segments)))


_NO_FILES: Final[Mapping[Path, Change]] = MappingProxyType({})


class RequestDocument:
    """The parts of a request that its segments stand in: first the query's, then the head's, then the body's."""

    def __init__(self, query: QueryDocument, query_paths: Sequence[Path], head_segments: int, body: Document) -> None:
        self._query = query
        self._query_paths = query_paths
        self._head_end = len(query_paths) + head_segments
        self._body = body
        self._leaves = body.leaves()

    @property
    def body(self) -> Any:
        """The parsed value of the body. Must not be changed."""
        return self._body.body

    def file_name(self, segment: int) -> str:
        """The name of the file that a segment of the body stands in; empty for none."""
        index = segment - self._head_end
        return self._body.file_name(self._leaves[index].path) if 0 <= index < len(self._leaves) else ""

    def replace(
        self, changes: Mapping[int, str], files: Mapping[Path, Change] = _NO_FILES
    ) -> tuple[bytes | None, str | None]:
        """The body and the query with other texts in some segments, given by index; None for what stays as it came.

        The body has no content encoding any more.

        Segments beyond those of the reading are texts out of its files, which `files` holds by path as they were
        written with other texts in them, or what stands in their places.

        Raises:
            NotRewritable: a text cannot be written where it stood: in the request's head, inside of a file, or where it
                would break the body.
        """
        in_query: dict[Path, str] = {}
        in_body: dict[Path, Change] = dict(files)
        for index, text in changes.items():
            if index < len(self._query_paths):
                in_query[self._query_paths[index]] = text
            elif index < self._head_end:
                raise NotRewritable(Code.REWRITE_IN_ADDRESS)
            elif index - self._head_end >= len(self._leaves):
                raise NotRewritable(Code.REWRITE_IN_FILE)
            else:
                path = self._leaves[index - self._head_end].path
                if path in files:  # in a text that changes itself
                    raise NotRewritable(Code.REWRITE_IN_FILE)
                in_body[path] = text
        return (
            self._body.replace(in_body) if in_body else None,
            self._query.replace(in_query) if in_query else None,
        )


def read(request: Request, destination: Destination, route: Route | None, formats: Formats, limit: int) -> Reading:
    """Read a request to a destination, by the route that its path matched.

    `limit` is the longest body that is read, in bytes without content encoding.

    Raises:
        Unreadable: not all of the request's text can be read.
        KeyError: the route or destination names a format that does not exist.
    """
    wire_format = formats[route.format if route else destination.format]
    purpose = route.purpose if route else Purpose.PROMPT
    query = QueryDocument(request.query, destination.key_parameters)
    segments = [_query_segment(leaf, query, wire_format) for leaf in query.leaves()]
    query_paths = [segment.path for segment in segments]
    head = [_head_segment(text) for text in head_texts(request, destination.key_headers)]
    segments += head
    body = open_body(
        decode(request.body, content_encoding(request.headers), limit),
        request.headers.get("content-type", ""),
        wire_format.embedded,
        wire_format.framing,
        request.headers.get("connect-content-encoding") or request.headers.get("grpc-encoding", ""),
    )
    leaves = body.leaves()
    if leaves:
        segments += _voiced(_annotate(leaves, body, wire_format, Role.USER), purpose)
    prompt = Prompt(
        destination=destination,
        purpose=purpose,
        format=wire_format.id,
        segments=tuple(segments),
    )
    document = RequestDocument(query, query_paths, len(head), body)
    return Reading(prompt, document, _locate(body, wire_format))


def _locate(body: Document, wire_format: Format) -> tuple[File, ...]:
    """The body's files, each with whether it is new in the conversation."""
    files = body.files()
    if not files or not isinstance(body.body, dict | list):
        return tuple(files)
    annotations = wire_format.annotate(body.body, [file.path for file in files])
    return tuple(
        replace(file, position=annotation.position) for file, annotation in zip(files, annotations, strict=True)
    )


def _head_segment(text: HeadText) -> Segment:
    return Segment((), text.text, text.role, Position.NEW, text.label, *text.standing)


def _voiced(segments: Iterable[Segment], purpose: Purpose) -> Iterator[Segment]:
    """What no format gives another voice is a file's in an upload, and the program's own in statistics."""
    voice = {Purpose.UPLOAD: Role.FILE, Purpose.TELEMETRY: Role.OTHER}.get(purpose)
    for segment in segments:
        yield replace(segment, role=voice) if voice and segment.role is Role.USER else segment


def _query_segment(leaf: Leaf, query: QueryDocument, wire_format: Format) -> Segment:
    standing = wire_format.query.standing(query.named(leaf.path), leaf.text)
    return _segment(leaf, Role.URL, Position.NEW, standing)


def _annotate(leaves: Sequence[Leaf], body: Document, wire_format: Format, anonymous: Role) -> list[Segment]:
    """The body's segments; `anonymous` is the role of a body that is one plain text, which no format can describe."""
    if not isinstance(body.body, dict | list):
        return [Segment(leaf.path, leaf.text, leaf.role or anonymous, label=leaf.label) for leaf in leaves]
    descriptions = wire_format.describe(body.body, [(leaf.path, leaf.text) for leaf in leaves])
    return [
        _segment(leaf, leaf.role or annotation.role, annotation.position, standing)
        for leaf, (annotation, standing) in zip(leaves, descriptions, strict=True)
    ]


def _segment(leaf: Leaf, role: Role, position: Position, standing: Standing) -> Segment:
    nature, fixed, if_issued = standing
    return Segment(leaf.path, leaf.text, role, position, leaf.label, nature, fixed, if_issued)
