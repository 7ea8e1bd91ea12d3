"""A device that signs in with the company's accounts, and goes through the proxy with what it got."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from support.deadline import wait_until
from support.proxies import configuration
from support.warm import WarmProcess
from support.watch import Watch

from promptguard.cli import main
from promptguard.demo.certificates import CertificateAuthority
from promptguard.demo.provider import Provider
from promptguard.demo.proxy_process import PromptGuardProcess, free_port
from promptguard.runtime.record import open_record
from samples.openid_provider import StandIn, served

URL = "https://api.openai.com/v1/chat/completions"


@pytest.fixture
def company() -> Iterator[StandIn]:
    stand_in = StandIn(time.time, f"http://127.0.0.1:{free_port()}")
    stand_in.at_once = True
    with served(stand_in):
        yield stand_in


@pytest.fixture
def ca_file(tmp_path: Path) -> Path:
    return tmp_path / "company.pem"


@pytest.fixture
def proxy(company: StandIn, provider: Provider, tmp_path: Path, ca_file: Path) -> Iterator[PromptGuardProcess]:
    port, devices = free_port(), free_port()
    authority = CertificateAuthority("Company")
    ca_file.write_bytes(authority.certificate)
    openid = {
        "issuer": company.issuer,
        "client_id": "promptguard",
        "listen": f"127.0.0.1:{devices}",
        "url": f"https://127.0.0.1:{devices}",
        "groups": {"sec-analysts": "support"},
    }
    settings = {
        "names": {"enabled": False},
        "tls": {"certificate": "proxy.pem", "key": "proxy.key", "only": True},
        "identity": {"openid": openid},
        "pac": {"proxies": [f"https://127.0.0.1:{port}"]},
    }
    config = configuration(tmp_path / "config", settings)
    for name, content in zip(("proxy.pem", "proxy.key"), authority.issue(["127.0.0.1"]), strict=True):
        (config / name).write_bytes(content)
    running = WarmProcess(
        config=config,
        data=tmp_path / "data",
        connect_to={"*": provider.address},
        upstream_authority=provider.certificates.authority,
        port=port,
    )
    with running:
        running.wait_until_ready()
        yield running


def listener(proxy: PromptGuardProcess) -> str:
    lines = (proxy.config / "promptguard.yaml").read_text().splitlines()
    return next(line.split("url:")[1].strip() for line in lines if "url:" in line)


def ask(address: str, proxy: PromptGuardProcess, ca_file: Path) -> httpx.Response:
    through = httpx.Proxy(address, ssl_context=ssl.create_default_context(cafile=ca_file))
    with httpx.Client(proxy=through, verify=ssl.create_default_context(cafile=proxy.authority)) as client:
        return client.post(URL, json={"messages": [{"role": "user", "content": "What is a mutex?"}]})


def test_a_device_signs_in_passes_and_is_revoked(
    proxy: PromptGuardProcess, company: StandIn, ca_file: Path, watch: Watch, tmp_path: Path
) -> None:
    folder = tmp_path / "device"
    to_the_device = ("--folder", str(folder), "--ca-file", str(ca_file))
    told = CliRunner().invoke(main, ["devices", "sign-in", listener(proxy), *to_the_device])
    assert told.exit_code == 0, told.output
    assert "BCDF-GHJK" in told.output and f"{company.issuer}/activate" in told.output
    address = (folder / "proxy.env").read_text().splitlines()[0].removeprefix("HTTPS_PROXY=")
    user, password = address.removeprefix("https://").partition("@")[0].split(":")
    assert f"Signed in as {user}" in told.output and password not in told.output
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}

    assert ask(address, proxy, ca_file).status_code == 200
    assert "proxy-authorization" not in {name.lower() for name, _ in watch.requests[0].headers}
    with open_record(proxy.config, proxy.data) as reader:
        (record,) = [json.loads(line) for line in reader.export("jsonl", since=None, until=None, actions=())]
    assert (record["identity_source"], record["groups"]) == ("device", ["support"])
    assert "jane" not in json.dumps(record)
    for nobody in (address.replace(user, "dev-0123456789ab"), address.replace(password, password[:-4] + "AAAA")):
        with pytest.raises(httpx.ProxyError, match="407"):
            ask(nobody, proxy, ca_file)

    pac = (folder / "proxy.pac").read_text()
    assert pac.startswith(f"// For the device {user}, until ") and "DIRECT" in pac
    assert f"HTTPS 127.0.0.1:{proxy.port}" in pac and '"api.openai.com": 1' in pac
    assert CliRunner().invoke(main, ["devices", "pac", *to_the_device]).exit_code == 0

    own = ("--config", str(proxy.config), "--data", str(proxy.data))
    assert CliRunner().invoke(main, ["devices", "revoke", "--user", "jane", *own]).exit_code == 0
    wait_until(lambda: not is_let_in(address, proxy, ca_file), "the revocation is taken up")
    with pytest.raises(httpx.ProxyError, match="407"):
        ask(address, proxy, ca_file)
    ended = CliRunner().invoke(main, ["devices", "pac", *to_the_device])
    assert ended.exit_code == 2 and "has ended" in ended.output
    assert (folder / "proxy.pac").read_text() == pac
    assert password not in proxy.output and "jane" not in proxy.output and user in proxy.output


def is_let_in(address: str, proxy: PromptGuardProcess, ca_file: Path) -> bool:
    try:
        return ask(address, proxy, ca_file).status_code == 200
    except httpx.ProxyError:
        return False
