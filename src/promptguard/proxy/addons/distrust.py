"""Clients that do not trust the proxy's certificate: apps that pin another one, and machines without the CA.

What they would have sent was not sent, and stands in no record. So it is counted, by host and day.
"""

from __future__ import annotations

from mitmproxy import tls

from promptguard.destinations.sightings import Sign
from promptguard.proxy.gateway import Gateway
from promptguard.proxy.hooks import ends_with
from promptguard.proxy.names import target_of

_DISTRUST = "does not trust the proxy's certificate"
"""What mitmproxy makes of the alerts `bad_certificate`, `certificate_unknown` and `unknown_ca` (RFC 8446 6.2)."""


class Distrust:
    """Notes handshakes that a client has ended because of the certificate.

    Those that end without an alert are not counted: pages open connections that they then do not need.
    """

    name = "promptguard_distrust"

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def _lose(self, *_: object) -> None:
        """What is lost is a count."""

    @ends_with(_lose)
    def tls_failed_client(self, data: tls.TlsData) -> None:
        if _DISTRUST not in (data.conn.error or ""):
            return
        service, address = self._gateway.service, data.context.server.address
        target = target_of(service.registry, (data.conn.sni, address[0] if address else None))
        if target is not None:
            service.sightings.note(Sign.UNTRUSTED, target.host, destination=target.destination.id)
