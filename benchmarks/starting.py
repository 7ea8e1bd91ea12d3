"""How long a start takes, and what memory the processes take after it and after traffic.

    python benchmarks/starting.py [--starts 3] [--requests 5000] [--model compact]

Each start is a process of its own on a fresh copy of the configuration: the first on an empty data folder, the others
on what it left there. Processor time says more than the clock where other programs run.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from load import Endpoint, at_once
from promptguard.demo.proxy_process import PromptGuardProcess
from prose import Prose, chats
from upstream import Upstream
from variants import ROOT, configured

_POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Moment:
    """What a proxy and its workers have taken until then."""

    seconds: float
    """Since the process was started, by the clock."""
    cpu: tuple[float, ...]
    """Processor time of the proxy, and of each worker, in seconds."""
    resident: tuple[float, ...]
    """Resident memory of the proxy, and of each worker, in MB of 10^6 bytes."""
    own: tuple[float, ...]
    """The part of it that no other process shares."""

    def __str__(self) -> str:
        return (
            f"{self.seconds:5.1f} s, processor {_joined(self.cpu, 2)} s, "
            f"resident {_joined(self.resident, 0)} MB, unshared {_joined(self.own, 0)} MB"
        )


def _joined(values: tuple[float, ...], digits: int) -> str:
    return " + ".join(f"{value:.{digits}f}" for value in values)


def moment(process: psutil.Process, started: float) -> Moment:
    """How things stand with a process and its children now."""
    family = [process, *sorted(process.children(recursive=True), key=lambda child: child.pid)]
    memory = [each.memory_full_info() for each in family]
    return Moment(
        seconds=time.monotonic() - started,
        cpu=tuple(sum(each.cpu_times()[:2]) for each in family),
        resident=tuple(each.rss / 1e6 for each in memory),
        own=tuple(each.uss / 1e6 for each in memory),
    )


def start(proxy: PromptGuardProcess) -> Iterator[tuple[str, Moment]]:
    """Start a proxy: the moment in which it listens, and the one in which it is whole."""
    started = time.monotonic()
    proxy.start()
    process = psutil.Process(proxy.pid)
    while proxy.state is None:
        _pause(proxy)
    yield "listens", moment(process, started)
    while not proxy.ready:
        _pause(proxy)
    yield "whole", moment(process, started)


def _pause(proxy: PromptGuardProcess) -> None:
    if not proxy.running:
        sys.exit(f"The proxy ended before it was ready:\n{proxy.output}")
    time.sleep(_POLL_SECONDS)


def main() -> int:
    """Measure and print; the exit status is 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--starts", type=int, default=3, help="how many, the first of them included")
    parser.add_argument("--requests", type=int, default=5000, help="clean prompts of 2 KB after the last start")
    parser.add_argument("--no-names", action="store_true", help="do not look for names")
    parser.add_argument("--model", help="of names: rampart or compact")
    parser.add_argument("--config", type=Path, default=ROOT / "config", help="the configuration folder")
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="promptguard-start-") as folder,
        Upstream(Path(folder) / "upstream") as upstream,
    ):
        names = {"enabled": not arguments.no_names} | ({"model": arguments.model} if arguments.model else {})
        config = configured(arguments.config, Path(folder) / "config", names)
        for number in range(arguments.starts):
            proxy = PromptGuardProcess(
                config=config,
                data=Path(folder) / "data",
                connect_to={"*": upstream.address},
                upstream_authority=upstream.certificates.authority,
            )
            try:
                for name, reached in start(proxy):
                    print(f"{'later' if number else 'first'} start, {name:8}", reached, flush=True)
                if number == arguments.starts - 1 and arguments.requests:
                    started, endpoint = time.monotonic(), Endpoint(proxy.port, proxy.authority, proxied=True)
                    at_once(endpoint, chats(Prose(), 2000, arguments.requests), 600.0, 8)
                    print(
                        f"{arguments.requests} requests      ", moment(psutil.Process(proxy.pid), started), flush=True
                    )
            finally:
                proxy.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
