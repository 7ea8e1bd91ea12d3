"""Our own mitmproxy master: only the addons that a DLP proxy needs, which takes about a third less CPU a request."""

from __future__ import annotations

from pathlib import Path

from mitmproxy import exceptions
from mitmproxy.addons import (
    core,
    disable_h2c,
    errorcheck,
    next_layer,
    proxyauth,
    proxyserver,
    upstream_auth,
)
from mitmproxy.master import Master
from mitmproxy.options import Options

from promptguard.errors import PromptGuardError
from promptguard.proxy.addon import PromptGuardAddon
from promptguard.proxy.addon_manager import QuickAddonManager
from promptguard.proxy.shared_port import share_port
from promptguard.proxy.tls_names import ConstrainedTlsConfig
from promptguard.rollout.ca import make_ca
from promptguard.rollout.ca_constraints import permitted_by
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.member import Member


class ProxyMaster(Master):
    """mitmproxy with PromptGuard and nothing else.

    Args:
        config: the configuration folder.
        data: the folder for database, keys and CA.
        listen: address and port; None takes what the configuration says.
        connect_to: `HOST=ADDRESS:PORT` specs, see `addresses.parse_connect_to`.
        upstream_ca: PEM file with the CAs that services' certificates are checked against.
        upstream_proxy: URL of a further proxy that everything goes through; None takes what the configuration says.
        allow_unknown_clients: serve other machines without knowing who uses them; None takes what the configuration
            says.
        member: which of several processes of one port this is; None where it is the only one.

    Raises:
        mitmproxy.exceptions.OptionsError: an option or a configuration file is wrong.
    """

    def __init__(
        self,
        config: Path,
        data: Path,
        *,
        listen: tuple[str, int] | None = None,
        connect_to: tuple[str, ...] = (),
        upstream_ca: Path | None = None,
        upstream_proxy: str | None = None,
        allow_unknown_clients: bool | None = None,
        member: Member | None = None,
    ) -> None:
        super().__init__(Options())
        self.addons = QuickAddonManager(self)
        self.promptguard = PromptGuardAddon(config, data, member)
        self.addons.add(
            core.Core(),
            disable_h2c.DisableH2C(),
            proxyauth.ProxyAuth(),
            proxyserver.Proxyserver(),
            upstream_auth.UpstreamAuth(),
            self.promptguard,
            next_layer.NextLayer(),
            ConstrainedTlsConfig(),
            errorcheck.ErrorCheck(),
        )
        if member is not None:
            share_port()
        folder = DataFolder(data)
        try:
            make_ca(folder, permitted_by(self.promptguard.gateway.service.bundle))
        except PromptGuardError as error:
            raise exceptions.OptionsError(str(error)) from None
        self.options.update(
            confdir=str(folder.ca),
            promptguard_connect_to=list(connect_to),
            **({"promptguard_upstream_proxy": upstream_proxy} if upstream_proxy else {}),
        )
        service = self.promptguard.gateway.service
        host, port = listen or service.settings.address
        self.options.update(listen_host=host, listen_port=port)
        if allow_unknown_clients is not None:
            self.promptguard.gateway.allow_unknown_clients = allow_unknown_clients
        if upstream_ca is not None:
            trusted = service.trusted_with(upstream_ca)
            self.options.update(ssl_verify_upstream_trusted_ca=str(trusted))

    def stop(self) -> None:
        """End `run`; from any thread or signal handler."""
        self.event_loop.call_soon_threadsafe(self.should_exit.set)
