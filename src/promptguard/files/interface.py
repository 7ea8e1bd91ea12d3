"""What readers of files speak in."""

from __future__ import annotations

from dataclasses import dataclass, field

from promptguard.errors import ReasonedError
from promptguard.reasons import Reason


class CannotRead(ReasonedError):
    """A file, or one within it, cannot be read in full.

    Readers give the code alone. Which kind of file it is about, and within which it stands, is added on the way out.
    """

    def inside(self, kind: str) -> CannotRead:
        """The same, of a file of this kind, or of the one in it that the error is about already."""
        known = self.reason.parameters
        if "kind" not in known:
            return CannotRead(Reason(self.reason.code, {"kind": kind}))
        within = "/".join(filter(None, (kind, str(known.get("within", "")))))
        return CannotRead(Reason(self.reason.code, {**known, "within": within}))


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
