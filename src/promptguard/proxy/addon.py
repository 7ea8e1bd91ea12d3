"""The mitmproxy addon: its options, its start and end, and the addons that it is made of."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Sequence
from pathlib import Path

from mitmproxy import ctx, exceptions
from mitmproxy.addonmanager import Loader

from promptguard import process_memory
from promptguard.configuration.parent_proxy import parse_parent_proxy
from promptguard.errors import PromptGuardError
from promptguard.installation.folders import config_folder, data_folder
from promptguard.proxy import client_handler
from promptguard.proxy.addons.admission import Admission
from promptguard.proxy.addons.answers import Answers
from promptguard.proxy.addons.authentication import Authentication
from promptguard.proxy.addons.connections import Connections
from promptguard.proxy.addons.distrust import Distrust
from promptguard.proxy.addons.farewell import Farewell
from promptguard.proxy.addons.page_decisions import PageDecisions
from promptguard.proxy.addons.page_layer import PageLayer
from promptguard.proxy.addons.parent_proxies import ParentProxies
from promptguard.proxy.addons.proxy_tls import ProxyTls
from promptguard.proxy.addons.requests import Requests
from promptguard.proxy.addons.targets import Targets
from promptguard.proxy.addons.timeouts import Timeouts
from promptguard.proxy.addons.websockets import WebSockets
from promptguard.proxy.addons.workspace_fields import WorkspaceFields
from promptguard.proxy.addresses import parse_connect_to
from promptguard.proxy.gateway import Gateway
from promptguard.proxy.host_options import check_modes, hold
from promptguard.proxy.layers import install
from promptguard.proxy.parents import Parents
from promptguard.proxy.quiet_logs import keep_values_out
from promptguard.rollout.pac_server import PacServer
from promptguard.runtime.member import Member
from promptguard.runtime.service import Service
from promptguard.runtime.small_server import SmallServer

_OF_THE_SERVICE = {"promptguard_config", "promptguard_data", "promptguard_upstream_proxy"}
"""Options that are read when the service is made."""


class PromptGuardAddon:
    """Everything that mitmproxy has to load. The addons within stand in the order in which traffic meets them.

    Args:
        config: the configuration folder where no option says another; None takes that of `config_folder`.
        data: the data folder, likewise; or that of `data_folder`.
        member: which of several processes of one port this is; None where it is the only one.
    """

    name = "promptguard"

    def __init__(self, config: Path | None = None, data: Path | None = None, member: Member | None = None) -> None:
        self._member = member
        self._config = str(config or config_folder())
        self._data = str(data or data_folder())
        self.gateway = Gateway()
        self._connections = Connections(self.gateway)
        before, after = (
            (Admission, ProxyTls, Authentication, Timeouts, Targets, ParentProxies, Distrust),
            (PageDecisions, Requests, WorkspaceFields, Answers, PageLayer, WebSockets, Farewell),
        )
        self.addons: list[object] = [addon(self.gateway) for addon in before]
        self.addons += [self._connections, *(addon(self.gateway) for addon in after)]
        self._starting: asyncio.Task[None] | None = None
        self._small_servers: list[SmallServer] = []

    def load(self, loader: Loader) -> None:
        install()
        client_handler.install()
        keep_values_out()
        process_memory.keep_private()
        # Presidio tells of each recognizer it loads; under mitmdump that would be printed.
        logging.getLogger("presidio-analyzer").setLevel(logging.WARNING)
        loader.add_option(
            "promptguard_config",
            str,
            self._config,
            "Folder with PromptGuard's configuration.",
        )
        loader.add_option(
            "promptguard_data",
            str,
            self._data,
            "Folder for PromptGuard's database and keys.",
        )
        loader.add_option(
            "promptguard_connect_to",
            Sequence[str],
            [],
            "HOST=ADDRESS:PORT: fetch answers for HOST from elsewhere, for trials against a stand-in.",
        )
        loader.add_option(
            "promptguard_upstream_proxy",
            str,
            os.environ.get("PROMPTGUARD_UPSTREAM_PROXY", ""),
            "A further proxy that everything goes through, in place of the configured one.",
        )

    def configure(self, updated: set[str]) -> None:
        check_modes(ctx.options)
        if updated & _OF_THE_SERVICE or self.gateway.running is None:
            self._configure_service()
        hold(ctx.options)
        if "promptguard_connect_to" in updated:
            try:
                self.gateway.connect_to = parse_connect_to(ctx.options.promptguard_connect_to)
            except ValueError as error:
                raise exceptions.OptionsError(str(error)) from None

    def _configure_service(self) -> None:
        try:
            service = Service(Path(ctx.options.promptguard_config), Path(ctx.options.promptguard_data), self._member)
        except PromptGuardError as error:
            raise exceptions.OptionsError(str(error)) from None
        except Exception as error:  # mitmproxy would go on without a service; with this it ends
            raise exceptions.OptionsError(f"PromptGuard cannot start: {type(error).__name__}: {error}") from error
        self.gateway.running = service
        settings = service.settings
        changed: dict[str, object] = {"tcp_timeout": settings.timeouts.idle_s}
        if settings.upstream.ca_file:
            changed["ssl_verify_upstream_trusted_ca"] = str(service.trusted_with(settings.upstream.ca_file))
        ctx.options.update(**changed)
        self._configure_parent()
        if settings.socks_address and len(ctx.options.mode) == 1:
            host, port = settings.socks_address
            ctx.options.update(mode=[*ctx.options.mode, f"socks5@{host}:{port}"])

    def _configure_parent(self) -> None:
        """Go through another proxy, unless mitmproxy's own options say in which mode it runs."""
        upstream = self.gateway.service.settings.upstream
        url = ctx.options.promptguard_upstream_proxy or upstream.proxy
        try:
            self.gateway.parents = Parents(parse_parent_proxy(url) if url else None, upstream.routes)
        except ValueError as error:
            raise exceptions.OptionsError(f"The further proxy: {error}.") from None
        first = self.gateway.parents.first
        if first and ctx.options.mode == ["regular"]:
            ctx.options.update(mode=[f"upstream:{first.url}"])

    def running(self) -> None:
        ctx.master.addons.add(self._connections.last_word)
        service = self.gateway.service
        service.listening = [
            address[:2] for server in ctx.master.addons.get("proxyserver").servers for address in server.listen_addrs
        ]
        service.listens.set()
        self._starting = asyncio.get_running_loop().create_task(self._start(service))

    async def _start(self, service: Service) -> None:
        try:
            if self._member is None or self._member.is_first:
                self._serve_laptops(service)
            await service.start()
        except asyncio.CancelledError:
            raise
        except Exception as error:
            service.failed(error)
            ctx.master.shutdown()

    def _serve_laptops(self, service: Service) -> None:
        """Have laptops fetch the PAC file, and sign in."""
        settings = service.settings
        if settings.pac.address:
            self._small_servers.append(PacServer(settings.pac, lambda: service.bundle))
        if settings.identity.openid:
            from promptguard.device_sign_in.start import open_device_server  # takes time to import

            self._small_servers.append(open_device_server(settings, lambda: service.bundle, service.keys))
        for server in self._small_servers:
            server.start()

    async def done(self) -> None:
        if ctx.master.addons.get(self._connections.last_word.name):
            ctx.master.addons.remove(self._connections.last_word)
        if self._starting:
            self._starting.cancel()
        for server in self._small_servers:
            await asyncio.to_thread(server.stop)
        if self.gateway.running:
            await self.gateway.running.stop()
