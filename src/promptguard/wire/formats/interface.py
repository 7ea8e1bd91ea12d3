"""What a wire format has to tell: whose words stand where in a request, what is protocol, how an answer goes on, and
how it says no.

A format adds knowledge; it never narrows what is scanned: documents (`wire/documents/`) list every string of a body,
and a string that the format does not name is text.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from promptguard.model import Answer, Nature, Nested, Notice, Path, Piece, Position, Request, Role
from promptguard.wire.formats.members import Members, Standing
from promptguard.wire.formats.refusals import refusal
from promptguard.wire.parts import Part


@dataclass(frozen=True, slots=True)
class Annotation:
    """What a format knows of one string of a request by its place: whose voice it is, and whether it is new."""

    role: Role = Role.USER
    position: Position = Position.NEW


class Description(NamedTuple):
    """All that a format knows about one string of a request."""

    annotation: Annotation
    standing: Standing

    @property
    def nature(self) -> Nature:
        """Text, protocol or sealed."""
        return self.standing.nature


class Format(ABC):
    """One wire format. Stateless: one instance serves all requests. Is an `AnswerShape`."""

    id: ClassVar[str]
    """The name that destinations use."""

    embedded: ClassVar[frozenset[str]] = frozenset()
    """Names of members whose string values are JSON source themselves (`arguments`, `f.req`); read as trees."""

    framing: ClassVar[str] = ""
    """Id of the framing of its bodies where content type and content do not tell; empty for none."""

    members: ClassVar[Members] = Members()
    """Natures of what stands in the body. Paths in forms and multipart bodies begin with the field's name."""

    query: ClassVar[Members] = Members()
    """The same for parameters of the query."""

    @abstractmethod
    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        """One annotation for each path, in order. `body` is the parsed body (for JSON: dicts, lists, strings …)."""

    def describe(self, body: Any, texts: Sequence[tuple[Path, str]]) -> list[Description]:
        """One description for each string of the body, given with its path."""
        annotations = self.annotate(body, [path for path, _ in texts])
        names = field_names(body)
        return [
            Description(annotation, self.standing(_by_name(path, names), text))
            for annotation, (path, text) in zip(annotations, texts, strict=True)
        ]

    def standing(self, path: Path, text: str) -> Standing:
        """The nature of a string in the body; in a form, the path begins with the field's name."""
        return self.members.standing(path, text)

    def is_body_bound(self, request: Request) -> bool:
        """Whether the service checks a signature over the body, so that it cannot be rewritten."""
        return False

    def is_draft(self, request: Request) -> bool:
        """Whether a request tells the service what somebody is still typing: the message itself comes later."""
        return False

    def pieces(self, message: Any) -> Sequence[Piece]:
        """See `AnswerShape.pieces`."""
        return ()

    def closed(self, message: Any) -> Sequence[Hashable] | None:
        """See `AnswerShape.closed`."""
        return ()

    def nested(self, message: Any) -> Sequence[Nested]:
        """See `FramedShape.nested`."""
        return ()

    def text_part(self, path: Path, text: str) -> Part | None:
        """A part of a message that says a text, to stand in place of the part with the file at a path.

        None where parts of such a kind are not known there.
        """
        return None

    @abstractmethod
    def refuse(self, notice: Notice) -> Answer:
        """The notice as this provider's own error: HTTP 400, its JSON shape, `x-should-retry: false`."""

    def refuse_for_now(self, notice: Notice) -> Answer | None:
        """The notice as this provider's error of a service that is busy, which programs answer by sending again after
        `notice.retry_after` seconds. None where persons are at the other end, who would not be shown it."""
        return None

    def refuse_stream(self, request: Request, body: Any, notice: Notice) -> Answer | None:
        """The notice as a stream of this provider, where its client shows that better than an error; None elsewhere."""
        return None

    def refuse_draft(self, notice: Notice) -> Answer:
        """An error without words, in answer to a draft: the words come with the message."""
        return refusal({"error": {"code": notice.code}})

    def refuse_message(self, message: Any, notice: Notice) -> tuple[bytes, ...]:
        """The notice as WebSocket messages that the client shows, in place of an answer to `message`."""
        return (self.refuse(notice).body,)


def field_names(body: Any) -> Mapping[int, str]:
    """The names of a form's fields by their numbers; nothing for any other body."""
    if not isinstance(body, list):
        return {}
    return {
        number: pair[0]
        for number, pair in enumerate(body)
        if isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[0], str)
    }


def _by_name(path: Path, names: Mapping[int, str]) -> Path:
    """The path in a form or multipart body from the field's name on."""
    if not names or not path or not isinstance(path[0], int) or path[0] not in names:
        return path
    rest = path[2:] if path[1:2] == ("content",) else path[1:]
    return (names[path[0]], *rest)
