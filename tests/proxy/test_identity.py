from __future__ import annotations

import asyncio
from base64 import b64encode
from pathlib import Path
from typing import Any

import bcrypt
import pytest
from mitmproxy.test import tflow

from promptguard.configuration.bundle import load_bundle
from promptguard.proxy import identity
from promptguard.proxy.identity import RememberingHtpasswd, identify, parse_basic_credentials

CONFIG = Path(__file__).parents[2] / "config"


class Directory:
    def user_at(self, address: str) -> str | None:
        return {"192.0.2.10": "build-server"}.get(address)

    def groups_of(self, user: str) -> frozenset[str]:
        return {"ada": frozenset({"support"}), "build-server": frozenset({"service"})}.get(user, frozenset())


@pytest.mark.parametrize(
    ("address", "credentials", "expected"),
    [
        ("192.0.2.99", ("ada", "x"), ("ada", "proxy_credentials", {"support"})),
        ("192.0.2.10", ("ada", "x"), ("ada", "proxy_credentials", {"support"})),
        ("192.0.2.10", None, ("build-server", "address", {"service"})),
        ("192.0.2.99", None, ("unknown", "unknown", set())),
    ],
)
def test_credentials_come_before_addresses(
    address: str, credentials: tuple[str, str] | None, expected: tuple[str, str, set[str]]
) -> None:
    flow = tflow.tflow()
    flow.client_conn.peername = (address, 50000)
    if credentials:
        flow.metadata["proxyauth"] = credentials
    who = identify(flow, Directory(), lambda name: f"p_{name}")
    assert (who.user, who.source, who.groups) == expected


def test_unknown_people_at_different_addresses_have_different_pseudonyms() -> None:
    flows = [tflow.tflow(), tflow.tflow()]
    for flow, address in zip(flows, ("192.0.2.1", "192.0.2.2"), strict=True):
        flow.client_conn.peername = (address, 50000)
    one, two = (identify(flow, Directory(), lambda name: f"p_{name}") for flow in flows)
    assert one.user == two.user == "unknown"
    assert one.pseudonym != two.pseudonym


def test_htpasswd_computes_a_slow_hash_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "htpasswd"
    file.write_text("ada:" + bcrypt.hashpw(b"correct horse", bcrypt.gensalt(4)).decode() + "\n")
    check = RememberingHtpasswd(file)
    calls: list[str] = []
    slow = check._file

    def counted(username: str, password: str) -> bool:
        calls.append(username)
        return slow(username, password)

    monkeypatch.setattr(check, "_file", counted)
    assert check("ada", "correct horse")
    assert check("ada", "correct horse")
    assert calls == ["ada"]
    assert not check("ada", "wrong horse")
    assert not check("ada", "wrong horse")
    assert not check("adac", "orrect horse")
    assert len(calls) == 4


def test_htpasswd_forgets_the_oldest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity.RememberingHtpasswd, "_LIMIT", 1)
    file = tmp_path / "htpasswd"
    rows = [f"{name}:{bcrypt.hashpw(b'pw', bcrypt.gensalt(4)).decode()}" for name in ("ada", "bob")]
    file.write_text("\n".join(rows) + "\n")
    check = RememberingHtpasswd(file)
    assert check("ada", "pw")
    assert check("bob", "pw")
    assert len(check._right) == 1


@pytest.mark.parametrize(
    ("plain", "user", "password"),
    [("ada:sesame", "ada", "sesame"), ("ada:a:b:", "ada", "a:b:"), ("ada:", "ada", ""), ("zoë:ü", "zoë", "ü")],
)
def test_the_first_colon_parts_user_and_password(plain: str, user: str, password: str) -> None:
    header = "Basic " + b64encode(plain.encode()).decode()
    assert parse_basic_credentials(header)[1:] == (user, password)


@pytest.mark.parametrize("header", ["", "Basic", "Bearer YTpi", "Basic YWRh", "Basic ="])
def test_what_holds_no_credentials_is_refused(header: str) -> None:
    with pytest.raises(ValueError):
        parse_basic_credentials(header)


async def test_a_password_with_a_colon_opens_the_proxy(proxied: Any, wire: Any, tmp_path: Path) -> None:
    file = tmp_path / "htpasswd"
    file.write_text("ada:" + bcrypt.hashpw(b"a:b", bcrypt.gensalt(4)).decode() + "\n")
    settings = load_bundle(CONFIG).settings
    settings = settings.model_copy(update={"identity": settings.identity.model_copy(update={"htpasswd": file})})

    async def never(*_: Any, **__: Any) -> Any:
        raise AssertionError

    async with proxied(never, settings=settings) as (_, port):
        for password, status in (("a:b", b"200"), ("a:c", b"407"), ("a", b"407")):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            credentials = b64encode(f"ada:{password}".encode())
            writer.write(
                b"GET http://intranet.example/ HTTP/1.1\r\nhost: intranet.example\r\n"
                b"proxy-authorization: Basic " + credentials + b"\r\n\r\n"
            )
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.split()[1] == status
            writer.close()
