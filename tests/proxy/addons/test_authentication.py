from __future__ import annotations

import asyncio
import os
import shutil
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bcrypt
import pytest

from promptguard.authentication.attempts import FREE
from promptguard.configuration.bundle import load_bundle
from promptguard.configuration.device_sign_in_settings import DeviceSignInSettings
from promptguard.configuration.kerberos_settings import KerberosSettings
from promptguard.configuration.settings import Settings

sys.path.insert(0, str(Path(__file__).parents[2] / "authentication"))  # its helpers are imported by name

from kdc_server import REALM, KeyDistributionCenter

CONFIG = Path(__file__).parents[3] / "config"


def hashed(password: str) -> str:
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()


@pytest.fixture
def users(tmp_path: Path) -> Path:
    file = tmp_path / "users"
    file.write_text(f"ada:{hashed('a:b')}\n")
    return file


def asking(users: Path) -> Settings:
    settings = load_bundle(CONFIG).settings
    return settings.model_copy(update={"identity": settings.identity.model_copy(update={"htpasswd": users})})


async def never(*_: Any, **__: Any) -> Any:
    raise AssertionError


async def asked(port: int, password: str | None, *, scheme: str = "Basic", user: str = "ada") -> tuple[bytes, bytes]:
    """Status line and fields, and the body, of an answer to a plain request."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    credentials = b64encode(f"{user}:{password}".encode())
    field = b"" if password is None else b"proxy-authorization: %b %b\r\n" % (scheme.encode(), credentials)
    writer.write(b"GET http://intranet.example/ HTTP/1.1\r\nhost: intranet.example\r\n" + field + b"\r\n")
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    body = await reader.readexactly(length)
    writer.close()
    return head, body


@pytest.mark.parametrize(
    ("password", "scheme", "status", "told"),
    [
        ("a:b", "Basic", b"200", b"ok"),
        ("a:b", "bAsIc", b"200", b"ok"),
        ("a:c", "Basic", b"407", b"The user or the password for this proxy is wrong."),
        ("a", "Basic", b"407", b"The user or the password for this proxy is wrong."),
        (None, "", b"407", b"This proxy asks for a user and a password."),
        ("a:b", "Digest", b"407", b"This proxy asks for a user and a password."),
    ],
)
async def test_who_is_let_in(
    proxied: Any, users: Path, password: str | None, scheme: str, status: bytes, told: bytes
) -> None:
    async with proxied(never, settings=asking(users)) as (upstream, port):
        head, body = await asked(port, password, scheme=scheme)
        assert (head.split()[1], body) == (status, told)
        assert (b'proxy-authenticate: Basic realm="PromptGuard", charset="UTF-8"' in head) is (status == b"407")
        assert len(upstream.requests) == (status == b"200")
        assert all(b"proxy-authorization" not in request for request in upstream.requests)


async def test_credentials_that_a_known_client_repeats_go_no_further(proxied: Any, users: Path) -> None:
    async with proxied(never, settings=asking(users)) as (upstream, port):
        addons = proxied.master.addons
        known = await proxied.service.authenticator.sign_in("127.0.0.1", "ada", "a:b")
        greet = addons.get("promptguard_admission").client_connected

        def come(client: Any) -> None:  # as by a certificate, or a ticket
            greet(client)
            addons.get("promptguard_authentication")._signed_in[client] = known

        addons.get("promptguard_admission").client_connected = come
        assert (await asked(port, "a:b"))[0].split()[1] == b"200"
    assert len(upstream.requests) == 1 and b"proxy-authorization" not in upstream.requests[0]


@pytest.mark.parametrize(
    ("user", "password", "told"),
    [
        ("ada", None, "A device gets them at https://proxy.example:8443/device."),
        ("dev-0123456789ab", "x", "A device gets them at https://proxy.example:8443/device."),
        ("ada", "a:c", "The user or the password for this proxy is wrong."),
    ],
)
async def test_a_device_is_told_where_to_sign_in(
    proxied: Any, users: Path, user: str, password: str | None, told: str
) -> None:
    written = {"issuer": "https://login.example", "client_id": "x", "listen": "127.0.0.1:0"}
    openid = DeviceSignInSettings.model_validate({**written, "url": "https://proxy.example:8443"})
    settings = asking(users)
    identity = settings.identity.model_copy(update={"openid": openid})
    async with proxied(never, settings=settings.model_copy(update={"identity": identity})) as (_, port):
        head, body = await asked(port, password, user=user)
        assert head.split()[1] == b"407" and told.encode() in body


async def test_an_address_that_guesses_waits(proxied: Any, users: Path) -> None:
    async with proxied(never, settings=asking(users)) as (_, port):
        proxied.service.authenticator._attempts._now = lambda: 0.0
        for number in range(FREE):
            assert (await asked(port, str(number)))[0].split()[1] == b"407"
        head, body = await asked(port, "a:b")
        assert head.split()[1] == b"429" and b"retry-after: 1\r\n" in head
        assert body == b"Too many wrong passwords, from this address or for this user. Try again in 1 second."


async def tunnel(port: int, password: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    credentials = b64encode(f"ada:{password}".encode()).decode()
    writer.write(f"CONNECT api.openai.com:80 HTTP/1.1\r\nproxy-authorization: Basic {credentials}\r\n\r\n".encode())
    return reader, writer, await reader.readuntil(b"\r\n\r\n")


async def test_a_connection_is_asked_once_and_until_the_password_changes(proxied: Any, users: Path) -> None:
    seen: list[Any] = []

    async def inspect(request: Any, identity: Any, *_: Any, **__: Any) -> Any:
        seen.append((identity.user, identity.source))
        raise ValueError

    async with proxied(inspect, settings=asking(users)) as (_, port):
        assert (await tunnel(port, "wrong"))[2].split()[1] == b"407"
        reader, writer, head = await tunnel(port, "a:b")
        assert head.split()[1] == b"200"
        question = b"GET /v1/models HTTP/1.1\r\nhost: api.openai.com\r\n\r\n"
        for count in (1, 2):
            writer.write(question)
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
            assert seen == [("ada", "proxy_credentials")] * count
        users.write_text(f"ada:{hashed('another')}\n")
        writer.write(question)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.split()[1] == b"403"
        assert b"has changed. Connect again." in await reader.read()
        assert len(seen) == 2
        writer.close()


async def socks(port: int, password: str | None) -> bytes:
    """The answer to the sub-negotiation (RFC 1929), or to the greeting."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"\x05\x01\x00" if password is None else b"\x05\x01\x02")
    answer = await reader.readexactly(2)
    if password is not None:
        word = password.encode()
        writer.write(b"\x01\x03ada" + bytes([len(word)]) + word)
        answer = await reader.readexactly(2)
    writer.close()
    return answer


