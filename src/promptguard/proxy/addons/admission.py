"""Who may use the proxy."""

from __future__ import annotations

from mitmproxy import connection

from promptguard.proxy.gateway import Gateway
from promptguard.proxy.hooks import ends_with
from promptguard.proxy.seldom import Seldom
from promptguard.typed_yaml.fields import is_this_machine

_TURNED_AWAY = (
    "%s was turned away: it is not this machine, and nobody is named for it. Put its address into identities.yaml, set "
    "identity.htpasswd, or allow_unknown_clients."
)


class Admission:
    """Turns away machines that nobody named. Where credentials are asked for, these decide."""

    name = "promptguard_admission"

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._seldom = Seldom()

    def _refuse(self, client: connection.Client, _: Exception) -> None:
        client.error = "PromptGuard could not tell who connects."

    @ends_with(_refuse)
    def client_connected(self, client: connection.Client) -> None:
        address = client.peername[0]
        if not self._welcome(address):
            client.error = "This machine is not known to PromptGuard."
            self._seldom.warn(_TURNED_AWAY, address)

    def _welcome(self, address: str) -> bool:
        service = self._gateway.service
        settings = service.settings.identity
        override = self._gateway.allow_unknown_clients
        if (settings.allow_unknown_clients if override is None else override) or settings.asks:
            return True
        return is_this_machine(address) or service.identities.user_at(address) is not None
