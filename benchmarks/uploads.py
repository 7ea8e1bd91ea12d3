"""Large uploads through the proxy: memory at the most and afterwards, and what others wait meanwhile.

    python benchmarks/uploads.py [--megabytes 100] [--limit 10] [--times 3]

`--limit` is `body_limit_mb`: a file beyond four times as much is refused at its headers, one below it is scanned.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import yaml

from load import Client, Endpoint, Sample
from promptguard.demo.proxy_process import PromptGuardProcess
from prose import Prose, chat
from report import percentile
from upstream import Upstream
from variants import ROOT

_EVERY_SECONDS = 0.02


@dataclass(slots=True)
class _Watch:
    """Memory of a process and its workers while it is watched."""

    process: psutil.Process
    most: float = 0.0
    over: threading.Event = field(default_factory=threading.Event)

    def now(self) -> float:
        """Resident memory in MB of 10^6 bytes."""
        each = (self.process, *self.process.children(recursive=True))
        return sum(process.memory_info().rss for process in each if process.is_running()) / 1e6

    def run(self) -> None:
        """Note the most, until it is over."""
        while not self.over.wait(_EVERY_SECONDS):
            self.most = max(self.most, self.now())


def main() -> int:
    """Upload, and print a row for each time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=100, help="size of the file, in MB of 2^20 bytes")
    parser.add_argument("--limit", type=float, default=10, help="`body_limit_mb`")
    parser.add_argument("--times", type=int, default=3, help="uploads, one after the other")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="promptguard-uploads-") as folder, Upstream(Path(folder)) as upstream:
        config = _configuration(Path(folder) / "config", arguments.limit)
        proxy = PromptGuardProcess(
            config=config,
            data=Path(folder) / "data",
            connect_to={"*": upstream.address},
            upstream_authority=upstream.certificates.authority,
        )
        with proxy:
            endpoint = Endpoint(proxy.port, proxy.authority, proxied=True)
            for _ in range(arguments.times):
                _measure(endpoint, psutil.Process(proxy.pid), arguments.megabytes * 2**20)
    return 0


def _configuration(target: Path, limit: float) -> Path:
    shutil.copytree(ROOT / "config", target)
    file = target / "promptguard.yaml"
    settings = (yaml.safe_load(file.read_text()) if file.exists() else None) or {}
    settings |= {"body_limit_mb": limit, "names": {**(settings.get("names") or {}), "enabled": False}}
    file.write_text(yaml.safe_dump(settings, sort_keys=False))
    return target


def _measure(endpoint: Endpoint, process: psutil.Process, size: int) -> None:
    watch = _Watch(process)
    before = watch.now()
    others = Sample()
    threads = [threading.Thread(target=watch.run), threading.Thread(target=_others, args=(endpoint, watch, others))]
    for thread in threads:
        thread.start()
    started = time.perf_counter()
    line = b"The meeting is on Tuesday in the large room, as always.\n"
    head = b'--b\r\ncontent-disposition: form-data; name="file"; filename="notes.txt"\r\n\r\n'
    body = head + line * (size // len(line)) + b"\r\n--b--\r\n"
    try:
        with Client(endpoint) as client:
            answered = str(client.post(body, "/v1/files", "multipart/form-data; boundary=b"))
    except OSError:  # answered and closed before all of it was sent
        answered = "closed"
    seconds = time.perf_counter() - started
    time.sleep(2)
    watch.over.set()
    for thread in threads:
        thread.join()
    slowest = max(others.milliseconds, default=0.0)
    typical = percentile(others.milliseconds, 50) if others.milliseconds else 0.0
    print(
        f"{answered}: {seconds:.1f} s; {before:.0f} MB before, {watch.most:.0f} at most, {watch.now():.0f} after; "
        f"others: {len(others.milliseconds)} prompts, p50 {typical:.0f} ms, slowest {slowest:.0f} ms",
        flush=True,
    )


def _others(endpoint: Endpoint, watch: _Watch, sample: Sample) -> None:
    """Send short prompts until it is over."""
    prose = Prose(7)
    with Client(endpoint) as client:
        while not watch.over.wait(0.1):
            started = time.perf_counter()
            client.post(chat(prose.text(1_000)))
            sample.milliseconds.append((time.perf_counter() - started) * 1000)


if __name__ == "__main__":
    sys.exit(main())
