"""A foreign mitmproxy addon: it sends every connection to a stand-in provider and signs every answer."""

from __future__ import annotations

from mitmproxy import ctx, http
from mitmproxy.addonmanager import Loader
from mitmproxy.proxy.server_hooks import ServerConnectionHookData


class Neighbour:
    def load(self, loader: Loader) -> None:
        loader.add_option("neighbour_provider", str, "", "ADDRESS:PORT of the stand-in provider.")

    def server_connect(self, data: ServerConnectionHookData) -> None:
        address, _, port = ctx.options.neighbour_provider.rpartition(":")
        data.server.address = (address, int(port))

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        if flow.response is not None:
            flow.response.headers["x-neighbour"] = "was here"


addons = [Neighbour()]
