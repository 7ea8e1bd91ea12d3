"""TLS to the proxy itself, and users' certificates over it."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "authentication"))  # its helpers are imported by name

from client_certificates import UserAuthority

from promptguard.configuration.bundle import load_bundle
from promptguard.configuration.certificate_settings import CertificateSettings
from promptguard.configuration.settings import Settings
from promptguard.configuration.tls_settings import TlsSettings
from promptguard.demo.certificates import CertificateAuthority, CertificateFiles

CONFIG = Path(__file__).parents[3] / "config"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> CertificateFiles:
    return CertificateAuthority().write(tmp_path_factory.mktemp("tls"), ["localhost"])


@pytest.fixture(scope="module")
def users() -> UserAuthority:
    return UserAuthority()


def settings(own: CertificateFiles, certificates: CertificateSettings | None = None, **tls: Any) -> Settings:
    given = load_bundle(CONFIG).settings
    identity = given.identity.model_copy(update={"certificates": certificates})
    of_tls = TlsSettings(certificate=own.chain, key=own.key, **tls)
    return given.model_copy(update={"tls": of_tls, "identity": identity})


async def never(*_: Any, **__: Any) -> Any:
    raise AssertionError


def client(own: CertificateFiles, shown: bytes = b"", folder: Path | None = None) -> ssl.SSLContext:
    context = own.client_context()
    if shown and folder:
        (folder / "mine.pem").write_bytes(shown)
        context.load_cert_chain(folder / "mine.pem")
    return context


async def asked(port: int, context: ssl.SSLContext | None, host: str = "intranet.example") -> bytes:
    """The answer to a plain request; empty where there is none."""
    named = {"ssl": context, "server_hostname": "localhost"} if context else {}
    reader, writer = await asyncio.open_connection("127.0.0.1", port, **named)
    try:
        writer.write(f"GET http://{host}/ HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n".encode())
        return await reader.read()
    except OSError:
        return b""
    finally:
        writer.close()


async def test_clients_begin_tls_or_do_not(proxied: Any, own: CertificateFiles) -> None:
    async with proxied(never, settings=settings(own)) as (_, port):
        assert (await asked(port, client(own))).endswith(b"ok")
        assert (await asked(port, None)).endswith(b"ok")


async def test_tls_alone(proxied: Any, own: CertificateFiles) -> None:
    async with proxied(never, settings=settings(own, only=True)) as (upstream, port):
        assert (await asked(port, client(own))).endswith(b"ok")
        answer = await asked(port, None)
        assert answer.split()[1] == b"403" and b"over TLS alone" in answer
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"CONNECT intranet.example:443 HTTP/1.1\r\n\r\n")
        assert (await reader.readline()).split()[1] == b"403"
        writer.close()
        assert len(upstream.requests) == 1


async def test_what_is_no_tls_passes_in_tunnels_over_it(proxied: Any, own: CertificateFiles) -> None:
    async with proxied(never, settings=settings(own)) as (upstream, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client(own), server_hostname="localhost")
        writer.write(b"CONNECT intranet.example:22 HTTP/1.1\r\n\r\n")
        assert (await reader.readuntil(b"\r\n\r\n")).split()[1] == b"200"
        writer.write(b"SSH-2.0-test\r\n\r\n")
        assert (await reader.read()).endswith(b"ok")
        assert upstream.requests == [b"SSH-2.0-test\r\n\r\n"]
        writer.close()


@pytest.mark.parametrize("mutual", [False, True])
async def test_services_are_inspected_in_tls_within_it(
    proxied: Any, own: CertificateFiles, users: UserAuthority, tmp_path: Path, mutual: bool
) -> None:
    if not shutil.which("curl"):
        pytest.skip("curl is not installed: install Debian's package `curl`")
    seen: list[tuple[str, str, str]] = []

    async def inspect(request: Any, identity: Any, *_: Any, **__: Any) -> Any:
        seen.append((request.host, identity.user, identity.source))
        raise ValueError

    certificates = CertificateSettings(ca_file=users.write(tmp_path / "users.pem"), required=True) if mutual else None
    (tmp_path / "mine.pem").write_bytes(users.issue("Anna")[1])
    async with proxied(inspect, settings=settings(own, certificates)) as (_, port):
        shown = ("--proxy-cert", str(tmp_path / "mine.pem")) if mutual else ()
        process = await asyncio.create_subprocess_exec(
            *("curl", "-s", "-m", "60", "--proxy", f"https://localhost:{port}", "--proxy-cacert", str(own.authority)),
            *("--cacert", str(proxied.authority), *shown, "https://api.openai.com/v1/models"),
            stdout=asyncio.subprocess.PIPE,
        )
        answer, _ = await process.communicate()
        assert b"could not finish" in answer
    assert seen == [("api.openai.com", *(("anna", "client_certificate") if mutual else ("unknown", "unknown")))]


@pytest.mark.parametrize(
    ("who", "given", "status"),
    [
        ("anna", {}, b"200"),
        ("anna", {"required": True}, b"200"),
        ("nobody", {}, b"403"),
        ("nobody", {"required": True}, b""),
        ("a stranger", {}, b""),
        ("an old one", {}, b""),
        ("a revoked one", {"crl": True}, b""),
        ("anna", {"crl": True}, b"200"),
    ],
)
async def test_whose_certificate_is_taken(
    proxied: Any,
    own: CertificateFiles,
    users: UserAuthority,
    tmp_path: Path,
    who: str,
    given: Mapping[str, bool],
    status: bytes,
) -> None:
    from client_certificates import DAY

    certificate, shown = {
        "anna": lambda: users.issue("anna"),
        "a stranger": lambda: UserAuthority().issue("anna"),
        "an old one": lambda: users.issue("anna", life=-DAY),
        "a revoked one": lambda: users.issue("anna"),
        "nobody": lambda: (None, b""),
    }[who]()
    lists = [certificate] if who == "a revoked one" else []
    crl = users.revoke(tmp_path / "crl.pem", *lists) if given.get("crl") else None
    authority = users.write(tmp_path / "users.pem")
    taken = CertificateSettings(ca_file=authority, required=given.get("required", False), crl_file=crl)
    async with proxied(never, settings=settings(own, taken)) as (upstream, port):
        answer = await asked(port, client(own, shown, tmp_path))
        assert (answer.split()[1] if answer else b"") == status
        assert len(upstream.requests) == (status == b"200")
        if status == b"403":
            assert b"asks for a client certificate" in answer


async def test_a_renewed_certificate_is_taken_up(proxied: Any, tmp_path: Path) -> None:
    authority = CertificateAuthority()
    own = authority.write(tmp_path, ["localhost"])
    async with proxied(never, settings=settings(own)) as (_, port):

        async def serial() -> Any:
            context = client(own)
            _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="localhost")
            shown = writer.get_extra_info("peercert")
            writer.close()
            return shown["serialNumber"]

        before = await serial()
        own.chain.write_bytes(b"half")
        assert await serial() == before
        chain, key = authority.issue(["localhost"])
        own.chain.write_bytes(chain + b"\n")
        own.key.write_bytes(key + b"\n")
        assert await serial() != before
