from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from promptguard.files.confinement import OUT_OF_MEMORY, watch_memory

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="macOS takes RLIMIT_AS and does not keep it")


def confined(script: str, memory: int = 64 * 2**20) -> subprocess.CompletedProcess[str]:
    """The outcome of a script in a process that has confined itself."""
    start = f"from promptguard.files.confinement import confine; confine({memory})\n"
    return subprocess.run([sys.executable, "-c", start + script], capture_output=True, text=True, check=False)


@LINUX
def test_memory_is_bounded() -> None:
    done = confined(
        "bytes(32 * 2**20); print('small')\ntry:\n bytes(128 * 2**20)\nexcept MemoryError:\n print('large')"
    )
    assert done.stdout.split() == ["small", "large"]


@POSIX
def test_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "file"
    script = f"try:\n with open({str(path)!r}, 'wb') as file: file.write(b'x')\nexcept OSError:\n print('refused')"
    assert (
        confined("import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n" + script).stdout.strip() == "refused"
    )
    assert not path.exists() or path.stat().st_size == 0


@POSIX
def test_priority_is_low() -> None:
    assert int(confined("import os; print(os.nice(0))").stdout) >= 10


@LINUX
def test_network_is_out_of_reach_where_the_kernel_allows_that() -> None:
    script = (
        "import os, socket\n"
        "try: os.unshare(0x10000000)\n"
        "except OSError: print('not allowed'); raise SystemExit\n"
        "names = [name for _, name in socket.if_nameindex()]\n"
        "probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "try: probe.connect(('192.0.2.1', 9)); print('reached', names)\n"
        "except OSError: print('out of reach')"
    )
    assert confined(script).stdout.strip() in ("out of reach", "not allowed")


def test_a_process_that_takes_too_much_is_ended() -> None:
    used = iter([100, 110, 150, 151, 200])
    ended = threading.Event()
    statuses = []

    def end(status: int) -> None:
        statuses.append(status)
        ended.set()

    watch_memory(lambda: next(used), 50, end)
    assert ended.wait(30)
    assert statuses == [OUT_OF_MEMORY]
    assert next(used) == 200
