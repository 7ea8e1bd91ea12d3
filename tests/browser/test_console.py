"""The console in Chromium: the way of a newcomer from the printed link to an export, and what all pages look like."""

from __future__ import annotations

import json
import re
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Browser, Page

from promptguard.demo.proxy_process import PromptGuardProcess
from promptguard.workers.process import command_of

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
PASSWORD = "correct horse battery"
PROMPTS = {
    "blocked": "my password is Tr0ub4dor" + "&3",
    "redacted": "write to jane.roe" + "@acme-corp.org, please",
    "allowed": "what is a prime number?",
}
PAGES = [
    "/",
    "/decisions",
    "/decisions?found=1",
    "/destinations",
    "/tools",
    "/exceptions",
    "/policy",
    "/policy/try",
    "/health",
    "/incidents",
    "/holds",
    "/stops",
    "/suspensions",
    "/ledger",
    "/accounts",
    "/account",
    "/look-up",
    "/what-is-recorded",
    "/nothing",
]


@pytest.fixture(scope="module")
def ids(proxy: PromptGuardProcess) -> dict[str, str]:
    """The ids of three decisions on prompts that went through the proxy, as their answers tell them."""
    found = {}
    with httpx.Client(proxy=proxy.url, verify=trusted(proxy)) as client:
        for name, text in PROMPTS.items():
            body = {"model": "m", "messages": [{"role": "user", "content": text}]}
            answer = client.post("https://api.mistral.ai/v1/chat/completions", json=body)
            told = answer.text + " ".join(answer.headers.values())
            found[name] = next(iter(re.findall(r"pg(?:-[0-9A-Z]{4}){4}", told)), "")
    return found


@pytest.fixture(scope="module")
def link(proxy: PromptGuardProcess, ids: dict[str, str]) -> Iterator[str]:
    """What the console of the same installation prints."""
    folders = ("--config", str(proxy.config), "--data", str(proxy.data))
    console = subprocess.Popen(
        [*command_of("promptguard.console"), *folders, "--listen", "127.0.0.1:0", "--until-closed"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert console.stdout
    yield console.stdout.readline().split()[-1]
    console.communicate("")


@pytest.fixture(scope="module")
def origin(link: str) -> str:
    return link.split("/set-up")[0]


def trusted(proxy: PromptGuardProcess) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(proxy.authority))


def opened(browser: Browser, scheme: Literal["light", "dark"] = "light", width: int = 1280) -> tuple[Page, list[str]]:
    """A page, and what it complains about."""
    page = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800}).new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    return page, complaints


def sign_in(page: Page, origin: str, name: str = "Ann") -> None:
    page.goto(f"{origin}/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{origin}/")


def test_a_newcomer_gets_from_the_link_to_an_export(
    local: Browser, link: str, ids: dict[str, str], tmp_path: Path
) -> None:
    page, complaints = opened(local)
    page.goto(link)
    page.get_by_label("Name").fill("Ann")
    page.get_by_label("Password, 12").fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    page.get_by_role("link", name="Not sent").click()
    page.get_by_role("row").nth(1).get_by_role("link").click()
    page.get_by_role("heading", name=ids["blocked"]).wait_for()
    assert PROMPTS["blocked"].split()[-1] not in page.content()
    page.get_by_label("Remark").fill("a sample")
    page.get_by_role("button", name="A false alarm").click()
    page.get_by_text("“a sample”").wait_for()
    page.get_by_role("link", name="Decisions").first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name="jsonl").click()
    download.value.save_as(tmp_path / "taken.jsonl")
    taken = [json.loads(line) for line in (tmp_path / "taken.jsonl").read_text("utf-8").splitlines()]
    assert [each["action"] for each in taken[:3]] == [
        "allow",
        "redact",
        "block",
    ]  # others came before, the newest first
    assert complaints == []


