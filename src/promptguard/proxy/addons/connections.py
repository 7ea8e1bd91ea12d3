"""Connections to servers: to addresses that were checked, and to no others."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from mitmproxy import connection, ctx
from mitmproxy.proxy import server_hooks

from promptguard.configuration.upstream_settings import Passage
from promptguard.proxy.addresses import Address, Failing, checked_addresses, forbidden_peer, redirected
from promptguard.proxy.gateway import Gateway
from promptguard.proxy.hooks import ends_with
from promptguard.proxy.parents import leads_to_parent
from promptguard.reasons import Code, Reason

_UNCHECKED = Reason(Code.TARGET_UNCHECKED)
_UNNAMED = Reason(Code.TARGET_UNNAMED)


class Connections:
    """Looks up where a connection leads, and has it lead there.

    Other addons go by the name that was asked for, and may lead a connection elsewhere. So `LastWord` has the address
    checked after all of them.
    """

    name = "promptguard_connections"

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._asked_for: WeakKeyDictionary[connection.Server, Address] = WeakKeyDictionary()
        self._checked: WeakKeyDictionary[connection.Server, Address] = WeakKeyDictionary()
        self._failing = Failing()
        self.last_word = LastWord(self)

    def refuse(self, data: server_hooks.ServerConnectionHookData, _: Exception) -> None:
        """Make no connection."""
        data.server.error = self._gateway.said(_UNCHECKED)

    @ends_with(refuse)
    async def server_connect(self, data: server_hooks.ServerConnectionHookData) -> None:
        if data.client in self._gateway.unnamed:
            data.server.error = self._gateway.said(_UNNAMED)
            return
        address = data.server.address
        if address is None or leads_to_parent(data.server):
            return  # a proxy that the company has named; it may well be on this machine
        self._asked_for[data.server] = address
        if target := redirected(self._gateway.connect_to, address[0]):
            data.server.address = target
        elif ctx.master.addons.get(LastWord.name) is None:  # in the moment between listening and `running`
            await self.check(data)

    async def check(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Have a connection lead to a checked address, unless it is led elsewhere than it was asked to."""
        address = data.server.address
        if data.server.error or address is None or self._asked_for.get(data.server) != address:
            return
        service = self._gateway.service
        private = service.settings.upstream.private_addresses is Passage.RELAY
        found = await checked_addresses(address[:2], service.listening, private=private)
        if isinstance(found, Reason):
            data.server.error = self._gateway.said(found)
            return
        data.server.address = self._checked[data.server] = (self._failing.first_other(found), address[1])

    @ends_with(refuse)
    def server_connect_error(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Take another address of the same name the next time."""
        if address := self._checked.pop(data.server, None):
            self._failing.note(address[0])
        self._restore_name(data.server)

    def _cut_off(self, data: server_hooks.ServerConnectionHookData, _: Exception) -> None:
        _cut(data)

    @ends_with(_cut_off)
    def server_connected(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Look where a connection has led that nobody has led elsewhere."""
        checked = self._checked.pop(data.server, None)
        if checked is not None and checked == data.server.address:
            self._check_peer(data)
        self._restore_name(data.server)

    def _restore_name(self, server: connection.Server) -> None:
        """Give a re-addressed connection the name back that it was asked for."""
        # mitmproxy uses a connection for a further request only if it has the address that the request asks for.
        # Otherwise it opens another one each time, and after five of them it waits for one to end. It refuses to change
        # the address of an open connection by assignment.
        if address := self._asked_for.pop(server, None):
            vars(server)["address"] = address

    def _lose(self, *_: object) -> None:
        """What is lost is a socket until the garbage is collected."""

    @ends_with(_lose)
    def server_disconnected(self, data: server_hooks.ServerConnectionHookData) -> None:
        _close_left_open(data.client, data.server)

    @ends_with(_lose)
    def client_disconnected(self, client: connection.Client) -> None:
        _close_left_open(client, client)

    def _check_peer(self, data: server_hooks.ServerConnectionHookData) -> None:
        peer, own = data.server.peername, data.server.sockname
        assert peer is not None and own is not None
        problem = forbidden_peer(peer[:2], own[:2], self._gateway.service.listening)
        if problem:
            data.server.error = self._gateway.said(problem)
            _cut(data)


class LastWord:
    """Stands behind all other addons."""

    name = "promptguard_last_word"

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def _refuse(self, data: server_hooks.ServerConnectionHookData, error: Exception) -> None:
        self._connections.refuse(data, error)

    @ends_with(_refuse)
    async def server_connect(self, data: server_hooks.ServerConnectionHookData) -> None:
        await self._connections.check(data)


def _cut(data: server_hooks.ServerConnectionHookData) -> None:
    """End a connection to a server before anything was said on it: what is written from now on goes nowhere."""
    handler = ctx.master.addons.get("proxyserver").connections[data.client.id]
    handler.transports[data.server].writer.close()


def _close_left_open(client: connection.Client, end: connection.Connection) -> None:
    """Close a socket that mitmproxy has forgotten: its task was cancelled while it waited for its turn."""
    handler = ctx.master.addons.get("proxyserver").connections.get(client.id)
    transport = handler.transports.get(end) if handler else None
    if transport is not None and transport.writer is not None:
        transport.writer.close()
