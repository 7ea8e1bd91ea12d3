"""What the guard is given to work with: what reads files, keeps decisions, and makes links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from promptguard.model import Edit, Event, FileText


class FileReader(Protocol):
    """What takes the text out of files, and writes them with another one."""

    async def read_file(self, data: bytes, name: str = "", media_type: str = "") -> list[FileText]:
        """All text in a file, piece by piece.

        Raises:
            Unreadable: not all of it can be taken out; it has what was.
        """

    async def rewrite_file(
        self, data: bytes, edits: Mapping[int, Sequence[Edit]], name: str = "", media_type: str = ""
    ) -> bytes:
        """The file with other words in its texts, which are given by number as `read_file` lists them.

        Raises:
            NotRewritable: that cannot be done.
        """


class Record(Protocol):
    """Where decisions are recorded."""

    async def record(self, event: Event) -> None:
        """Return when the event is committed; raise when it cannot be."""


class NoticeLinks(Protocol):
    """What makes pages on decisions, for the people who are told of them."""

    @property
    def available(self) -> bool:
        """Whether there are any now: what they would show need not be put together otherwise."""

    def make(self, decision_id: str, *, redacted: str, files: Sequence[str]) -> str:
        """The address of a page; empty where there is none. Returns at once.

        Args:
            decision_id: whose page it is.
            redacted: what the person wrote, with placeholders in place of what was found; empty where that cannot be
                said.
            files: the names of the files that it is about.
        """
