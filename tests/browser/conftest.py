"""The real proxy before stand-in pages of web chats, and Debian's Chromium driven by Playwright."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

# pytest's importlib mode leaves sys.path alone; the helpers beside this file are imported by name.
sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(1, str(Path(__file__).parents[1] / "e2e"))
sys.path.insert(2, str(Path(__file__).parents[1]))

from looks import OPENED
from sites import BY_HOST, STORAGE, Chats
from support.proxies import configuration

from promptguard.demo.provider import Provider
from promptguard.demo.proxy_process import PromptGuardProcess

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def provider() -> Iterator[Provider]:
    """The stand-in pages, as one server."""
    provider = Provider(hosts=(*BY_HOST, STORAGE))
    provider.application = Chats()
    with provider as running:
        yield running


@pytest.fixture(scope="session")
def proxy(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PromptGuardProcess]:
    """A company that has approved all of these chats: personal data is replaced there, credentials are blocked."""
    folder = tmp_path_factory.mktemp("proxy")
    config = configuration(folder / "config", {"names": {"enabled": False}})
    chats = config / "destinations" / "web_chats.yaml"
    chats.write_text(chats.read_text("utf-8").replace("status: unreviewed", "status: approved_with_limits"), "utf-8")
    with PromptGuardProcess(
        config=config,
        data=folder / "data",
        connect_to={"*": provider.address},
        upstream_authority=provider.certificates.authority,
    ) as running:
        yield running


_ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(
    playwright: Playwright, proxy: PromptGuardProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """Headless Chromium behind the proxy, trusting its authority (read from the NSS database of its home folder)."""
    home = tmp_path_factory.mktemp("home")
    database = home / ".pki" / "nssdb"
    database.mkdir(parents=True)
    common = ["certutil", "-d", f"sql:{database}"]
    subprocess.run([*common, "-N", "--empty-password"], check=True, capture_output=True)
    add = ["-A", "-t", "C,,", "-n", "authority", "-i", str(proxy.authority)]
    subprocess.run([*common, *add], check=True, capture_output=True)
    browser = playwright.chromium.launch(
        executable_path=shutil.which("chromium"),
        env={**os.environ, "HOME": str(home)},
        proxy={"server": proxy.url},
        args=_ARGUMENTS,
    )
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def local(playwright: Playwright) -> Iterator[Browser]:
    """Headless Chromium that goes through no proxy: for pages of this machine."""
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A window without a history."""
    context = browser.new_context(viewport={"width": 900, "height": 600})
    context.add_init_script(OPENED)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, which `make test-browser` installs."""
    return (ROOT / ".make" / "browser" / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
