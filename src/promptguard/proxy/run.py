"""`promptguard run`: the proxy, its workers, its record and its console in one go."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path

from mitmproxy import exceptions

from promptguard import process_memory
from promptguard.configuration.reading_settings import read_settings
from promptguard.configuration.settings import Settings
from promptguard.errors import ConfigError
from promptguard.proxy.announcement import Announcement
from promptguard.proxy.draining import Draining
from promptguard.proxy.master import ProxyMaster
from promptguard.proxy.supervisor import MemberStart, supervise
from promptguard.runtime.console_process import ConsoleOption, keep_console


def run(
    config: Path,
    data: Path,
    *,
    listen: tuple[str, int] | None = None,
    console: ConsoleOption | None = None,
    connect_to: tuple[str, ...] = (),
    upstream_ca: Path | None = None,
    upstream_proxy: str | None = None,
    allow_unknown_clients: bool | None = None,
) -> int:
    """Serve until SIGINT; or until SIGTERM, and then for as long as `proxy.drain_s` lets what is under way be finished.

    Args:
        console: where the console listens, if it is enabled; None starts none.

    Returns:
        The exit status: 0; 1 where the proxy cannot start; 2 where the configuration is wrong.
    """
    process_memory.bound_heaps()
    set_up_logging()
    try:
        settings = read_settings(config)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    host, port = listen or settings.address
    if taken := _taken(host, port):
        print(taken, file=sys.stderr)
        return 1
    if settings.proxy.process_count > 1:
        start = MemberStart(config, data, (host, port), connect_to, upstream_ca, upstream_proxy, allow_unknown_clients)
        wanted = console if _has_console(settings, console) else None
        return asyncio.run(supervise(start, settings, wanted))

    def make_master() -> ProxyMaster:
        return ProxyMaster(
            config,
            data,
            listen=listen,
            connect_to=connect_to,
            upstream_ca=upstream_ca,
            upstream_proxy=upstream_proxy,
            allow_unknown_clients=allow_unknown_clients,
        )

    async def beside(master: ProxyMaster) -> None:
        await asyncio.gather(_announce(master, data, console), _review(master, config, data, console))

    return asyncio.run(serve(make_master, beside))


def set_up_logging() -> None:
    """Log what is ours, on standard error."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    logging.getLogger("promptguard").setLevel(logging.INFO)
    # mitmproxy's own messages quote addresses and parts of requests; its errors are told by our hooks.
    logging.getLogger("mitmproxy").setLevel(logging.ERROR)


async def serve(
    make_master: Callable[[], ProxyMaster],
    beside: Callable[[ProxyMaster], Coroutine[object, object, object]],
    *,
    supervised: bool = False,
) -> int:
    """Run a proxy to its end; gives the exit status.

    Args:
        beside: what is done meanwhile; it is cancelled when the proxy ends.
        supervised: whether SIGTERM may come several times, from a supervisor and from what stops that one, and means
            the same each time. A supervisor sends SIGINT where it is to end at once.
    """
    try:
        master = make_master()
    except exceptions.OptionsError as error:
        print(error, file=sys.stderr)
        return 2
    loop = asyncio.get_running_loop()
    draining = Draining(master)
    terminate = draining.begin if supervised else draining.told
    for number, end in ((signal.SIGINT, master.stop), (signal.SIGTERM, terminate)):
        try:
            loop.add_signal_handler(number, end)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: master.stop())
    service = master.promptguard.gateway.service
    meanwhile = loop.create_task(beside(master))
    try:
        await master.run()
    except SystemExit:  # mitmproxy's ErrorCheck: it has said why on stderr
        return 1
    finally:
        draining.stop()
        meanwhile.cancel()
        await asyncio.gather(meanwhile, return_exceptions=True)
    return service.exit_status


async def _announce(master: ProxyMaster, data: Path, console: ConsoleOption | None) -> None:
    """Say where everything is as soon as the proxy listens, and again when it is whole."""
    gateway = master.promptguard.gateway
    service = gateway.service
    await service.listens.wait()
    announcement = Announcement(
        service.listening[0], service.bundle.folder, data, service.settings, gateway.allow_unknown_clients
    )
    announcement.listens()
    if await service.loaded():
        announcement.is_whole(console_follows=_has_console(service.settings, console))


async def _review(master: ProxyMaster, config: Path, data: Path, console: ConsoleOption | None) -> None:
    """Have a console beside the proxy, once that is whole."""
    service = master.promptguard.gateway.service
    await service.listens.wait()
    if await service.loaded() and console is not None and _has_console(service.settings, console):
        await keep_console(config, data, console)


def _has_console(settings: Settings, console: ConsoleOption | None) -> bool:
    return console is not None and bool(console.listen or settings.console.enabled)


def _taken(host: str, port: int | None) -> str:
    """Why nothing can listen there, or an empty string. mitmproxy's own words name options that we do not have."""
    if not port:
        return ""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as trial:
            if os.name == "posix":  # as asyncio does; on Windows it would share the port
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        why = "another program listens there" if error.errno == errno.EADDRINUSE else error.strerror
        remedy = "Choose another with --listen HOST:PORT, or `listen` in promptguard.yaml."
        return f"PromptGuard cannot listen on {host}:{port}: {why}. {remedy}"
    return ""
