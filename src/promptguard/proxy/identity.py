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
    """What `config/identities.yaml` says: groups of a user, the user at a client address, and languages."""

    def user_at(self, address: str) -> str | None: ...

    def groups_of(self, user: str) -> frozenset[str]: ...

    def language_of(self, user: str, groups: frozenset[str], device: str, address: str) -> str: ...


def note_signed_in(flow: http.HTTPFlow, who: SignedIn) -> None:
    """Note whose request it is."""
    flow.metadata[_SIGNED_IN] = who


def signed_in_of(flow: http.HTTPFlow) -> SignedIn | None:
    """Whose request it is; None where nobody had to say."""
    found: SignedIn | None = flow.metadata.get(_SIGNED_IN)
    return found


def identify(flow: http.HTTPFlow, directory: Directory, pseudonym: Callable[[str], str]) -> Identity:
    """The identity behind a flow.

    People who are not known by name are told apart by their address, so that nobody is given back what somebody else
    sent; their pseudonym is made from that address.
    """
    address = flow.client_conn.peername[0] if flow.client_conn.peername else ""
    user, name, groups, source = _who(flow, address, directory)
    signed_in: SignedIn | None = flow.metadata.get(_SIGNED_IN)
    device = signed_in.device if signed_in else ""
    language = directory.language_of(user, groups, device, address)
    return Identity(user, pseudonym(name), groups, source, language)


def _who(flow: http.HTTPFlow, address: str, directory: Directory) -> tuple[str, str, frozenset[str], str]:
    """The user, what the pseudonym is made from, the groups, and how that is known."""
    credentials = flow.metadata.get(_OF_MITMPROXY)
    signed_in: SignedIn | None = flow.metadata.get(_SIGNED_IN)
    if signed_in:
        groups = directory.groups_of(signed_in.user) | signed_in.groups
        return signed_in.user, signed_in.user, groups, signed_in.source
    if credentials:
        user, source = credentials[0], "proxy_credentials"
    elif mapped := directory.user_at(address):
        user, source = mapped, "address"
    else:
        return UNKNOWN, f"address:{address}", directory.groups_of(UNKNOWN), UNKNOWN
    return user, user, directory.groups_of(user), source
