from __future__ import annotations

import socket
import sys

import pytest
from mitmproxy.proxy.mode_servers import AsyncioServerInstance

from promptguard.proxy.shared_port import reserved, share_port

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")


async def test_several_listen_on_one_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AsyncioServerInstance, "listen", None)
    share_port()
    with reserved("127.0.0.1", 0) as port:
        instance = type("Instance", (), {"handle_stream": None, "listen": AsyncioServerInstance.listen})()
        servers = [*await instance.listen("127.0.0.1", port), *await instance.listen("127.0.0.1", port)]
        assert [server.sockets[0].getsockname()[1] for server in servers] == [port, port]
        for server in servers:
            server.close()
        with pytest.raises(ConnectionRefusedError):  # what is reserved is no listener
            socket.create_connection(("127.0.0.1", port))


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(OSError, match="in use"):
        reserved("127.0.0.1", other.getsockname()[1]).__enter__()


def test_a_port_that_others_are_about_to_share() -> None:
    with reserved("127.0.0.1", 0) as port:
        with pytest.raises(OSError, match="another PromptGuard"):
            reserved("127.0.0.1", port).__enter__()
        with reserved("127.0.0.2", port) as elsewhere:
            assert elsewhere == port
    with reserved("127.0.0.1", port) as again:
        assert again == port
