"""What readers of files speak in."""

from __future__ import annotations

from dataclasses import dataclass, field


class CannotRead(Exception):
    """A file, or one within it, cannot be read in full.

    The message continues a noun phrase that names the file (“a PDF document”): `that is encrypted`, or
    `, and no text recognition is installed here`. It never quotes the file.
    """


def words(text: str) -> frozenset[str]:
    """The words of a text as a set: long sets of names are easier to read so."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Source:
    """One file to be read: an uploaded one, or one within it."""

    data: bytes = field(repr=False)
    name: str = field(default="", repr=False)
    media_type: str = ""
    """As declared, in lower case without parameters; empty where nobody declared it."""
    charset: str = ""
    """As declared beside the media type."""
