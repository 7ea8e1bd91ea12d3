"""What carries text in a request body: parsed once, every text in it listed, and written back with texts replaced."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from promptguard.errors import NotRewritable
from promptguard.model import File, Path, Role
from promptguard.reasons import Code
from promptguard.wire.parts import Part

NAME: Final = -1
"""Stands in a path before a member's name where the path means the name itself and not the value under it."""

MAX_LEAVES: Final = 100_000
"""A body with more separate texts than this is not read: it would cost seconds and say nothing to a model."""


type Change = str | bytes | Part
"""What is to stand at a path: a text, or at that of a file its bytes, or another part of the message."""


class Leaf(NamedTuple):
    """One text of a body."""

    path: Path
    text: str
    label: str = ""
    """The nearest name that says what the text is (`password`), and not one that only holds a format together. Where
    several places tell, each has a line (`labels`)."""
    role: Role | None = None
    """The role, where the carrier itself knows it: `Role.KEY` for names, `Role.FILE` for files."""


class Document(ABC):
    """A parsed body. Immutable: `replace` may be called any number of times, each from the body as it came."""

    content_type: str
    """The media type that the body was read as, without parameters."""

    body: Any
    """The parsed value, as the formats annotate it. Must not be changed."""

    @abstractmethod
    def leaves(self) -> Sequence[Leaf]:
        """Every text of the body, in the order of the body."""

    def files(self) -> Sequence[File]:
        """Every file in the body whose text does not stand there as such."""
        return ()

    def file_name(self, path: Path) -> str:
        """The name of the file in which a text stands, or of the file at this path; empty where it has none."""
        return ""

    @abstractmethod
    def replace(self, changes: Mapping[Path, Change]) -> bytes:
        """The body with other texts at some of its leaves' paths, other bytes at some of its files', and all else as it
        was.

        Raises:
            NotRewritable: one of the texts or files cannot be written there.
        """


def text_of(change: Change) -> str:
    """What is to stand in a place that holds text.

    Raises:
        NotRewritable: it is a file.
    """
    if not isinstance(change, str):
        raise NotRewritable(Code.REWRITE_NO_PLACE)
    return change
