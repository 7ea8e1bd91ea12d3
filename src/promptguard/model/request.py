"""What somebody sends: a request, its texts and its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from promptguard.model.destination import Destination
from promptguard.model.vocabulary import Nature, Position, Purpose, Role

type Path = tuple[str | int, ...]
"""Where a text stands in a request. Only the document that issued a path can read it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who sent a request, as far as the proxy knows."""

    user: str
    """The name as authenticated or mapped, `unknown` otherwise. Never logged: logs hold `pseudonym`."""
    pseudonym: str
    groups: frozenset[str] = frozenset()
    source: str = "unknown"
    """`proxy_credentials`, `kerberos`, `client_certificate`, `device`, `address` or `unknown`."""
    language: str = ""
    """The tag (BCP 47) of the language that is set for them or their device; empty for none."""


WEBSOCKET = "WEBSOCKET"
"""The method of a request that is a message on a WebSocket."""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, or one WebSocket message from the client, as plain values."""

    method: str
    host: str
    path: str
    """The URL path without the query, percent-encoded as sent."""
    query: str = ""
    """The raw query string, without `?`."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Header names in lower case."""
    body: bytes = b""
    """The body as sent, still content-encoded."""
    fields: tuple[tuple[str, str], ...] = ()
    """Header and trailer fields as they came: names as written, repeated ones apart. Empty where `headers` are all."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of text in a request."""

    path: Path
    text: str
    role: Role = Role.OTHER
    position: Position = Position.NEW
    label: str = ""
    """The name the text stands under (`password` in `{"password": "…"}`): context, no part of the text."""
    nature: Nature = Nature.TEXT
    fixed: bool = False
    """A text that stands where nothing may be rewritten (a role that is none, a seal that nobody issued): what would be
    redacted in it blocks."""
    sealed_if_issued: bool = False
    """The format calls it sealed without stating its form: it counts as sealed once the service is known to have issued
    it in this scope, and is a fixed text until then."""


@dataclass(frozen=True, slots=True)
class File:
    """A file in a request whose text does not stand there as such: a PDF, an office document, an image, an archive."""

    path: Path
    data: bytes = field(repr=False)
    name: str = field(default="", repr=False)
    """As the request gives it; empty where it gives none. Scanned where it stands, and no part of the file's text."""
    media_type: str = ""
    """As the request declares it, in lower case without parameters; empty where it declares none."""
    position: Position = Position.NEW


@dataclass(frozen=True, slots=True)
class FileText:
    """A piece of the text in a file: a page, a sheet, a slide, a member of an archive, the properties."""

    label: str
    """Which piece it is, as people call it (`page 3`, `Budget`, `minutes.docx / comments`); may be empty."""
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Edit:
    """A part of a text, and what is to stand there instead."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a request says, read into segments."""

    destination: Destination
    purpose: Purpose
    format: str
    segments: tuple[Segment, ...]
