from pathlib import Path

import bcrypt
import pytest
from mitmproxy.test import tflow

from promptguard.proxy import identity
from promptguard.proxy.identity import RememberingHtpasswd, identify


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
