"""`promptguard run`: the proxy, its workers, its record and its console in one go."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from mitmproxy import exceptions

from promptguard import process_memory
from promptguard.installation.shipped import is_packaged
from promptguard.proxy.draining import Draining
from promptguard.proxy.master import ProxyMaster
from promptguard.runtime.console_process import ConsoleOption, keep_console
from promptguard.runtime.data_folder import DataFolder


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
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    logging.getLogger("promptguard").setLevel(logging.INFO)
    # mitmproxy's own messages quote addresses and parts of requests; its errors are told by our hooks.
    logging.getLogger("mitmproxy").setLevel(logging.ERROR)

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

    return asyncio.run(_serve(make_master, config, data, console))


async def _serve(
    make_master: Callable[[], ProxyMaster], config: Path, data: Path, console: ConsoleOption | None
) -> int:
    try:
        master = make_master()
    except exceptions.OptionsError as error:
        print(error, file=sys.stderr)
        return 2
    loop = asyncio.get_running_loop()
    draining = Draining(master)
    for number, end in ((signal.SIGINT, master.stop), (signal.SIGTERM, draining.begin)):
        try:
            loop.add_signal_handler(number, end)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: master.stop())
    service = master.promptguard.gateway.service
    service.when_asked_to_end = draining.begin
    if taken := _taken(master.options.listen_host, master.options.listen_port):
        print(taken, file=sys.stderr)
        return 1
    announcement = loop.create_task(_announce(master, data, console))
    reviewing = loop.create_task(_review(master, config, data, console))
    try:
        await master.run()
    except SystemExit:  # mitmproxy's ErrorCheck: it has said why on stderr
        return 1
    finally:
        draining.stop()
        announcement.cancel()
        reviewing.cancel()
        await asyncio.gather(reviewing, return_exceptions=True)
    return service.exit_status


async def _announce(master: ProxyMaster, data: Path, console: ConsoleOption | None) -> None:
    """Say where everything is as soon as the proxy listens, and again when it is whole."""
    service = master.promptguard.gateway.service
    await service.listens.wait()
    host, port = service.listening[0]
    everywhere = host in ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
    url = f"http://{'127.0.0.1' if everywhere else host}:{port}"
    certificate = DataFolder(data).ca_certificate
    print(f"PromptGuard listens on   {url}   (closed until its detectors are loaded)")
    if everywhere:
        print(f"for other machines       http://{_address_of_this_machine()}:{port}   {_who_may(master)}")
    print(f"CA certificate           {certificate}")
    packaged = is_packaged(service.bundle.folder)
    remark = "   (as shipped; `promptguard init` writes out one of your own)" if packaged else ""
    print(f"Configuration            {service.bundle.folder}{remark}")
    print("Loading detectors: some seconds, at the first start up to a minute …", flush=True)
    if not await service.loaded():
        return
    print("Ready. Try it in a second terminal, in this folder:")
    body = '{"messages":[{"role":"user","content":"my password is Tr0ub4dor&3"}]}'
    print(f"  curl --proxy {url} --cacert {certificate} https://api.openai.com/v1/chat/completions \\")
    print(f"    -H 'content-type: application/json' -d '{body}'")
    follows = console is not None and bool(console.listen or service.settings.console.enabled)
    print(f"Stop with Ctrl-C.{' The address of the console follows in a moment.' if follows else ''}", flush=True)


async def _review(master: ProxyMaster, config: Path, data: Path, console: ConsoleOption | None) -> None:
    """Have a console beside the proxy, once that is whole."""
    service = master.promptguard.gateway.service
    await service.listens.wait()
    if not await service.loaded() or console is None:
        return
    if console.listen or service.settings.console.enabled:
        await keep_console(config, data, console)


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


def _address_of_this_machine() -> str:
    """The address by which others are likely to reach this machine. Nothing is sent to find out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1 (RFC 5737): a datagram socket only picks its own end
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def _who_may(master: ProxyMaster) -> str:
    gateway = master.promptguard.gateway
    identity = gateway.service.settings.identity
    if identity.asks:
        return "(with proxy credentials)"
    override = gateway.allow_unknown_clients
    if identity.allow_unknown_clients if override is None else override:
        return "(open to all that reach it)"
    return "(those named in identities.yaml; all others are turned away)"
