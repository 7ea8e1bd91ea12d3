"""The ways past the proxy, and what closes each."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple


class Way(StrEnum):
    """How something was, or may have been, sent past the proxy."""

    QUIC = "quic"
    TLS = "tls"
    HTTP = "http"
    OTHER_PROXY = "other_proxy"
    DNS = "dns"
    ENCRYPTED_DNS = "encrypted_dns"


class Explanation(NamedTuple):
    """A way in words."""

    title: str
    remedy: str
    """What to do about it, as a sentence."""
    is_bypass: bool = True
    """Whether it leads past inspection; else it only hides what does."""


EXPLANATIONS: Final[Mapping[Way, Explanation]] = {
    Way.QUIC: Explanation(
        "QUIC to AI services (UDP port 443)",
        "Block UDP port 443 from laptops at the firewall, and switch QUIC off in browsers: they then use TCP.",
    ),
    Way.TLS: Explanation(
        "Direct connections to AI services (TCP port 443)",
        "Let only the proxy out to these hosts on port 443. Then look for NO_PROXY, no_proxy and proxy bypass lists on "
        "machines of these networks, and for programs that ignore proxy settings; hand the PAC file out where no proxy "
        "is set.",
    ),
    Way.HTTP: Explanation(
        "Unencrypted requests to AI services (TCP port 80)",
        "Let only the proxy out to these hosts on port 80, and find the program: what it sends can be read on the way.",
    ),
    Way.OTHER_PROXY: Explanation(
        "AI services through another proxy",
        "Have that proxy hand these hosts on to PromptGuard, or refuse them. If it is one of PromptGuard's own, "
        "name it with --proxy-address.",
    ),
    Way.DNS: Explanation(
        "AI services asked for by name (DNS)",
        "A client of a proxy leaves names to the proxy, so whoever asks may go there directly: no proxy is set, or "
        "NO_PROXY names the host. Block the names for all but the proxy, or look at the firewall's log of these "
        "networks. With a transparent proxy, clients always ask.",
    ),
    Way.ENCRYPTED_DNS: Explanation(
        "Encrypted DNS and relays",
        "Names asked this way stand in no DNS log. Switch DNS over HTTPS off in browsers by policy, and block these "
        "hosts, and port 853 for all but your DNS servers. One of your own outside is named with --proxy-address.",
        is_bypass=False,
    ),
}