def test_new_decisions_come_by_themselves(
    local: Browser, link: str, origin: str, ids: dict[str, str], proxy: PromptGuardProcess
) -> None:
    page, complaints = opened(local)
    sign_in(page, origin)
    page.goto(f"{origin}/decisions?live=1")
    before = page.get_by_role("row").count()
    with httpx.Client(proxy=proxy.url, verify=trusted(proxy)) as client:
        body = {"model": "m", "messages": [{"role": "user", "content": "and a perfect number?"}]}
        client.post("https://api.mistral.ai/v1/chat/completions", json=body)
    page.get_by_role("row").nth(before).wait_for(timeout=20_000)
    assert complaints == []


def test_on_a_phone_the_menu_is_what_its_button_opens(local: Browser, link: str, origin: str) -> None:
    page, complaints = opened(local, "dark", 360)
    sign_in(page, origin)
    header, button = page.get_by_role("banner"), page.get_by_role("button", name="Menu")
    ledger = page.get_by_role("link", name="Ledger")
    assert header.bounding_box()["height"] <= 60  # type: ignore[index]
    assert not ledger.is_visible()
    before = page.evaluate("document.querySelector('h1').getBoundingClientRect().top")
    button.focus()
    page.keyboard.press("Enter")
    ledger.wait_for()
    assert page.evaluate("document.querySelector('h1').getBoundingClientRect().top") == before
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Overview"
    page.keyboard.press("Escape")
    ledger.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.textContent") == "Menu"
    button.click()
    ledger.click()
    page.get_by_role("heading", name="Ledger").wait_for()
    assert not ledger.is_visible()
    page.set_viewport_size({"width": 1280, "height": 800})
    assert ledger.is_visible()
    assert not button.is_visible()
    assert complaints == []


@pytest.mark.timeout(600)  # each page is looked at by axe, on narrow screens twice
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_can_be_used_by_everybody(
    local: Browser,
    link: str,
    origin: str,
    ids: dict[str, str],
    axe: str,
    scheme: Literal["light", "dark"],
    width: int,
) -> None:
    page, complaints = opened(local, scheme, width)
    page.goto(f"{origin}/sign-in")
    assert violations(page, axe) == []
    sign_in(page, origin)
    page.goto(f"{origin}/decision/{ids['blocked']}")
    page.get_by_text("Open an incident").click()
    page.get_by_role("button", name="Open it: the clock begins").click()
    page.get_by_role("heading", name="Timeline").wait_for()
    incident = page.url.removeprefix(origin)
    for path in [
        *PAGES,
        incident,
        f"{incident}/earlier",
        f"/decision/{ids['blocked']}",
        f"/look-up?id={ids['redacted']}",
    ]:
        page.goto(origin + path)
        for details in page.get_by_role("group").all():
            details.evaluate("each => { if ('open' in each) each.open = true }")
        if width < 400 and page.get_by_role("button", name="Menu").is_visible():
            page.get_by_role("button", name="Menu").click()
            assert violations(page, axe) == [], f"{path}, with the menu open"
            page.keyboard.press("Escape")
        assert violations(page, axe) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert [said for said in complaints if "404" not in said] == []


@pytest.mark.parametrize(
    ("name", "path", "scheme", "width"),
    [
        ("overview", "/", "light", 1100),
        ("overview-dark", "/", "dark", 1100),
        ("decisions", "/decisions", "dark", 1100),
        ("decision", "/decision/{id}", "light", 1100),
        ("decision-phone", "/decision/{id}", "dark", 390),
        ("policy", "/policy", "light", 1100),
        ("tools", "/tools", "light", 1100),
        ("exceptions", "/exceptions", "light", 1100),
        ("stops", "/stops", "light", 1100),
    ],
)
def test_pictures_are_taken_where_they_are_missing(
    local: Browser,
    link: str,
    origin: str,
    ids: dict[str, str],
    name: str,
    path: str,
    scheme: Literal["light", "dark"],
    width: int,
) -> None:
    page, _ = opened(local, scheme, width)
    sign_in(page, origin)
    page.goto(origin + path.replace("{id}", ids["redacted"]))
    page.locator("h1").wait_for()
    picture = PICTURES / f"console-{name}.png"
    if not picture.exists():
        page.screenshot(path=picture, full_page=width > 400)


def violations(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate("axe.run().then(result => result.violations.map(each => [each.id, each.nodes[0].html]))")
    return [f"{id}: {where}" for id, where in found]
