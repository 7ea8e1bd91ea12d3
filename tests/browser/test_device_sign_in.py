"""Signing a device in: Chromium, the proxy, and panva's certified oidc-provider in a process."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from openid_provider import OpenIDProvider, say_who_it_is
from playwright.sync_api import Browser, Page, expect
from support.proxies import configuration

from promptguard.demo.certificates import CertificateAuthority
from promptguard.demo.provider import Provider
from promptguard.demo.proxy_process import PromptGuardProcess, free_port
from promptguard.device_sign_in.client import DeviceClient, Waiting
from promptguard.errors import PromptGuardError
from promptguard.runtime.record import open_record


class Installation:
    """A proxy where devices sign in."""

    def __init__(self, folder: Path, issuer: str, provider: Provider) -> None:
        port, devices = free_port(), free_port()
        self.url = f"https://127.0.0.1:{devices}"
        self.ca_file = folder / "company.pem"
        authority = CertificateAuthority("Company")
        self.ca_file.write_bytes(authority.certificate)
        openid = {
            "issuer": issuer,
            "client_id": "promptguard-devices",
            "listen": f"127.0.0.1:{devices}",
            "url": self.url,
        }
        settings = {
            "names": {"enabled": False},
            "tls": {"certificate": "proxy.pem", "key": "proxy.key"},
            "identity": {"openid": openid},
            "pac": {"proxies": [f"https://127.0.0.1:{port}"]},
        }
        config = configuration(folder / "config", settings)
        for name, content in zip(("proxy.pem", "proxy.key"), authority.issue(["127.0.0.1"]), strict=True):
            (config / name).write_bytes(content)
        self.proxy = PromptGuardProcess(
            config=config,
            data=folder / "data",
            connect_to={"*": provider.address},
            upstream_authority=provider.certificates.authority,
            port=port,
        )

    def groups_of_a_request(self, user: str, password: str) -> list[str]:
        """What the record says of whoever sends a request with these credentials."""
        through = httpx.Proxy(
            f"https://127.0.0.1:{self.proxy.port}",
            auth=(user, password),
            ssl_context=ssl.create_default_context(cafile=self.ca_file),
        )
        trusted = ssl.create_default_context(cafile=self.proxy.authority)
        with httpx.Client(proxy=through, verify=trusted) as client:
            client.get("https://chatgpt.com/")
        with open_record(self.proxy.config, self.proxy.data) as reader:
            *_, last = [json.loads(line) for line in reader.export("jsonl", since=None, until=None, actions=())]
        assert last["identity_source"] == "device"
        return list(last["groups"])


@pytest.fixture(scope="module")
def installation(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with OpenIDProvider() as company:
        made = Installation(tmp_path_factory.mktemp("devices"), company.issuer, provider)
        with made.proxy:
            yield made


@pytest.fixture
def window(local: Browser) -> Iterator[Page]:
    context = local.new_context(ignore_https_errors=True)
    yield context.new_page()
    context.close()


def test_somebody_signs_in_with_a_browser(window: Page, installation: Installation) -> None:
    window.goto(f"{installation.url}/device")
    window.get_by_role("button", name="Sign in").click()
    code = window.locator(".code").inner_text()
    with window.expect_popup() as opened:
        window.get_by_role("link").click()
    elsewhere = opened.value
    expect(elsewhere.get_by_text(code)).to_be_visible()
    elsewhere.get_by_role("button", name="Continue").click()
    say_who_it_is(elsewhere, "jane")
    expect(elsewhere.get_by_role("heading", name="Sign-in Success")).to_be_visible()
    expect(window.get_by_role("heading", name="This device is signed in")).to_be_visible(timeout=20_000)
    user, password = (window.locator("dd code").nth(at).inner_text() for at in (0, 1))
    assert installation.groups_of_a_request(user, password) == ["security"]
    window.reload()
    expect(window.get_by_role("heading", name="This device is not signed in")).to_be_visible()


def test_somebody_signs_in_for_a_program(window: Page, installation: Installation) -> None:
    def approve(waiting: Waiting) -> None:
        window.goto(waiting.verification_uri)
        window.locator("input[name=user_code]").fill(waiting.user_code)
        window.get_by_role("button", name="Continue").click()
        window.get_by_role("button", name="Continue").click()
        say_who_it_is(window, "adele")
        expect(window.get_by_role("heading", name="Sign-in Success")).to_be_visible()

    with DeviceClient(installation.url, installation.ca_file) as client:
        device = client.sign_in(approve)
        assert b"FindProxyForURL" in client.pac(device.pac_url, device.pac_key)[0]
    assert installation.groups_of_a_request(device.user, device.password) == ["admins"]


def test_somebody_who_refuses_gives_nothing(window: Page, installation: Installation) -> None:
    def refuse(waiting: Waiting) -> None:
        window.goto(waiting.verification_uri_complete)
        window.get_by_role("button", name="Abort").click()

    client = DeviceClient(installation.url, installation.ca_file)
    with client, pytest.raises(PromptGuardError, match="it was refused"):
        client.sign_in(refuse)
