"""Who sent a request: proxy credentials, else the client's address, else unknown."""

from __future__ import annotations

from base64 import b64decode
from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from secrets import token_bytes
from typing import Protocol

from mitmproxy import http
from mitmproxy.addons import proxyauth
from mitmproxy.addons.proxyauth import Htpasswd, Validator

from promptguard.model import Identity

UNKNOWN = "unknown"


class Directory(Protocol):
    """What `config/identities.yaml` says: groups of a user, and the user at a client address."""

    def user_at(self, address: str) -> str | None: ...

    def groups_of(self, user: str) -> frozenset[str]: ...


def identify(flow: http.HTTPFlow, directory: Directory, pseudonym: Callable[[str], str]) -> Identity:
    """The identity behind a flow.

    People who are not known by name are told apart by their address, so that nobody is given back what somebody else
    sent; their pseudonym is made from that address.
    """
    address = flow.client_conn.peername[0] if flow.client_conn.peername else ""
    credentials = flow.metadata.get("proxyauth")
    if credentials:
        user, source = credentials[0], "proxy_credentials"
    elif mapped := directory.user_at(address):
        user, source = mapped, "address"
    else:
        return Identity(UNKNOWN, pseudonym(f"address:{address}"), directory.groups_of(UNKNOWN), UNKNOWN)
    return Identity(user, pseudonym(user), directory.groups_of(user), source)


def parse_basic_credentials(header: str) -> tuple[str, str, str]:
    """Scheme, user and password of an `Authorization` header; the first colon parts them (RFC 7617 2).

    Raises:
        ValueError: it holds no such credentials.
    """
    scheme, _, encoded = header.strip().partition(" ")
    if scheme.lower() != "basic":
        raise ValueError("unknown scheme")
    user, colon, password = b64decode(encoded.strip()).decode("utf-8", "replace").partition(":")
    if not colon:
        raise ValueError("no password")
    return scheme, user, password


def read_passwords_with_colons() -> None:
    """Have mitmproxy's ProxyAuth read credentials as above: its own reading knows no colon in a password."""
    vars(proxyauth).update(parse_http_basic_auth=parse_basic_credentials)


class RememberingHtpasswd(Validator):
    """An htpasswd file whose slow hashes (bcrypt) are computed once for each pair of name and password.

    Every new connection of a laptop brings its credentials; without this, each would cost about 50 ms of the event
    loop. What is remembered is a keyed hash, bounded, and lost when the process ends.
    """

    _LIMIT = 10_000

    def __init__(self, path: Path) -> None:
        self._file = Htpasswd(f"@{path}")
        self._key = token_bytes(32)
        self._right: OrderedDict[bytes, None] = OrderedDict()

    def __call__(self, username: str, password: str) -> bool:
        digest = blake2b(f"{len(username)}:{username}{password}".encode(), key=self._key, digest_size=32).digest()
        if digest in self._right:
            self._right.move_to_end(digest)
            return True
        if not self._file(username, password):
            return False
        self._right[digest] = None
        if len(self._right) > self._LIMIT:
            self._right.popitem(last=False)
        return True
