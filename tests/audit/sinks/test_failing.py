"""What is said where a connection fails."""

from __future__ import annotations

import socket
import ssl

import pytest

from promptguard.audit.sinks.failing import failed


def behind(error: BaseException) -> BaseException:
    """An error of a library that was raised for another one."""
    outer = RuntimeError("with words of its own")
    outer.__cause__ = error
    return outer


@pytest.mark.parametrize(
    ("error", "said", "remedy"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "Connection refused", "nothing listens there"),
        (behind(ConnectionRefusedError(111, "Connection refused")), "Connection refused", "nothing listens there"),
        (behind(socket.gaierror(-2, "Name or service not known")), "Name or service not known", "name of the host"),
        (TimeoutError(), "TimeoutError", "firewall"),
        (ssl.SSLError(1, "wrong version number"), "wrong version number", "speaks TLS"),
        (RuntimeError("quotes what was sent"), "RuntimeError", ""),
    ],
)
def test_the_place_what_happened_and_what_would_be_right(error: BaseException, said: str, remedy: str) -> None:
    failure = failed("siem:514", error)
    assert failure.problem == f"siem:514: {said}"
    assert remedy in failure.remedy
