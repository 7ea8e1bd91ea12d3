"""A real HAProxy before proxies under test."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from support.deadline import wait_until

from promptguard.demo.proxy_process import free_port

EXECUTABLE = shutil.which("haproxy", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")

_CONFIGURATION = """
global
    stats socket {folder}/haproxy.sock mode 600 level admin

defaults
    mode tcp
    timeout connect 2s
    timeout client 5m
    timeout server 5m
    timeout queue 10s
    timeout check 1s
    retries 3
    option redispatch 1
    option srvtcpka
    srvtcpka-idle 1s
    srvtcpka-intvl 1s
    srvtcpka-cnt 2

frontend laptops
    bind {address}:{port}
    default_backend proxies

backend proxies
    balance {balance}
    option httpchk GET /readyz
    default-server inter 100ms fall 2 rise 1 tcp-ut 2s {header}
{servers}
"""


class HAProxy:
    """Hands connections on to proxies.

    Args:
        servers: address of each proxy, and the port at that address where it says whether it is ready.
        header: what HAProxy says of a connection: `send-proxy` (version 1), `send-proxy-v2`, or nothing.
        address: where it listens.
        inside: what a command begins with that is to run on its machine.
    """

    def __init__(
        self,
        servers: Mapping[str, int],
        *,
        header: str = "send-proxy-v2",
        balance: str = "roundrobin",
        address: str = "127.0.0.1",
        inside: Sequence[str] = (),
    ) -> None:
        assert EXECUTABLE, "install HAProxy"
        self.address = address
        self._inside = inside
        self.port = free_port()
        # A name of a socket has room for some hundred characters, which a temporary folder's may have already.
        self._folder = tempfile.TemporaryDirectory(prefix="haproxy-", dir="/tmp")
        self._file = Path(self._folder.name, "haproxy.cfg")
        self._socket = Path(self._folder.name, "haproxy.sock")
        lines = [
            f"    server proxy{number} {address} check port {port}"
            for number, (address, port) in enumerate(servers.items())
        ]
        self._file.write_text(
            _CONFIGURATION.format(
                folder=self._folder.name,
                address=address,
                port=self.port,
                balance=balance,
                header=header,
                servers="\n".join(lines),
            )
        )
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen([*self._inside, EXECUTABLE or "", "-db", "-q", "-f", str(self._file)])
        wait_until(self._listens, "HAProxy listens")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
        self._folder.cleanup()

    def up(self) -> list[str]:
        """The names of the proxies that are sent connections now."""
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(self._socket))
            client.sendall(b"show stat -1 4 -1\n")
            told = client.makefile().read()
        rows = [line.split(",") for line in told.splitlines() if line.startswith("proxies,")]
        return [row[1] for row in rows if row[17].startswith("UP")]

    def _listens(self) -> bool:
        try:
            socket.create_connection((self.address, self.port)).close()
        except OSError:
            return False
        return self._socket.exists()  # it is given its name when all else listens
