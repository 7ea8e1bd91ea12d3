"""The console in Chromium: the way of a newcomer from the printed link to an export, and what all pages look like."""

from __future__ import annotations

import json
import re
import ssl
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import httpx
import pytest
from everybody import problems
from filling import fill
from looks import PICTURES, picture
from playwright.sync_api import Browser, Page

from promptguard.demo.proxy_process import PromptGuardProcess
from promptguard.workers.process import command_of

PASSWORD = "correct horse battery"
PROMPTS = {
    "unapproved": "what is a perfect number?",
    "blocked": "my password is Tr0ub4dor" + "&3",
    "redacted": "write to jane.roe" + "@acme-corp.org and to joe.doe" + "@acme-corp.org, please",
    "allowed": "what is a prime number?",
}
UNAPPROVED = "https://api.deepl.com/v2/translate"
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
    "/account/passkeys",
    "/reports",
    "/reports?state=done",
    "/releases",
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
            service = UNAPPROVED if name == "unapproved" else "https://api.mistral.ai/v1/chat/completions"
            answer = client.post(service, json=body)
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
    local: Browser, link: str, ids: dict[str, str], axe: str, tmp_path: Path
) -> None:
    page, complaints = opened(local)
    page.goto(link)
    assert problems(page, axe) == []
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


@pytest.fixture(scope="module")
def filled(local: Browser, link: str, origin: str, ids: dict[str, str], proxy: PromptGuardProcess) -> list[str]:
    """Where there is something to see on each page: paths of all of them."""
    with ThreadPoolExecutor(1) as elsewhere:  # in this thread, Playwright's event loop runs
        elsewhere.submit(fill, proxy, ids["blocked"], ids["redacted"], ids["unapproved"]).result()
    page, _ = opened(local)
    sign_in(page, origin)
    page.goto(f"{origin}/decision/{ids['blocked']}")
    page.get_by_text("Open an incident").click()
    page.get_by_role("button", name="Open it: the clock begins").click()
    page.get_by_role("heading", name="Timeline").wait_for()
    incident = page.url.removeprefix(origin).partition("#")[0]
    page.goto(f"{origin}/policy")
    version = page.get_by_role("link", name="Text of the policy").get_attribute("href") or ""
    page.context.close()
    of_decisions = [f"/decision/{ids[name]}" for name in PROMPTS]
    return [
        *PAGES,
        *of_decisions,
        incident,
        f"{incident}/earlier",
        version,
        f"/look-up?id={ids['redacted']}",
        "/tools?tool=deepl#ask",
    ]


@pytest.mark.timeout(600)  # axe looks at each page four times
def test_every_page_can_be_used_by_everybody(local: Browser, origin: str, filled: list[str], axe: str) -> None:
    page, complaints = opened(local)
    page.goto(f"{origin}/sign-in")
    assert problems(page, axe) == []
    sign_in(page, origin)
    found = {}
    for path in filled:
        answer = page.goto(origin + path)
        assert answer and (answer.ok or path == "/nothing"), f"{path}: {answer}"
        found[path] = problems(page, axe)
    page.goto(f"{origin}/policy/try")
    draft = page.get_by_role("textbox", name="Policy")
    draft.fill(draft.input_value().replace("action: redact", "action: block"))
    page.get_by_role("button", name="Try this text").click()
    page.get_by_role("region", name="What would change").wait_for()
    found["a tried policy"] = problems(page, axe)
    picture(page, "console-policy-try", width=1100)
    assert {path: each for path, each in found.items() if each} == {}
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
        ("suspensions", "/suspensions", "light", 1100),
    ],
)
def test_pictures_are_taken_where_they_are_missing(
    local: Browser,
    link: str,
    origin: str,
    ids: dict[str, str],
    filled: list[str],
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
