"""Takes connections of clients: those that a load balancer hands on are the client's whose it says they are."""

from __future__ import annotations

import asyncio
from typing import Final

from mitmproxy.proxy import mode_servers
from mitmproxy.proxy.mode_servers import ProxyConnectionHandler
from mitmproxy.proxy.mode_specs import TransparentMode

from promptguard.proxy.addresses import Address
from promptguard.proxy.proxy_protocol import WrongHeader, read_header
from promptguard.proxy.seldom import Seldom
from promptguard.typed_yaml.fields import is_this_machine

HEADER_SECONDS: Final = 5.0
"""After which a balancer that has sent no PROXY header is refused; it sends it with its first packet."""

_REFUSED = (
    "%s was refused: it is one of proxy.load_balancers, and sent no PROXY header as the protocol has it (%s). In "
    "HAProxy, write `send-proxy-v2` on the server's line; or take the address out of proxy.load_balancers."
)
_seldom = Seldom()


def install() -> None:
    """Let mitmproxy hand new connections to this handler. May be called again."""
    vars(mode_servers).update(ProxyConnectionHandler=ClientHandler)


class ClientHandler(ProxyConnectionHandler):
    """Reads the PROXY header of a connection before anybody else learns of it."""

    async def handle_client(self) -> None:
        welcome, writer = False, self.transports[self.client].writer
        try:
            welcome = await self._announced(self.client.peername)
        finally:
            if not welcome and writer is not None:  # or it cannot be told whose it is
                writer.close()
        if welcome:
            await super().handle_client()

    async def _announced(self, peer: Address) -> bool:
        """Learn whose connection this is; False where a balancer has not said so."""
        addon, reader = self.master.addons.get("promptguard"), self.transports[self.client].reader
        settings = addon.gateway.service.settings.proxy if addon else None
        if settings is None or not isinstance(reader, asyncio.StreamReader) or not settings.is_load_balancer(peer[0]):
            return True
        try:
            async with asyncio.timeout(HEADER_SECONDS):
                announced = await read_header(reader)
        except (WrongHeader, TimeoutError, OSError) as error:
            _seldom.warn(_REFUSED, peer[0], error if isinstance(error, WrongHeader) else "there came none in time")
            return False
        if announced is None:
            return True
        source, port = announced.source
        # Someone on the balancer's own machine, which is another one than this: they are at its address.
        elsewhere = is_this_machine(source) and not is_this_machine(peer[0])
        self.client.peername = (peer[0] if elsewhere else source, port)
        if not isinstance(self.client.proxy_mode, TransparentMode):  # where it tells what the client asked for
            self.client.sockname = announced.destination
        return True
