"""In a process of its own: what is set here holds for good."""

import subprocess
import sys

import pytest

_THREADS = """
import re, threading
from pathlib import Path
from promptguard.proxy import memory
if {bound}:
    memory.bound_heaps()
kept = []
def work():
    kept.append([bytearray(100_000) for _ in range(50)])
threads = [threading.Thread(target=work) for _ in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
memory.settle()
# glibc reserves 64 MiB of address space for each heap beyond the first.
spans = (line.split()[0].split("-") for line in Path("/proc/self/maps").read_text().splitlines())
print(sum(int(start, 16) % (64 << 20) == 0 for start, end in spans))
"""


def heaps(bound: bool) -> int:
    script = _THREADS.replace("{bound}", str(bound))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="heaps are counted in /proc")
def test_threads_share_one_heap() -> None:
    assert heaps(bound=True) < heaps(bound=False)


def test_settling_is_harmless_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    from promptguard.proxy import memory

    monkeypatch.setattr(sys, "platform", "win32")
    memory.bound_heaps()
    assert memory._glibc() is None
