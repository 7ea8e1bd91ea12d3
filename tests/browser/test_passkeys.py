"""Passkeys in Chromium, with an authenticator that the browser plays (Chrome DevTools Protocol, domain WebAuthn)."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest
from everybody import violations
from playwright.sync_api import Browser, Page, expect
from support.proxies import configuration

from promptguard.workers.process import command_of
from samples.reviewing import installation

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def link(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What a console of its own prints, under the name that browsers have passkeys for."""
    folder = tmp_path_factory.mktemp("passkeys")
    config = configuration(folder / "config", {})
    with installation(folder / "data") as other:
        folders = ("--config", str(config), "--data", str(other.folder))
        console = subprocess.Popen(
            [*command_of("promptguard.console"), *folders, "--listen", "127.0.0.1:0", "--until-closed"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert console.stdout
        yield console.stdout.readline().split()[-1].replace("127.0.0.1", "localhost")
        console.communicate("")


@pytest.fixture
def window(local: Browser) -> Iterator[Page]:
    context = local.new_context()
    page = context.new_page()
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, "isUserVerified": True}})
    yield page
    context.close()


def test_a_passkey_is_added_and_signs_in(window: Page, link: str, axe: str) -> None:
    complaints: list[str] = []
    window.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    origin = link.split("/set-up")[0]
    window.goto(link)
    window.get_by_label("Name").fill("Ann")
    window.get_by_label("Password, 12").fill(PASSWORD)
    window.get_by_label("The same password again").fill(PASSWORD)
    window.get_by_role("button", name="Make the account").click()
    window.goto(f"{origin}/account")
    assert violations(window, axe) == []
    window.get_by_role("link", name="Set up passkeys").click()
    window.get_by_label("What you call it").fill("laptop")
    window.get_by_label("Your password").fill(PASSWORD)
    window.get_by_role("button", name="Add a passkey").click()
    window.get_by_role("heading", name="laptop").wait_for()
    assert violations(window, axe) == []
    sign_out(window)
    window.get_by_role("button", name="Sign in with a passkey").click()
    expect(window.get_by_role("link", name="Ann")).to_be_visible()
    sign_out(window)
    window.get_by_label("Name").fill("Ann")
    window.get_by_label("Password").fill(PASSWORD)
    window.get_by_role("button", name="Sign in", exact=True).click()
    window.get_by_role("heading", name="And your passkey").wait_for()
    assert violations(window, axe) == []
    window.get_by_role("button", name="Use it").click()
    expect(window.get_by_role("link", name="Ann")).to_be_visible()
    assert complaints == []


def test_without_the_passkey_nobody_gets_in(local: Browser, link: str) -> None:
    window = local.new_context().new_page()
    window.goto(f"{link.split('/set-up')[0]}/sign-in")
    window.get_by_label("Name").fill("Ann")
    window.get_by_label("Password").fill(PASSWORD)
    window.get_by_role("button", name="Sign in", exact=True).click()
    window.get_by_role("heading", name="And your passkey").wait_for()
    window.goto(f"{link.split('/set-up')[0]}/account")
    window.wait_for_url("**/sign-in")
    window.context.close()


def sign_out(window: Page) -> None:
    window.get_by_role("button", name="Sign out").click()
    window.wait_for_url("**/sign-in")
