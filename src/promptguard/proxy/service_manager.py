"""What the service manager is told that has started the proxy: systemd, by `sd_notify(3)`."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from typing import Final

SOCKET: Final = "NOTIFY_SOCKET"
"""The environment variable that names the socket that it listens on; `@` begins an abstract name."""


def wait_for_end(seconds: float) -> None:
    """Have it wait so long for the end, where it would kill what has not ended sooner (`EXTEND_TIMEOUT_USEC`)."""
    name = os.environ.get(SOCKET, "")
    if not name or not hasattr(socket, "AF_UNIX"):
        return
    address = f"\0{name[1:]}" if name.startswith("@") else name
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.setblocking(False)
        told.sendto(f"EXTEND_TIMEOUT_USEC={seconds * 1e6:.0f}".encode(), address)
