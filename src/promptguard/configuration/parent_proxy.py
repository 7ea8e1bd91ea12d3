"""The address of a further proxy that everything goes through, with the credentials for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class ParentProxy:
    """A proxy between this one and the services."""

    scheme: str
    """How it is spoken to: `http` or `https`."""
    host: str
    port: int
    credentials: str = field(default="", repr=False)
    """`user:password`, not encoded; empty for none. The password may hold colons."""

    @property
    def url(self) -> str:
        """Its address without credentials."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def parse_parent_proxy(text: str) -> ParentProxy:
    """`http://proxy.example:3128`, or `http://user:password@proxy.example:3128` (percent-encoded, RFC 3986 3.2.1).

    Raises:
        ValueError: it does not read so. The sentence quotes none of it, for it may hold a password.
    """
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or parts.scheme not in _PORTS or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("write a proxy's address, such as http://proxy.example:3128")
    if "@" in (parts.username or "") + (parts.password or ""):
        raise ValueError("write an @ in the user or password as %40 (and any other sign percent-encoded)")
    credentials = ""
    if parts.username:
        credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return ParentProxy(parts.scheme, host, port or _PORTS[parts.scheme], credentials)
