"""A mitmproxy addon for benchmarks: every connection to a service goes to a stand-in instead."""

from mitmproxy import ctx
from mitmproxy.addonmanager import Loader
from mitmproxy.connection import Address, Server
from mitmproxy.proxy.server_hooks import ServerConnectionHookData


class Redirect:
    """Sends all upstream connections to the option `redirect_to`, `ADDRESS:PORT`. Server names stay as they are."""

    def __init__(self) -> None:
        self._addresses: dict[Server, Address | None] = {}

    def load(self, loader: Loader) -> None:
        loader.add_option("redirect_to", str, "", "ADDRESS:PORT for all upstream connections.")

    def server_connect(self, data: ServerConnectionHookData) -> None:
        address, _, port = ctx.options.redirect_to.rpartition(":")
        self._addresses[data.server] = data.server.address
        data.server.address = (address, int(port))

    def server_connected(self, data: ServerConnectionHookData) -> None:
        # mitmproxy reuses a connection for the next request only if it has the address that the request asks for; with
        # another one it opens a new connection each time, and waits for ever after five of them. It refuses to change
        # the address of an open connection by assignment.
        vars(data.server)["address"] = self._addresses.pop(data.server)

    def server_connect_error(self, data: ServerConnectionHookData) -> None:
        self._addresses.pop(data.server, None)


addons = [Redirect()]
