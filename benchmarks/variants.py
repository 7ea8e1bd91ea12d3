"""What is compared: no proxy, mitmproxy alone, and PromptGuard without and with names."""

from __future__ import annotations

import shutil
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import yaml

from load import Endpoint
from promptguard.demo.proxy_process import PromptGuardProcess, ProxyProcess
from upstream import Upstream

ROOT = Path(__file__).parents[1]
_REDIRECT = Path(__file__).with_name("redirect.py")

DIRECT = "direct"
BARE = "mitmproxy"
PATTERNS = "PromptGuard, no names"
NAMES = "PromptGuard, names"


class BareMitmproxy(ProxyProcess):
    """`mitmdump -q` and an addon of four lines that finds the upstream."""

    def __init__(self, folder: Path, upstream: Upstream) -> None:
        folder.mkdir()
        super().__init__(log=folder / "output.log")
        self._folder = folder
        self._upstream = upstream

    @property
    def command(self) -> Sequence[str]:
        """See `ProxyProcess.command`."""
        options = {
            "confdir": self._folder,
            "redirect_to": self._upstream.address,
            "ssl_verify_upstream_trusted_ca": self._upstream.certificates.authority,
        }
        program = str(Path(sys.executable).with_name("mitmdump"))
        command = [program, "-q", "--listen-host", "127.0.0.1", "-p", str(self.port), "-s", str(_REDIRECT)]
        for name, value in options.items():
            command += ["--set", f"{name}={value}"]
        return command

    @property
    def authority(self) -> Path:
        """See `ProxyProcess.authority`."""
        return self._folder / "mitmproxy-ca-cert.pem"

    @property
    def ready(self) -> bool:
        """See `ProxyProcess.ready`."""
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return self.authority.exists()


@dataclass(frozen=True, slots=True)
class Usage:
    """What a variant's processes use."""

    proxy: float
    workers: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """One thing that is measured."""

    name: str
    endpoint: Endpoint
    process: psutil.Process | None = None
    """The proxy; None for no proxy."""

    def cpu_milliseconds(self) -> Usage:
        """CPU time used so far."""
        return self._each(lambda process: sum(process.cpu_times()[:2]) * 1000)

    def resident_megabytes(self) -> Usage:
        """Resident memory now, in MB of 10^6 bytes."""
        return self._each(lambda process: process.memory_info().rss / 1e6)

    def _each(self, measure: object) -> Usage:
        assert callable(measure)
        if self.process is None:
            return Usage(0.0, ())
        workers = [child for child in self.process.children(recursive=True) if _is_worker(child)]
        return Usage(measure(self.process), tuple(measure(worker) for worker in workers))


def _is_worker(process: psutil.Process) -> bool:
    """Not the small process by which Python's multiprocessing cleans up."""
    return not any("resource_tracker" in argument for argument in process.cmdline())


@contextmanager
def running(folder: Path, upstream: Upstream, config: Path) -> Iterator[list[Variant]]:
    """All variants, started."""
    with ExitStack() as stack:
        variants = [Variant(DIRECT, Endpoint(upstream.port, upstream.certificates.authority, proxied=False))]

        def add(name: str, proxy: ProxyProcess) -> None:
            print(f"Starting {name} …", file=sys.stderr, flush=True)
            stack.enter_context(proxy)
            endpoint = Endpoint(proxy.port, proxy.authority, proxied=True)
            variants.append(Variant(name, endpoint, psutil.Process(proxy.pid)))

        add(BARE, BareMitmproxy(folder / "mitmproxy", upstream))
        for name, names in ((PATTERNS, False), (NAMES, True)):
            place = folder / ("names" if names else "patterns")
            add(
                name,
                PromptGuardProcess(
                    config=configured(config, place / "config", {"enabled": names}),
                    data=place / "data",
                    connect_to={"*": upstream.address},
                    upstream_authority=upstream.certificates.authority,
                ),
            )
        yield variants


def configured(source: Path, target: Path, names: dict[str, object]) -> Path:
    """A copy of a configuration with other settings of `names`."""
    shutil.copytree(source, target)
    file = target / "promptguard.yaml"
    settings = (yaml.safe_load(file.read_text()) if file.exists() else None) or {}
    settings["names"] = {**(settings.get("names") or {}), **names}
    file.write_text(yaml.safe_dump(settings, sort_keys=False))
    return target
