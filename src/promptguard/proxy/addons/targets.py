"""Which connections are decrypted, and which pass untouched."""

from __future__ import annotations

import re
from collections.abc import Iterable
from weakref import WeakSet

from mitmproxy import connection, http, tls
from mitmproxy.proxy import layer, layers
from mitmproxy.proxy.mode_specs import UpstreamMode

from promptguard.configuration.upstream_settings import Passage
from promptguard.notices.page import refuse_page
from promptguard.proxy.addresses import forbidden_behind, is_address
from promptguard.proxy.flow_conversion import answer_with
from promptguard.proxy.gateway import Gateway
from promptguard.proxy.hooks import ends_with
from promptguard.proxy.names import target_of
from promptguard.proxy.outer_tls import is_before_proxy, is_in_tunnel
from promptguard.proxy.tunnels import let_pass
from promptguard.reasons import Code, Reason

_HOST = re.compile(rb"^host:([^\r\n]*)|^[A-Z]+ https?://([^/\s]*)", re.IGNORECASE | re.MULTILINE)
_METHODS = (b"GET ", b"POST ", b"PUT ", b"PATCH ", b"DELETE ", b"HEAD ", b"OPTIONS ")
_MAX_HEAD = 64 * 1024
_TLS_HANDSHAKE = b"\x16"
"""The first byte of a TLS connection: the content type of its record (RFC 8446 5.1)."""

_UNCHECKED = Reason(Code.TARGET_UNCHECKED)


class Targets:
    """Leads connections to AI services to inspection, and all others past it."""

    name = "promptguard_targets"

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._tunnels: WeakSet[connection.Client] = WeakSet()

    def _intercept(self, *_: object) -> None:
        """Where it cannot be told what passes untouched, nothing does."""

    @ends_with(_intercept)
    def tls_clienthello(self, data: tls.ClientHelloData) -> None:
        """Decrypt connections to AI services only, and those to the proxy itself."""
        if is_before_proxy(data.context):
            return
        address = data.context.server.address
        names = (address[0] if address else None, data.client_hello.sni)
        if target_of(self._gateway.service.registry, names) is not None or self._is_sign_in(names):
            return
        data.ignore_connection = True
        self._gateway.see(names)
        if not data.client_hello.sni and self._needs_name(address):
            self._gateway.unnamed.add(data.context.client)

    @ends_with(_intercept)
    async def http_connect(self, flow: http.HTTPFlow) -> None:
        """Connect at once to hosts that are no AI services: there, the server may be the one that speaks first."""
        host, port = flow.request.host, flow.request.port
        known = target_of(self._gateway.service.registry, (host,)) is not None or self._is_sign_in((host,))
        if not await self._forbid(flow) and not known and not self._needs_name((host, port)):
            let_pass(flow)

    def _is_sign_in(self, names: Iterable[str | None]) -> bool:
        """Whether people sign in there, and a provider looks for the company's workspace in a header field."""
        workspaces = self._gateway.service.bundle.workspaces
        return any(name and workspaces.is_sign_in(name) for name in names)

    def _needs_name(self, address: tuple[str, int] | None) -> bool:
        """Whether a connection to an address is only made once it has named a host."""
        if self._gateway.service.settings.upstream.unnamed_tls is Passage.RELAY:
            return False
        return address is None or is_address(address[0])

    def _close(self, flow: http.HTTPFlow, _: Exception) -> None:
        flow.response = http.Response.make(403, self._gateway.said(_UNCHECKED))

    @ends_with(_close)
    async def requestheaders(self, flow: http.HTTPFlow) -> None:
        if not await self._forbid(flow) and self._is_own_address(flow):
            answer_with(flow, refuse_page(self._gateway.notices_for(flow).proxy(), 200))

    def _is_own_address(self, flow: http.HTTPFlow) -> bool:
        """Whether somebody opens the proxy's own address, as if it were a website's: to mitmproxy, an unknown one."""
        client, request = flow.client_conn, flow.request
        if request.scheme != "http" or client.tls or flow.response is not None:
            return False
        own = [client.sockname[:2], *self._gateway.service.listening]
        hosts = {"localhost", *(host for host, _ in own)}
        return request.host.strip("[]").lower() in hosts and request.port in {port for _, port in own}

    async def _forbid(self, flow: http.HTTPFlow) -> bool:
        """Refuse what the parent proxy could lead back to this machine: it connects, and not we."""
        if not isinstance(flow.client_conn.proxy_mode, UpstreamMode) or flow.response is not None:
            return False
        if flow.client_conn in self._tunnels:
            return False  # it goes where its CONNECT request did
        service = self._gateway.service
        private = service.settings.upstream.private_addresses is Passage.RELAY
        problem = await forbidden_behind(flow.request.host, flow.request.port, service.listening, private=private)
        if problem:
            flow.response = http.Response.make(403, self._gateway.said(problem))
        elif flow.request.method == "CONNECT":
            self._tunnels.add(flow.client_conn)
        return problem is not None

    @ends_with(_intercept)
    def next_layer(self, nextlayer: layer.NextLayer) -> None:
        """Let tunnels to other hosts pass untouched that are not TLS (ssh through the proxy, plain HTTP)."""
        context = nextlayer.context
        address = context.server.address
        said = nextlayer.data_client()
        if (
            address is None
            or not is_in_tunnel(context)
            or (said.startswith(_TLS_HANDSHAKE) and not nextlayer.data_server())
        ):
            return
        known = target_of(self._gateway.service.registry, (address[0], *_hosts_in(said))) is not None
        if not known and not _is_unfinished_head(said):
            nextlayer.layer = layers.TCPLayer(context, ignore=True)


def _hosts_in(said: bytes) -> list[str]:
    """The hosts that unencrypted HTTP in a tunnel names."""
    return [name.decode("latin-1") for found in _HOST.findall(said) for name in found if name]


def _is_unfinished_head(said: bytes) -> bool:
    """Whether it is the beginning of unencrypted HTTP that may still name its host: it comes in pieces as it likes.

    Then it is read as HTTP, which tells once more whose it is. Empty lines before it count for nothing (RFC 9112 2.2).
    """
    head = said.lstrip(b"\r\n")
    if not said or len(said) > _MAX_HEAD or b"\r\n\r\n" in head or b"\n\n" in head:
        return False
    return any(head.startswith(method) or method.startswith(head) for method in _METHODS)
