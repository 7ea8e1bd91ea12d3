from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from promptguard.proxy.service_manager import SOCKET, wait_for_end

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs Unix sockets")


@pytest.mark.parametrize(
    "abstract", [False, pytest.param(True, marks=pytest.mark.skipif(sys.platform != "linux", reason="needs Linux"))]
)
def test_it_is_asked_to_wait(abstract: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"@promptguard-test-{tmp_path}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(f"\0{name[1:]}" if abstract else name)
        manager.settimeout(10)
        monkeypatch.setenv(SOCKET, name)
        wait_for_end(75.0)
        assert manager.recv(100) == b"EXTEND_TIMEOUT_USEC=75000000"


@pytest.mark.parametrize("name", ["", "/nowhere/notify"])
def test_nobody_listens(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SOCKET, name)
    wait_for_end(75.0)
