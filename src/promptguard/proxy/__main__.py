"""One of several processes of a proxy, as `promptguard run` starts it: `python -m promptguard.proxy`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from promptguard import process_memory
from promptguard.proxy.master import ProxyMaster
from promptguard.proxy.run import serve, set_up_logging
from promptguard.runtime.control import Asked
from promptguard.runtime.member import Member
from promptguard.runtime.small_server import JSON, SmallAnswer
from promptguard.typed_yaml.fields import split_address

_STARTING = SmallAnswer("503 Service Unavailable", JSON, b'{"status":"starting"}')


def main() -> int:
    """Serve until the process that started it says so, or is gone; gives the exit status, see `run`."""
    parser = argparse.ArgumentParser(prog="promptguard.proxy")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--listen", type=split_address, required=True)
    parser.add_argument("--number", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--control", type=int, required=True, help="the descriptor of `runtime.control`")
    parser.add_argument("--connect-to", action="append", default=[])
    parser.add_argument("--upstream-ca", type=Path)
    parser.add_argument("--allow-unknown-clients", action="store_true", default=None)
    asked = parser.parse_args()
    process_memory.bound_heaps()
    set_up_logging()

    def make_master() -> ProxyMaster:
        return ProxyMaster(
            asked.config,
            asked.data,
            listen=asked.listen,
            connect_to=tuple(asked.connect_to),
            upstream_ca=asked.upstream_ca,
            allow_unknown_clients=asked.allow_unknown_clients,
            member=Member(asked.number, asked.count),
        )

    async def beside(master: ProxyMaster) -> None:
        def answer(path: str) -> SmallAnswer | None:
            monitoring = master.promptguard.gateway.service.monitoring
            return monitoring.found(path) if monitoring else _STARTING

        Asked(asked.control, answer, master.stop).start()

    return asyncio.run(serve(make_master, beside, supervised=True))


if __name__ == "__main__":
    sys.exit(main())
