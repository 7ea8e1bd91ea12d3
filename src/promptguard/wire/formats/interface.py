"""What a wire format has to tell: how to read a request of it, its answers, and how it says no.

A format adds knowledge (whose voice, which turn, which conversation); it never narrows what is scanned: the carrier
(`wire/documents/`) lists every string of the body, and the format only annotates them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from promptguard.model import Answer, Notice, Path, Piece, Position, Request, Role


@dataclass(frozen=True, slots=True)
class Annotation:
    """What a format knows about one string of a request."""

    role: Role = Role.USER
    position: Position = Position.NEW


class Format(ABC):
    """One wire format. Stateless: one instance serves all requests. Is an `AnswerShape`."""

    id: ClassVar[str]
    """The name that `destinations.yaml` uses."""

    embedded: ClassVar[frozenset[str]] = frozenset()
    """Names of members whose string values are JSON source themselves (`arguments`, `f.req`); read as trees."""

    @abstractmethod
    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        """One annotation for each path, in order. `body` is the parsed body (for JSON: dicts, lists, strings …)."""

    def conversation(self, request: Request, body: Any) -> str:
        """The provider's id of the conversation, or an empty string where requests carry none."""
        return ""

    def streaming(self, request: Request, body: Any) -> bool:
        """Whether the client asked for a streamed answer."""
        return isinstance(body, dict) and body.get("stream") is True

    def pieces(self, message: Any) -> Sequence[Piece]:
        """See `AnswerShape.pieces`."""
        return ()

    def closed(self, message: Any) -> Sequence[Hashable] | None:
        """See `AnswerShape.closed`."""
        return ()

    @abstractmethod
    def refuse(self, notice: Notice, *, streaming: bool) -> Answer:
        """The notice as this provider's own error: HTTP 400, its JSON shape, `x-should-retry: false`."""
