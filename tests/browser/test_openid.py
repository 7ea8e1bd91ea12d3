"""Signing in with a company's accounts: Chromium, the console, and panva's certified oidc-provider in a process."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest
import yaml
from openid_provider import OpenIDProvider, say_who_it_is
from playwright.sync_api import Browser, Page, expect
from support.proxies import configuration

from promptguard.demo.proxy_process import PromptGuardProcess, free_port
from promptguard.workers.process import command_of

SECRET = "of-the-test"


@pytest.fixture(scope="module")
def origin() -> str:
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture(scope="module")
def issuer(origin: str) -> Iterator[str]:
    """The provider, under a name of another site than the console's."""
    with OpenIDProvider(
        *(origin + path for path in ("/sign-in/company/back", "/sign-in", "/sign-in/company/sign-out"))
    ) as running:
        yield running.issuer


@pytest.fixture(scope="module")
def console(
    issuer: str, origin: str, proxy: PromptGuardProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A console on the keys and the record of the proxy."""
    config = configuration(tmp_path_factory.mktemp("openid") / "config", {})
    (config / "secret").write_text(SECRET, "utf-8")
    oidc = {
        "issuer": issuer,
        "client_id": "promptguard",
        "client_secret_file": "secret",
        "roles": {"security": "analyst", "admins": "administrator"},
        "local_accounts": "never",
    }
    settings = config / "promptguard.yaml"
    said = yaml.safe_load(settings.read_text("utf-8")) if settings.exists() else {}
    settings.write_text(yaml.safe_dump({**(said or {}), "console": {"oidc": oidc}}), "utf-8")
    listen = ("--listen", origin.removeprefix("http://"), "--until-closed")
    running = subprocess.Popen(
        [*command_of("promptguard.console"), "--config", str(config), "--data", str(proxy.data), *listen],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout
    assert running.stdout.readline().split()[-1] == origin  # no link that makes an account
    yield origin
    running.communicate("")


@pytest.fixture
def window(local: Browser) -> Iterator[Page]:
    context = local.new_context()
    yield context.new_page()
    context.close()


def sign_in(window: Page, console: str, login: str) -> None:
    window.goto(f"{console}/sign-in")
    window.get_by_role("link", name="Sign in with localhost").click()
    say_who_it_is(window, login)


def test_a_company_signs_in_and_out(window: Page, console: str) -> None:
    sign_in(window, console, "jane")
    window.wait_for_url(f"{console}/")
    expect(window.get_by_role("link", name="jane")).to_be_visible()
    expect(window.get_by_role("link", name="Accounts")).to_have_count(0)
    window.get_by_role("button", name="Sign out").click()
    window.get_by_role("link", name="Sign out of localhost, too").click()
    window.get_by_role("button", name="Yes, sign me out").click()
    window.wait_for_url(f"{console}/sign-in*")
    expect(window.get_by_label("Password")).to_have_count(0)


def test_the_company_ends_the_session(window: Page, console: str, issuer: str) -> None:
    sign_in(window, console, "jane")
    window.wait_for_url(f"{console}/")
    elsewhere = window.context.new_page()  # where somebody signs out of the company's sign-on itself
    elsewhere.goto(f"{issuer}/session/end")
    with elsewhere.expect_response(f"{issuer}/session/end/confirm"):
        elsewhere.get_by_role("button", name="Yes, sign me out").click()
    window.goto(f"{console}/decisions")
    window.wait_for_url(f"{console}/sign-in")


def test_groups_give_roles(window: Page, console: str) -> None:
    sign_in(window, console, "adele")
    window.wait_for_url(f"{console}/")
    window.get_by_role("link", name="Accounts").first.click()
    expect(window.get_by_role("heading", name="adele", exact=True)).to_be_visible()


def test_whoever_has_no_group_is_told(window: Page, console: str) -> None:
    sign_in(window, console, "nobody")
    expect(window.get_by_role("alert")).to_contain_text("None of your groups has a role")


def test_an_answer_that_was_used_counts_for_nothing(window: Page, console: str) -> None:
    answers: list[str] = []
    window.on("request", lambda sent: answers.append(sent.url) if "/company/back?" in sent.url else None)
    sign_in(window, console, "jane")
    window.wait_for_url(f"{console}/")
    window.context.clear_cookies(name="promptguard_session")
    window.goto(answers[0])
    expect(window.get_by_role("alert")).to_contain_text("was not begun in this browser")
