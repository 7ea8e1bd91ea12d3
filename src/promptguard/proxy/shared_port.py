"""One port for several processes: the kernel gives each new connection to one of them (Linux, `SO_REUSEPORT`)."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

from mitmproxy.proxy.mode_servers import AsyncioServerInstance


def share_port() -> None:
    """Let mitmproxy listen beside others on the same port from now on, for the whole process."""
    vars_of_class: Any = AsyncioServerInstance
    vars_of_class.listen = _listen


async def _listen(self: AsyncioServerInstance[Any], host: str, port: int) -> list[asyncio.Server]:
    return [await asyncio.start_server(self.handle_stream, host, port, reuse_port=True)]


def reserve(host: str, port: int) -> socket.socket:
    """A socket that keeps a port for processes that share it, and takes no connections itself.

    Args:
        port: 0 takes a free one.

    Raises:
        OSError: another program listens there, or the address is not this machine's.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(
        host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    reserved = socket.socket(family, kind, protocol)
    try:
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        reserved.bind(address)
    except OSError:
        reserved.close()
        raise
    return reserved
