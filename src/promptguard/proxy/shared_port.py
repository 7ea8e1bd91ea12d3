"""One port for several processes: the kernel gives each new connection to one of them (Linux, `SO_REUSEPORT`)."""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mitmproxy.proxy.mode_servers import AsyncioServerInstance


def share_port() -> None:
    """Let mitmproxy listen beside others on the same port from now on, for the whole process."""
    vars_of_class: Any = AsyncioServerInstance
    vars_of_class.listen = _listen


async def _listen(self: AsyncioServerInstance[Any], host: str, port: int) -> list[asyncio.Server]:
    return [await asyncio.start_server(self.handle_stream, host, port, reuse_port=True)]


@contextmanager
def reserved(host: str, port: int) -> Iterator[int]:
    """Keep a port for processes that share it; gives its number. Takes no connections itself.

    Others of the same user may share the port too, as the kernel has it: a name keeps out who does the same with it
    (an abstract one, see unix(7): of this network namespace, as the port is, and gone with the process).

    Args:
        port: 0 takes a free one.

    Raises:
        OSError: another program listens there, or is about to; or the address is not this machine's.
    """
    if sys.platform == "win32":
        raise OSError(errno.ENOTSUP, "this system shares no port")
    family, kind, protocol, _, address = socket.getaddrinfo(
        host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with socket.socket(family, kind, protocol) as held, socket.socket(socket.AF_UNIX) as name:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind(address)
        bound, number = held.getsockname()[:2]
        try:
            name.bind(f"\0promptguard {bound} {number}")
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise OSError(
                    error.errno, "another PromptGuard has the port, and may be about to listen there"
                ) from None
            raise
        yield int(number)
