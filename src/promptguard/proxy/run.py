"""`promptguard run`: the proxy, its workers and its record in one go."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from mitmproxy import exceptions

from promptguard.proxy.master import ProxyMaster
from promptguard.runtime import memory
from promptguard.runtime.data_folder import DataFolder


def run(
    config: Path,
    data: Path,
    *,
    listen: tuple[str, int] | None = None,
    connect_to: tuple[str, ...] = (),
    upstream_ca: Path | None = None,
    upstream_proxy: str | None = None,
    allow_unknown_clients: bool | None = None,
) -> int:
    """Serve until SIGINT or SIGTERM.

    Returns:
        The exit status: 0; 1 where the proxy cannot start; 2 where the configuration is wrong.
    """
    memory.bound_heaps()
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

    return asyncio.run(_serve(make_master, data))


async def _serve(make_master: Callable[[], ProxyMaster], data: Path) -> int:
    try:
        master = make_master()
    except exceptions.OptionsError as error:
        print(error, file=sys.stderr)
        return 2
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, master.stop)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: master.stop())
    service = master.promptguard.gateway.service
    announcement = loop.create_task(_announce(master, data))
    try:
        await master.run()
    except SystemExit:  # mitmproxy's ErrorCheck: it has said why on stderr
        return 1
    finally:
        announcement.cancel()
    return service.exit_status


async def _announce(master: ProxyMaster, data: Path) -> None:
    """Say where everything is as soon as the proxy listens, and again when it is whole."""
    service = master.promptguard.gateway.service
    await service.listens.wait()
    host, port = service.listening[0]
    url = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"  # noqa: S104 - compared, not bound
    certificate = DataFolder(data).ca_certificate
    print(f"PromptGuard listens on   {url}   (closed until its detectors are loaded)")
    print(f"CA certificate           {certificate}")
    print(f"Configuration            {service.bundle.folder}")
    print("Loading detectors …", flush=True)
    await service.ready()
    print("Ready. Try it:")
    body = '{"messages":[{"role":"user","content":"my password is Tr0ub4dor&3"}]}'
    print(f"  curl --proxy {url} --cacert {certificate} https://api.openai.com/v1/chat/completions \\")
    print(f"    -H 'content-type: application/json' -d '{body}'")
    print("Stop with Ctrl-C.", flush=True)
