"""The hosts that a report is about: those of AI services that the proxy decrypts, and those that hide names."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from promptguard.destinations.hosts import MAX_NAME, HostTable, normalised
from promptguard.destinations.registry import Registry

_MAX_REMEMBERED: Final = 20_000

ENCRYPTED_DNS: Final = "encrypted DNS"
"""In place of a service's id."""

OTHER_RESOLVERS: Final = "port 853"
"""In place of a host: resolvers outside that are asked over TLS or QUIC, and that no list knows."""

_ENCRYPTED_DNS_HOSTS: Final = (
    "dns.google",  # https://developers.google.com/speed/public-dns/docs/doh
    "dns64.dns.google",
    "*.cloudflare-dns.com",  # https://developers.cloudflare.com/1.1.1.1/encryption/dns-over-https
    "cloudflare-dns.com",
    "one.one.one.one",
    "*.quad9.net",  # https://quad9.net/service/service-addresses-and-features
    "doh.opendns.com",  # https://support.opendns.com, “Using DNS over HTTPS (DoH) with OpenDNS”
    "doh.familyshield.opendns.com",
    "dns.nextdns.io",  # https://help.nextdns.io
    "*.dns.nextdns.io",
    "*.adguard-dns.com",  # https://adguard-dns.io/kb/general/dns-providers
    "doh.cleanbrowsing.org",  # https://cleanbrowsing.org/guides/dnsoverhttps
    "dns.mullvad.net",  # https://mullvad.net/help/dns-over-https-and-dns-over-tls
    "*.dns.mullvad.net",
    "freedns.controld.com",  # https://docs.controld.com
    "dns.controld.com",
    "mask.icloud.com",  # https://developer.apple.com/icloud/prepare-your-network-for-icloud-private-relay
    "mask-h2.icloud.com",
)


class WatchedHost(NamedTuple):
    """One line of the registry, whatever host of a pattern was seen: what stands in a log's names goes no further."""

    service: str
    """The id of an AI service, or `ENCRYPTED_DNS`."""
    host: str
    """A name, or a pattern as destinations have it."""


class WatchedHosts:
    """Tells whether a host is one that the report is about.

    Hosts that the proxy lets pass undecrypted are none: they are not inspected on any way.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._table: HostTable[WatchedHost] = HostTable()
        for destination in registry.destinations:
            for host in destination.hosts:
                self._table.add(host, WatchedHost(destination.id, host))
        for host in _ENCRYPTED_DNS_HOSTS:
            self._table.add(host, WatchedHost(ENCRYPTED_DNS, host))
        self.find = lru_cache(_MAX_REMEMBERED)(self._find)
        """The line of the registry that a host, as a log writes it, belongs to; None for any other host."""

    def _find(self, host: str) -> WatchedHost | None:
        name = normalised(host)
        if not name or len(name) > MAX_NAME:
            return None
        found = self._table.find(name)
        hides = found is not None and found.service == ENCRYPTED_DNS
        return found if hides or self._registry.find_host(name) is not None else None
