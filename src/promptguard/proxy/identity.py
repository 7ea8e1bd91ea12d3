"""Who sent a request: proxy credentials, else the client's address, else unknown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from mitmproxy import http

from promptguard.authentication.interface import SignedIn
from promptguard.model import Identity

UNKNOWN: Final = "unknown"

_SIGNED_IN: Final = "promptguard_signed_in"
_OF_MITMPROXY: Final = "proxyauth"
"""Where mitmproxy's own ProxyAuth puts user and password, under mitmdump with that option."""


class Directory(Protocol):
    """What `config/identities.yaml` says: groups of a user, and the user at a client address."""

    def user_at(self, address: str) -> str | None: ...

    def groups_of(self, user: str) -> frozenset[str]: ...


def note_signed_in(flow: http.HTTPFlow, who: SignedIn) -> None:
    """Note whose request it is."""
    flow.metadata[_SIGNED_IN] = who


def identify(flow: http.HTTPFlow, directory: Directory, pseudonym: Callable[[str], str]) -> Identity:
    """The identity behind a flow.

    People who are not known by name are told apart by their address, so that nobody is given back what somebody else
    sent; their pseudonym is made from that address.
    """
    address = flow.client_conn.peername[0] if flow.client_conn.peername else ""
    credentials = flow.metadata.get(_OF_MITMPROXY)
    signed_in: SignedIn | None = flow.metadata.get(_SIGNED_IN)
    if signed_in:
        groups = directory.groups_of(signed_in.user) | signed_in.groups
        return Identity(signed_in.user, pseudonym(signed_in.user), groups, signed_in.source)
    if credentials:
        user, source = credentials[0], "proxy_credentials"
    elif mapped := directory.user_at(address):
        user, source = mapped, "address"
    else:
        return Identity(UNKNOWN, pseudonym(f"address:{address}"), directory.groups_of(UNKNOWN), UNKNOWN)
    return Identity(user, pseudonym(user), directory.groups_of(user), source)
