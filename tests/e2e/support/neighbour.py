"""A foreign mitmproxy addon: it sends every connection to a stand-in provider and signs every answer."""

from __future__ import annotations

from mitmproxy import ctx, http
from mitmproxy.addonmanager import Loader
from mitmproxy.connection import Address, Server
from mitmproxy.proxy.server_hooks import ServerConnectionHookData


class Neighbour:
    def __init__(self) -> None:
        self._addresses: dict[Server, Address | None] = {}

    def load(self, loader: Loader) -> None:
        loader.add_option("neighbour_provider", str, "", "ADDRESS:PORT of the stand-in provider.")

    def server_connect(self, data: ServerConnectionHookData) -> None:
        address, _, port = ctx.options.neighbour_provider.rpartition(":")
        self._addresses[data.server] = data.server.address
        data.server.address = (address, int(port))

    def server_connected(self, data: ServerConnectionHookData) -> None:
        # mitmproxy uses a connection again only under the address that requests ask for, and refuses the assignment.
        vars(data.server)["address"] = self._addresses.pop(data.server)

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        if flow.response is not None:
            flow.response.headers["x-neighbour"] = "was here"


addons = [Neighbour()]
