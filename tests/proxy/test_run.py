from __future__ import annotations

import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from promptguard.configuration.identity_settings import IdentitySettings
from promptguard.configuration.settings import Settings
from promptguard.proxy.announcement import Announcement
from promptguard.proxy.run import _announce, run

CONFIG = Path(__file__).parents[2] / "config"


def test_a_port_that_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        host, port = other.getsockname()
        assert run(CONFIG, tmp_path, listen=(host, port)) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"PromptGuard cannot listen on {host}:{port}: another program listens there.")
    assert "--listen" in told and "--mode" not in told


def test_an_address_that_is_not_this_machines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(CONFIG, tmp_path, listen=("192.0.2.1", 18080)) == 1
    assert "PromptGuard cannot listen on 192.0.2.1:18080: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("listen", "unknown", "htpasswd", "told"),
    [
        ("127.0.0.1", None, None, ""),
        ("192.0.2.7", None, None, ""),
        ("0.0.0.0", None, None, "all others are turned away"),
        ("0.0.0.0", True, None, "open to all that reach it"),
        ("::", None, Path("users"), "with proxy credentials"),
    ],
)
async def test_where_others_reach_it(
    capsys: pytest.CaptureFixture[str], listen: str, unknown: bool | None, htpasswd: Path | None, told: str
) -> None:
    async def done() -> bool:
        return True

    service = SimpleNamespace(
        listens=SimpleNamespace(wait=done),
        listening=[(listen, 8080)],
        settings=SimpleNamespace(identity=IdentitySettings(htpasswd=htpasswd), tls=None),
        bundle=SimpleNamespace(folder=Path("config")),
        loaded=done,
    )
    gateway = SimpleNamespace(service=service, allow_unknown_clients=unknown)
    master: Any = SimpleNamespace(promptguard=SimpleNamespace(gateway=gateway))
    await _announce(master, Path("data"), None)
    first, second, *_ = capsys.readouterr().out.splitlines()
    here = "127.0.0.1" if told else listen
    assert first.startswith(f"PromptGuard listens on   http://{here}:8080")
    assert second.startswith("for other machines") is bool(told)
    assert told in second
    assert "http://0.0.0.0" not in second and "http://:::" not in second


@pytest.mark.parametrize(
    ("identity", "options"),
    [
        ({}, ""),
        ({"htpasswd": Path("users")}, " --proxy-user NAME"),
        ({"devices": True}, " --proxy-user NAME"),
        ({"ldap": {"urls": ["ldaps://dc1.example"], "base": "DC=example"}}, " --proxy-user NAME"),
        ({"kerberos": {"keytab": Path("k"), "realms": ["EXAMPLE"]}}, " --proxy-negotiate --proxy-user :"),
    ],
)
def test_the_line_to_try_says_who_asks(
    capsys: pytest.CaptureFixture[str], identity: dict[str, Any], options: str
) -> None:
    settings = Settings.model_validate({"identity": identity})
    announcement = Announcement(("127.0.0.1", 8080), Path("config"), Path("data"), settings, None)
    announcement.is_whole(console_follows=False)
    assert f"curl --proxy http://127.0.0.1:8080{options} --cacert " in capsys.readouterr().out


def test_where_only_tls_is_spoken_the_addresses_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    tls = {"certificate": Path("proxy.pem"), "key": Path("proxy.key"), "only": True}
    announcement = Announcement(
        ("0.0.0.0", 8080), Path("config"), Path("data"), Settings.model_validate({"tls": tls}), None
    )
    announcement.listens()
    announcement.is_whole(console_follows=False)
    told = capsys.readouterr().out
    assert "listens on   https://127.0.0.1:8080" in told and "http://" not in told
    assert "curl --proxy https://127.0.0.1:8080 --proxy-insecure --cacert " in told
