"""A mitmproxy addon for benchmarks: every connection to a service goes to a stand-in instead."""

from collections.abc import Sequence

from mitmproxy import ctx
from mitmproxy.addonmanager import Loader
from mitmproxy.proxy.server_hooks import ServerConnectionHookData


class Redirect:
    """Sends all upstream connections to the option `redirect_to`, `ADDRESS:PORT`. Server names stay as they are."""

    def load(self, loader: Loader) -> None:
        loader.add_option("redirect_to", str, "", "ADDRESS:PORT for all upstream connections.")

    def server_connect(self, data: ServerConnectionHookData) -> None:
        address, _, port = ctx.options.redirect_to.rpartition(":")
        data.server.address = (address, int(port))


addons: Sequence[object] = [Redirect()]
