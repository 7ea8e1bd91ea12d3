"""Which connections are decrypted, which pass untouched, and where connections may go."""

from __future__ import annotations

import re
from weakref import WeakKeyDictionary

from mitmproxy import connection, ctx, http, tls
from mitmproxy.proxy import layer, layers, server_hooks
from mitmproxy.proxy.mode_specs import UpstreamMode

from promptguard.proxy.addresses import Address, forbidden_name, forbidden_peer, forbidden_target, redirected
from promptguard.proxy.gateway import Gateway
from promptguard.proxy.hooks import ends_with
from promptguard.proxy.names import target_of
from promptguard.proxy.tunnels import let_pass
from promptguard.reasons import Code, Reason

_HOST = re.compile(rb"^host:([^\r\n]*)|^[A-Z]+ https?://([^/\s]*)", re.IGNORECASE | re.MULTILINE)
_TLS_HANDSHAKE = b"\x16"
"""The first byte of a TLS connection: the content type of its record (RFC 8446 5.1)."""

_UNCHECKED = Reason(Code.TARGET_UNCHECKED)


class Targets:
    """Leads connections to AI services to inspection, and all others past it."""

    name = "promptguard_targets"

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._asked_for: WeakKeyDictionary[connection.Server, Address] = WeakKeyDictionary()
        self._checked: WeakKeyDictionary[connection.Server, tuple[str, int]] = WeakKeyDictionary()

    def _intercept(self, *_: object) -> None:
        """Where it cannot be told what passes untouched, nothing does."""

    @ends_with(_intercept)
    def tls_clienthello(self, data: tls.ClientHelloData) -> None:
        """Decrypt connections to AI services only."""
        address = data.context.server.address
        names = (address[0] if address else None, data.client_hello.sni)
        if target_of(self._gateway.service.registry, names) is None:
            data.ignore_connection = True

    @ends_with(_intercept)
    def http_connect(self, flow: http.HTTPFlow) -> None:
        """Connect at once to hosts that are no AI services: there, the server may be the one that speaks first."""
        if not self._forbid(flow) and target_of(self._gateway.service.registry, (flow.request.host,)) is None:
            let_pass(flow)

    def _close(self, flow: http.HTTPFlow, _: Exception) -> None:
        flow.response = http.Response.make(403, self._gateway.said(_UNCHECKED))

    @ends_with(_close)
    def requestheaders(self, flow: http.HTTPFlow) -> None:
        self._forbid(flow)

    def _forbid(self, flow: http.HTTPFlow) -> bool:
        """Refuse what the parent proxy could lead back to this machine: it connects, and we only see names."""
        if not isinstance(flow.client_conn.proxy_mode, UpstreamMode):
            return False
        problem = forbidden_name(flow.request.host, flow.request.port, self._gateway.service.listening)
        if problem and flow.response is None:
            flow.response = http.Response.make(403, self._gateway.said(problem))
        return problem is not None

    @ends_with(_intercept)
    def next_layer(self, nextlayer: layer.NextLayer) -> None:
        """Let tunnels to other hosts pass untouched that are not TLS (ssh through the proxy, plain HTTP)."""
        context = nextlayer.context
        address = context.server.address
        said = nextlayer.data_client()
        tunnelled = len(context.layers) > 1 and address is not None and context.client.tls_version is None
        if not tunnelled or (said.startswith(_TLS_HANDSHAKE) and not nextlayer.data_server()):
            return
        assert address is not None
        if target_of(self._gateway.service.registry, (address[0], *_hosts_in(said))) is None:
            nextlayer.layer = layers.TCPLayer(context, ignore=True)

    def _refuse(self, data: server_hooks.ServerConnectionHookData, _: Exception) -> None:
        data.server.error = self._gateway.said(_UNCHECKED)

    @ends_with(_refuse)
    async def server_connect(self, data: server_hooks.ServerConnectionHookData) -> None:
        address = data.server.address
        if address is None:
            return
        if _is_parent(data):
            return  # a proxy that the company has named; it may well be on this machine
        if target := redirected(self._gateway.connect_to, address[0]):
            self._asked_for[data.server] = address
            data.server.address = target
            return
        self._checked[data.server] = address
        if problem := await forbidden_target(address[:2], self._gateway.service.listening):
            data.server.error = self._gateway.said(problem)

    def _cut_off(self, data: server_hooks.ServerConnectionHookData, _: Exception) -> None:
        _cut(data)

    @ends_with(_cut_off)
    def server_connected(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Give a re-addressed connection the name back that it was asked for; look where others have led."""
        # mitmproxy uses a connection for a further request only if it has the address that the request asks for.
        # Otherwise it opens another one each time, and after five of them it waits for one to end. It refuses to change
        # the address of an open connection by assignment.
        if address := self._asked_for.pop(data.server, None):
            vars(data.server)["address"] = address
        elif self._checked.pop(data.server, None) == data.server.address:  # else another addon leads it elsewhere
            self._check_peer(data)

    def _check_peer(self, data: server_hooks.ServerConnectionHookData) -> None:
        peer, own = data.server.peername, data.server.sockname
        assert peer is not None and own is not None
        problem = forbidden_peer(peer[:2], own[:2], self._gateway.service.listening)
        if problem:
            data.server.error = self._gateway.said(problem)
            _cut(data)


def _hosts_in(said: bytes) -> list[str]:
    """The hosts that unencrypted HTTP in a tunnel names."""
    return [name.decode("latin-1") for found in _HOST.findall(said) for name in found if name]


def _cut(data: server_hooks.ServerConnectionHookData) -> None:
    """End a connection to a server before anything was said on it: what is written from now on goes nowhere."""
    handler = ctx.master.addons.get("proxyserver").connections[data.client.id]
    handler.transports[data.server].writer.close()


def _is_parent(data: server_hooks.ServerConnectionHookData) -> bool:
    mode, address = data.client.proxy_mode, data.server.address
    return isinstance(mode, UpstreamMode) and address is not None and address[:2] == mode.address
