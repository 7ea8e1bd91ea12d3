"""The mitmproxy addon. Its hooks stand in the order in which traffic meets them.

mitmproxy logs an exception in a hook and forwards the request all the same, so no hook may let one out: every one of
them ends closed.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from weakref import WeakKeyDictionary

from mitmproxy import connection, ctx, exceptions, http, tls
from mitmproxy.addonmanager import Loader
from mitmproxy.proxy import layer, layers, server_hooks

from promptguard.configuration.settings import is_loopback
from promptguard.errors import PromptGuardError, ReasonedError
from promptguard.model import Answer, Destination, Identity, Verdict
from promptguard.proxy.answers import stream_answer
from promptguard.proxy.closed import too_large_problem, unavailable_answer
from promptguard.proxy.identity import RememberingHtpasswd, identify
from promptguard.proxy.messages import answer_with, forward, request_of
from promptguard.proxy.routing import (
    Address,
    destination_of,
    forbidden_target,
    names_of,
    parse_connect_to,
    redirected,
)
from promptguard.proxy.websockets import Conversation, tell
from promptguard.reasons import Code, Reason
from promptguard.runtime.service import Service

logger = logging.getLogger(__name__)

# A body beyond the configured limit is refused with a notice once it was received. This many times the limit is where
# mitmproxy itself stops reading, with its own short error, so that memory stays bounded.
HARD_LIMIT_FACTOR = 4


class PromptGuardAddon:
    """Hands what mitmproxy intercepts to the guard, and the guard's verdict back to mitmproxy."""

    def __init__(self) -> None:
        self.service: Service | None = None
        self.allow_unknown_clients: bool | None = None
        """Overrides the configuration where it is not None."""
        self._connect_to: dict[str, Address] = {}
        self._asked_for: WeakKeyDictionary[connection.Server, Address] = WeakKeyDictionary()
        self._inspected: WeakKeyDictionary[http.HTTPFlow, Destination] = WeakKeyDictionary()
        self._verdicts: WeakKeyDictionary[http.HTTPFlow, Verdict] = WeakKeyDictionary()
        self._conversations: WeakKeyDictionary[http.HTTPFlow, Conversation] = WeakKeyDictionary()
        self._starting: asyncio.Task[None] | None = None

    # Setting up

    def load(self, loader: Loader) -> None:
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
        if updated & {"promptguard_config", "promptguard_data"} or self.service is None:
            self._configure_service()
        if "promptguard_connect_to" in updated:
            try:
                self._connect_to = parse_connect_to(ctx.options.promptguard_connect_to)
            except ValueError as error:
                raise exceptions.OptionsError(str(error)) from None

    def _configure_service(self) -> None:
        try:
            self.service = Service(Path(ctx.options.promptguard_config), Path(ctx.options.promptguard_data))
        except PromptGuardError as error:
            raise exceptions.OptionsError(str(error)) from None
        except Exception as error:  # mitmproxy would go on without a service; with this it ends
            raise exceptions.OptionsError(f"PromptGuard cannot start: {type(error).__name__}: {error}") from error
        settings = self.service.settings
        changed: dict[str, object] = {
            "connection_strategy": "lazy",  # a blocked request opens no connection to the service
            "upstream_cert": False,
            "rawtcp": False,  # inside TLS to an AI service only HTTP is read; anything else must not pass as raw bytes
            "http3": False,
            "body_size_limit": str(settings.body_limit_bytes * HARD_LIMIT_FACTOR),
        }
        if settings.upstream.ca_file:
            changed["ssl_verify_upstream_trusted_ca"] = str(self.service.trusted_with(settings.upstream.ca_file))
        if "flow_detail" in ctx.options:
            changed["flow_detail"] = 0  # mitmdump would print full addresses, which may carry prompts
        if settings.identity.htpasswd:
            changed["proxyauth"] = f"@{settings.identity.htpasswd}"
        ctx.options.update(**changed)
        if settings.identity.htpasswd and (proxyauth := ctx.master.addons.get("proxyauth")):
            proxyauth.validator = RememberingHtpasswd(settings.identity.htpasswd)

    def running(self) -> None:
        assert self.service is not None
        self.service.listening = [
            address[:2] for server in ctx.master.addons.get("proxyserver").servers for address in server.listen_addrs
        ]
        self.service.listens.set()
        self._starting = asyncio.get_running_loop().create_task(self._start(self.service))

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
        if self.service:
            await self.service.stop()

    # Connections

    def client_connected(self, client: connection.Client) -> None:
        """Turn away machines that nobody named. With proxy credentials, mitmproxy's ProxyAuth asks for them instead."""
        try:
            if not self._welcome(client):
                client.error = "This machine is not known to PromptGuard."
        except Exception:
            client.error = "PromptGuard could not tell who connects."

    def _welcome(self, client: connection.Client) -> bool:
        assert self.service is not None
        settings = self.service.settings.identity
        allowed = settings.allow_unknown_clients if self.allow_unknown_clients is None else self.allow_unknown_clients
        if allowed or settings.htpasswd:
            return True
        address = client.peername[0]
        return is_loopback(address) or self.service.identities.user_at(address) is not None

    def tls_clienthello(self, data: tls.ClientHelloData) -> None:
        """Decrypt connections to AI services only. An exception here leaves the connection intercepted: closed."""
        assert self.service is not None
        address = data.context.server.address
        names = (address[0] if address else None, data.client_hello.sni)
        if destination_of(self.service.registry, names) is None:
            data.ignore_connection = True

    def next_layer(self, nextlayer: layer.NextLayer) -> None:
        """Let tunnels to other hosts pass untouched that are not TLS (ssh through the proxy, plain HTTP)."""
        assert self.service is not None
        context = nextlayer.context
        address = context.server.address
        first = nextlayer.data_client()[:1]
        tunnelled = len(context.layers) > 1 and address is not None and context.client.tls_version is None
        if not tunnelled or not first or first == b"\x16":  # 0x16: a TLS handshake record, see tls_clienthello
            return
        assert address is not None
        if destination_of(self.service.registry, (address[0],)) is None:
            nextlayer.layer = layers.TCPLayer(context, ignore=True)

    async def server_connect(self, data: server_hooks.ServerConnectionHookData) -> None:
        address = data.server.address
        if address is None:
            return
        if target := redirected(self._connect_to, address[0]):
            self._asked_for[data.server] = address
            data.server.address = target
            return
        try:
            assert self.service is not None
            problem = await forbidden_target(address[:2], self.service.listening)
        except Exception:
            problem = "PromptGuard could not check where this connection goes."
        if problem:
            data.server.error = problem

    def server_connected(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Give a re-addressed connection the name back that it was asked for."""
        # mitmproxy uses a connection for a further request only if it has the address that the request asks for.
        # Otherwise it opens another one each time, and after five of them it waits for one to end. It refuses to change
        # the address of an open connection by assignment.
        if address := self._asked_for.pop(data.server, None):
            vars(data.server)["address"] = address

    # Requests

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Tell requests to AI services from others."""
        try:
            assert self.service is not None
            destination = destination_of(self.service.registry, names_of(flow))
        except Exception:
            answer_with(flow, unavailable_answer(Reason(Code.ROUTING_FAILED)))
            return
        if destination is not None:
            self._inspected[flow] = destination
        elif flow.response is None:
            flow.request.stream = True

    async def request(self, flow: http.HTTPFlow) -> None:
        """Inspect, record, and only then let go on."""
        destination = self._inspected.get(flow)
        if destination is None or flow.response is not None:
            return
        try:
            verdict = await self._inspect(flow, destination)
            if verdict.answer is not None:
                answer_with(flow, verdict.answer)
            else:
                forward(flow, verdict)
            self._verdicts[flow] = verdict
        except asyncio.CancelledError:
            answer_with(flow, self._unavailable(destination, Reason(Code.STOPPING)))
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
        except Exception as error:
            logger.error("A request to %s was refused: %s.", destination.id, type(error).__name__)
            answer_with(flow, self._unavailable(destination, _why(error)))

    async def _inspect(self, flow: http.HTTPFlow, destination: Destination) -> Verdict:
        assert self.service is not None
        guard = await self.service.ready()
        body = flow.request.raw_content or b""
        limit = self.service.settings.body_limit_bytes
        problem = too_large_problem(limit) if len(body) > limit else None
        host = next(name for name in names_of(flow) if destination_of(self.service.registry, (name,)) is not None)
        return await guard.inspect(request_of(flow, host or ""), self._identity(flow), destination, problem=problem)

    def _identity(self, flow: http.HTTPFlow) -> Identity:
        assert self.service is not None
        return identify(flow, self.service.identities, self.service.pseudonym)

    def _unavailable(self, destination: Destination, why: Reason) -> Answer:
        guard = self.service.guard if self.service else None
        if guard is None:
            return unavailable_answer(why, self.service.notices if self.service else None)
        return guard.formats[destination.format].refuse(guard.rules.notices.unavailable("", why))

    # Answers

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        verdict = self._verdicts.get(flow)
        if flow.response is None or (verdict and verdict.answer) or (flow in self._inspected and verdict is None):
            return
        try:
            if verdict and verdict.header:
                flow.response.headers["x-promptguard"] = verdict.header
            stream_answer(flow, verdict)
        except Exception as error:
            logger.error("An answer passes without being restored: %s.", type(error).__name__)
            flow.response.stream = True

    # WebSockets

    async def websocket_message(self, flow: http.HTTPFlow) -> None:
        """Inspect what the client says, and restore what the service says."""
        destination = self._inspected.get(flow)
        if destination is None or flow.websocket is None:
            return
        message = flow.websocket.messages[-1]
        # mitmproxy keeps every message of a connection; a long conversation must not pile up in memory.
        flow.websocket.messages[:] = [message]
        if message.injected:
            return
        try:
            conversation = self._conversations.get(flow)
            if conversation is None:
                conversation = self._conversations[flow] = Conversation(flow, destination, self._identity(flow))
            if message.from_client:
                assert self.service is not None
                await conversation.from_client(await self.service.ready(), message)
            else:
                conversation.from_service(message)
        except Exception as error:
            logger.error("A message to %s was dropped: %s.", destination.id, type(error).__name__)
            if message.from_client:
                message.drop()
                tell(flow, self._unavailable(destination, _why(error)).body, is_text=message.is_text)


def _why(error: Exception) -> Reason:
    if isinstance(error, ReasonedError):
        return error.reason
    return Reason(Code.RECORD_FAILED if isinstance(error, PromptGuardError | TimeoutError) else Code.REQUEST_FAILED)