async def test_socks_clients_are_asked_too(proxied: Any, users: Path) -> None:
    async with proxied(never, settings=asking(users), options={"mode": ["socks5"]}) as (_, port):
        assert await socks(port, "a:b") == b"\x01\x00"
        assert await socks(port, "wrong") == b"\x01\x01"
        assert await socks(port, None) == b"\x05\xff"


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_a_second_listener_for_socks(proxied: Any, users: Path, host: str) -> None:
    settings = asking(users).model_copy(update={"listen_socks": f"[{host}]:0" if ":" in host else f"{host}:0"})
    async with proxied(never, settings=settings) as (upstream, port):
        assert (await asked(port, "a:b"))[0].split()[1] == b"200"
        address = next(each for each in proxied.service.listening if each[1] != port)
        reader, writer = await asyncio.open_connection(*address)
        writer.write(b"\x05\x01\x02" + b"\x01\x03ada\x03a:b" + b"\x05\x01\x00\x03\x10intranet.example\x00\x16")
        assert await reader.readexactly(14) == b"\x05\x02\x01\x00\x05\x00\x00\x01" + bytes(6)
        writer.write(b"SSH-2.0-test\r\n\r\n")  # a protocol of another kind passes
        assert (await reader.read()).endswith(b"ok")
        assert upstream.requests[-1] == b"SSH-2.0-test\r\n\r\n"
        writer.close()


@pytest.fixture(scope="module")
def kdc() -> Iterator[KeyDistributionCenter]:
    pytest.importorskip("gssapi", reason="gssapi is not installed: uv sync --inexact --extra kerberos")
    if not shutil.which("curl"):
        pytest.skip("curl is not installed: install Debian's package `curl`")
    realm = KeyDistributionCenter(("anna", "eve"))
    yield realm
    realm.remove()


async def curl(port: int, environment: dict[str, str], *options: str) -> tuple[str, str]:
    """The status of the last answer, and all that curl tells."""
    process = await asyncio.create_subprocess_exec(
        *("curl", "-sv", "-m", "60", "-w", "status=%{http_code},%{http_connect}", "-o", "-", *options),
        *("--proxy", f"http://localhost:{port}", "http://intranet.example/"),
        env={**os.environ, "NO_PROXY": "", **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    answer, told = await process.communicate()
    return answer.decode(), told.decode()


async def test_curl_brings_a_ticket(
    proxied: Any, users: Path, kdc: KeyDistributionCenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in kdc.environment.items():
        monkeypatch.setenv(name, value)
    settings = asking(users)
    kerberos = KerberosSettings(keytab=kdc.keytab, realms=(REALM,))
    identity = settings.identity.model_copy(update={"kerberos": kerberos})
    settings = settings.model_copy(update={"identity": identity})
    negotiate = ("--proxy-negotiate", "--proxy-user", ":")
    async with proxied(never, settings=settings) as (upstream, port):
        answer, told = await curl(port, kdc.signed_in("anna"), *negotiate)
        assert answer == "okstatus=200,000" and "Negotiate" in told
        (request,) = upstream.requests
        assert b"negotiate" not in request.lower()
        answer, told = await curl(port, {**kdc.environment, "KRB5CCNAME": "FILE:/nonexistent"}, *negotiate)
        assert answer.endswith("status=407,000") and "Proxy-Authenticate: Negotiate" in told.title()
        answer, _ = await curl(port, {}, "--proxy-basic", "--proxy-user", "ada:a:b")
        assert answer.endswith("status=200,000")
        ntlm = b64encode(b"NTLMSSP\x00\x01\x00\x00\x00").decode()
        answer, _ = await curl(port, {}, "--proxy-header", f"Proxy-Authorization: Negotiate {ntlm}")
        assert answer.startswith("This proxy takes Kerberos tickets, and no NTLM.")
        assert len(upstream.requests) == 2
