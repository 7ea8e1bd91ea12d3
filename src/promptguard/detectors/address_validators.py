"""Checks of e-mail and IP addresses."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, ip_address

from promptguard.detectors.suffix_list import registrable
from promptguard.detectors.validators import validator

_INTERNAL_DOMAINS = frozenset(
    {"local", "internal", "intranet", "intra", "corp", "lan", "home", "localdomain", "private"}
)
"""Top-level names of company networks, which are in no public list but carry people's addresses."""

_SPELLED_OUT = (
    (re.compile(r"\s*[\[({]at[\])}]\s*", re.IGNORECASE), "@"),
    (re.compile(r"\s*[\[({]dot[\])}]\s*", re.IGNORECASE), "."),
)


@validator("email_address")
def email_address(match_text: str) -> bool | None:
    """An e-mail address whose domain can be registered or is a company's own. None: the pattern's score stands."""
    for expression, sign in _SPELLED_OUT:
        match_text = expression.sub(sign, match_text)
    local, _, domain = match_text.rpartition("@")
    if not local or ".." in local or ".." in domain:
        return False
    if domain.rpartition(".")[2].lower() in _INTERNAL_DOMAINS:
        return None
    return None if registrable(domain) else False


@validator("ip_address")
def machine_address(match_text: str) -> bool | None:
    """An IPv4 or IPv6 address that can name a machine: not unspecified, loopback, multicast or a netmask.

    Shortened IPv6 addresses need three groups, or one of four digits with a figure in it: `a::b` is more often code.
    """
    try:
        address = ip_address(match_text)
    except ValueError:
        return False
    if address.is_unspecified or address.is_loopback or address.is_multicast:
        return False
    if isinstance(address, IPv4Address):
        inverted = ~int(address) & 0xFFFFFFFF
        is_netmask = inverted & (inverted + 1) == 0
        # 0.x.x.x is "this network" (RFC 1122, 3.2.1.3); in texts it is a version number.
        return False if is_netmask or match_text.startswith("0.") else None
    groups = [group for group in match_text.partition("%")[0].split(":") if group]
    convincing = len(groups) > 2 or any(len(group) == 4 and not group.isalpha() for group in groups)
    return None if convincing else False
