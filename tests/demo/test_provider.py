from __future__ import annotations

import shutil
import subprocess

import httpx
import pytest
from websockets.sync.client import connect

from promptguard.demo.provider import Provider


def test_http1_request_is_answered_and_kept(provider: Provider, base_url: str) -> None:
    before = len(provider.received)
    with httpx.Client(verify=provider.certificates.client_context(), trust_env=False) as client:
        answer = client.post(f"{base_url}/here?q=1", content=b"\x01\x02")
    assert answer.json()["body"] == "\x01\x02"
    (request,) = provider.received[before:]
    assert (request.method, request.path, request.query, request.body) == ("POST", "/here", "q=1", b"\x01\x02")
    assert request.http_version == "1.1"


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_http2_is_spoken(provider: Provider, base_url: str) -> None:
    command = ["curl", "-sS", "--cacert", str(provider.certificates.authority), "--noproxy", "*", f"{base_url}/two"]
    subprocess.run(command, check=True, capture_output=True)
    assert provider.received[-1].http_version == "2"


def test_websocket_is_spoken(provider: Provider) -> None:
    address = f"wss://{provider.address}/socket"
    with connect(address, ssl=provider.certificates.client_context(), proxy=None) as socket:
        socket.send("hello")
        assert socket.recv(10) == "You wrote: hello"
    assert provider.received[-1].method == "WEBSOCKET"


def test_provider_ends_although_clients_stay_connected() -> None:
    with Provider(hosts=["127.0.0.1"]) as provider:
        context = provider.certificates.client_context()
        client = httpx.Client(verify=context, trust_env=False)
        assert client.get(f"https://{provider.address}/").status_code == 200
        authority = provider.certificates.authority
    assert not authority.exists()
    with pytest.raises(httpx.TransportError):
        client.get(f"https://{provider.address}/")
    with pytest.raises(RuntimeError, match="not running"):
        _ = provider.certificates
