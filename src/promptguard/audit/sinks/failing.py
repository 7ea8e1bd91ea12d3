"""Why a sink could not be reached, and what would be right."""

from __future__ import annotations

import socket
import ssl
from typing import Final

from promptguard.audit.sinks.interface import SinkFailed

_REMEDIES: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (
        ssl.SSLCertVerificationError,
        "Name the CA that signed the server's certificate as `ca_file`, and the server by a name in its certificate.",
    ),
    (ssl.SSLError, "See that the server speaks TLS 1.2 or newer on this port."),
    (socket.gaierror, "Correct the name of the host, or add it to the DNS that this machine asks."),
    (ConnectionRefusedError, "Start the server, or correct the port: nothing listens there."),
    (TimeoutError, "See whether the address is right, and whether a firewall stands between."),
)


def failed(where: str, error: BaseException) -> SinkFailed:
    """What a sink raises where a connection failed, whatever library it was made with.

    Args:
        where: the place, as the settings name it.
        error: its own words are not used, except for what the operating system or the TLS library said.
    """
    cause = _cause(error)
    said = getattr(cause, "verify_message", "") or getattr(cause, "strerror", "") or type(cause).__name__
    remedy = next((remedy for kind, remedy in _REMEDIES if isinstance(cause, kind)), "")
    return SinkFailed(f"{where}: {said}", remedy)


def _cause(error: BaseException) -> BaseException:
    """The operating system's error that stands behind another one, or that one."""
    behind: BaseException | None = error
    while behind is not None and not isinstance(behind, OSError):
        behind = behind.__cause__ or behind.__context__
    return behind or error
