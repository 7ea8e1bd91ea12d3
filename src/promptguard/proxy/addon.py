"""The mitmproxy addon: its options, its start and end, and the addons that it is made of."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Sequence
from pathlib import Path

from mitmproxy import ctx, exceptions
from mitmproxy.addonmanager import Loader

from promptguard.errors import PromptGuardError
from promptguard.proxy.addons.admission import Admission
from promptguard.proxy.addons.answers import Answers
from promptguard.proxy.addons.requests import Requests
from promptguard.proxy.addons.targets import Targets
from promptguard.proxy.addons.websockets import WebSockets
from promptguard.proxy.addresses import parse_connect_to
from promptguard.proxy.gateway import Gateway
from promptguard.proxy.identity import RememberingHtpasswd
from promptguard.proxy.layers import install
from promptguard.runtime.service import Service


class PromptGuardAddon:
    """Everything that mitmproxy has to load. The addons within stand in the order in which traffic meets them."""

    name = "promptguard"

    def __init__(self) -> None:
        self.gateway = Gateway()
        self.addons = [addon(self.gateway) for addon in (Admission, Targets, Requests, Answers, WebSockets)]
        self._starting: asyncio.Task[None] | None = None

    def load(self, loader: Loader) -> None:
        install()
        # Presidio tells of each recognizer it loads; under mitmdump that would be printed.
        logging.getLogger("presidio-analyzer").setLevel(logging.WARNING)
        loader.add_option(
            "promptguard_config",
            str,
            os.environ.get("PROMPTGUARD_CONFIG", "config"),
            "Folder with PromptGuard's configuration.",
        )
        loader.add_option(
            "promptguard_data",
            str,
            os.environ.get("PROMPTGUARD_DATA", "data"),
            "Folder for PromptGuard's database and keys.",
        )
        loader.add_option(
            "promptguard_connect_to",
            Sequence[str],
            [],
            "HOST=ADDRESS:PORT: fetch answers for HOST from elsewhere, for trials against a stand-in.",
        )

    def configure(self, updated: set[str]) -> None:
        if updated & {"promptguard_config", "promptguard_data"} or self.gateway.running is None:
            self._configure_service()
        if "promptguard_connect_to" in updated:
            try:
                self.gateway.connect_to = parse_connect_to(ctx.options.promptguard_connect_to)
            except ValueError as error:
                raise exceptions.OptionsError(str(error)) from None

    def _configure_service(self) -> None:
        try:
            service = Service(Path(ctx.options.promptguard_config), Path(ctx.options.promptguard_data))
        except PromptGuardError as error:
            raise exceptions.OptionsError(str(error)) from None
        except Exception as error:  # mitmproxy would go on without a service; with this it ends
            raise exceptions.OptionsError(f"PromptGuard cannot start: {type(error).__name__}: {error}") from error
        self.gateway.running = service
        settings = service.settings
        changed: dict[str, object] = {
            "connection_strategy": "lazy",  # a blocked request opens no connection to the service
            "upstream_cert": False,
            "rawtcp": False,  # inside TLS to an AI service only HTTP is read; anything else must not pass as raw bytes
            "http3": False,
        }
        if settings.upstream.ca_file:
            changed["ssl_verify_upstream_trusted_ca"] = str(service.trusted_with(settings.upstream.ca_file))
        if "flow_detail" in ctx.options:
            changed["flow_detail"] = 0  # mitmdump would print full addresses, which may carry prompts
        if settings.identity.htpasswd:
            changed["proxyauth"] = f"@{settings.identity.htpasswd}"
        ctx.options.update(**changed)
        if settings.identity.htpasswd and (proxyauth := ctx.master.addons.get("proxyauth")):
            proxyauth.validator = RememberingHtpasswd(settings.identity.htpasswd)

    def running(self) -> None:
        service = self.gateway.service
        service.listening = [
            address[:2] for server in ctx.master.addons.get("proxyserver").servers for address in server.listen_addrs
        ]
        service.listens.set()
        self._starting = asyncio.get_running_loop().create_task(self._start(service))

    async def _start(self, service: Service) -> None:
        try:
            await service.start()
        except asyncio.CancelledError:
            raise
        except Exception as error:
            service.failed(error)
            ctx.master.shutdown()

    async def done(self) -> None:
        if self._starting:
            self._starting.cancel()
        if self.gateway.running:
            await self.gateway.running.stop()
