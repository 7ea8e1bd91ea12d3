"""What a worker may do: little memory, no network, no writing, low priority. Set by the worker itself, before any file.

| | Linux | macOS | Windows |
| --- | --- | --- | --- |
| memory | `RLIMIT_AS`: the allocation fails | watched: the process ends | watched: the process ends |
| writing to files | `RLIMIT_FSIZE` 0 | `RLIMIT_FSIZE` 0 | not bounded |
| network | none, where the kernel lets users have namespaces | not bounded | not bounded |
| priority | nice 10 | nice 10 | below normal |

The time is bounded by the process that gives out the files.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from promptguard.workers.core_dumps import forbid_core_dumps

OUT_OF_MEMORY: Final = 86
"""Exit status of a worker that took too much memory, where that is watched."""

NICENESS: Final = 10
_BELOW_NORMAL_PRIORITY_CLASS: Final = 0x00004000  # Windows, SetPriorityClass
_MAX_OPEN_FILES: Final = 64
_SECONDS_BETWEEN_LOOKS: Final = 0.05


def confine(memory: int) -> None:
    """Give up what the reading of files does not need; `memory` is in bytes, beyond what is in use now."""
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL_PRIORITY_CLASS)
        watch_memory(_committed_on_windows, memory)
        return
    import resource

    os.nice(NICENESS)
    for limit, most in (
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _MAX_OPEN_FILES),
    ):
        with suppress(ValueError, OSError):  # a lower limit than ours may be in force
            resource.setrlimit(limit, (most, most))
    if sys.platform == "linux":
        _leave_network()
        forbid_core_dumps()  # after that: it takes /proc/self from its user
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    else:  # macOS takes RLIMIT_AS and does not keep it
        watch_memory(lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, memory)


def watch_memory(used: Callable[[], int], memory: int, end: Callable[[int], object] = os._exit) -> None:
    """End the process once it uses `memory` bytes more than now; `used` says how many it does."""
    most = used() + memory

    def watch() -> None:
        while used() <= most:
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        end(OUT_OF_MEMORY)

    threading.Thread(target=watch, daemon=True, name="memory").start()


def _leave_network() -> None:
    """Move to a network namespace in which there is none, where the kernel allows that (user_namespaces(7))."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)


def _committed_on_windows() -> int:
    """The most memory that this process has committed so far (PROCESS_MEMORY_COUNTERS.PeakPagefileUsage)."""
    if sys.platform != "win32":
        raise NotImplementedError

    class Counters(ctypes.Structure):
        _fields_ = (
            ("cb", ctypes.c_ulong),
            ("PageFaultCount", ctypes.c_ulong),
            ("PeakWorkingSetSize", ctypes.c_size_t),
            ("WorkingSetSize", ctypes.c_size_t),
            ("QuotaPeakPagedPoolUsage", ctypes.c_size_t),
            ("QuotaPagedPoolUsage", ctypes.c_size_t),
            ("QuotaPeakNonPagedPoolUsage", ctypes.c_size_t),
            ("QuotaNonPagedPoolUsage", ctypes.c_size_t),
            ("PagefileUsage", ctypes.c_size_t),
            ("PeakPagefileUsage", ctypes.c_size_t),
        )

    counters = Counters(cb=ctypes.sizeof(Counters))
    kernel = ctypes.windll.kernel32
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    kernel.K32GetProcessMemoryInfo(ctypes.c_void_p(kernel.GetCurrentProcess()), ctypes.byref(counters), counters.cb)
    return int(counters.PeakPagefileUsage)
