"""In a process of its own: what is set here holds for good."""

import subprocess
import sys
from pathlib import Path

import pytest

# All threads hold memory at once, so that none can take over the heap of one that ended. glibc then says itself how
# many heaps it keeps (malloc_info, <malloc.h>).
_THREADS = """
import ctypes, threading
from promptguard import process_memory
if {bound}:
    process_memory.bound_heaps()
all_hold = threading.Barrier(6)
def work():
    kept = [bytearray(100_000) for _ in range(50)]
    all_hold.wait(timeout=60)
threads = [threading.Thread(target=work) for _ in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
process_memory.settle()
library = ctypes.CDLL(None)
library.fopen.restype = ctypes.c_void_p
report = library.fopen(b"{report}", b"w")
library.malloc_info(0, ctypes.c_void_p(report))
library.fclose(ctypes.c_void_p(report))
"""


def heaps(folder: Path, bound: bool) -> int:
    report = folder / f"{bound}.xml"
    script = _THREADS.replace("{bound}", str(bound)).replace("{report}", str(report))
    subprocess.run([sys.executable, "-c", script], check=True)
    return report.read_text().count("<heap nr=")


_LARGE = """
import psutil
from promptguard import process_memory
process_memory.bound_heaps()
resident = lambda: psutil.Process().memory_info().rss
before = resident()
pieces = [bytearray(60_000) for _ in range(1_000)]
kept = pieces[::100]
held = resident()
del pieces
process_memory.give_back()
print((held - resident()) / (held - before))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's heaps")
def test_what_was_received_in_pieces_is_given_back() -> None:
    given = subprocess.run([sys.executable, "-c", _LARGE], check=True, capture_output=True, text=True).stdout
    assert float(given) > 0.8


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's heaps")
def test_threads_share_one_heap(tmp_path: Path) -> None:
    assert heaps(tmp_path, bound=True) == 1
    assert heaps(tmp_path, bound=False) > 1


def test_settling_is_harmless_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    from promptguard import process_memory

    monkeypatch.setattr(sys, "platform", "win32")
    process_memory.bound_heaps()
    assert process_memory._glibc() is None
