"""Evidence from end to end: the real proxy seals it, two people release it in the console, and Chromium or the command
opens it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from everybody import violations
from playwright.sync_api import Browser, Page, Route
from support.proxies import configuration
from test_console import opened, trusted

from promptguard.cli import main
from promptguard.demo.provider import Provider
from promptguard.demo.proxy_process import PromptGuardProcess
from promptguard.workers.process import command_of

PASSWORD = "correct horse battery"
PASSPHRASE = "a safe is a good place"
SECRET = "Tr0ub4dor" + "&3"
PROMPT = f"żółć: my password is {SECRET}, thanks"
REASON = "the client has to be told"


def run(*arguments: str) -> str:
    """What the command prints."""
    result = CliRunner().invoke(main, ["evidence", *arguments, "--passphrase", PASSPHRASE])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def vault_of_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where no proxy is: two pairs of keys, made by the command."""
    folder = tmp_path_factory.mktemp("safe")
    for name in ("key.pem", "other.pem"):
        run("keygen", "--out", str(folder / name))
    return folder


@pytest.fixture(scope="module")
def company(
    vault_of_keys: Path, provider: Provider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PromptGuardProcess]:
    """A proxy that keeps evidence."""
    folder = tmp_path_factory.mktemp("company")
    settings = {"names": {"enabled": False}, "evidence": {"public_keys": "key.pub.pem", "openings": 5}}
    config = configuration(folder / "config", settings)
    shutil.copy(vault_of_keys / "key.pub.pem", config)
    with PromptGuardProcess(
        config=config,
        data=folder / "data",
        connect_to={"*": provider.address},
        upstream_authority=provider.certificates.authority,
    ) as running:
        yield running


@pytest.fixture(scope="module")
def decision(company: PromptGuardProcess) -> str:
    """The id of a decision with evidence."""
    with httpx.Client(proxy=company.url, verify=trusted(company)) as client:
        body = {"model": "m", "messages": [{"role": "user", "content": PROMPT}]}
        answer = client.post("https://api.mistral.ai/v1/chat/completions", json=body)
    return next(iter(re.findall(r"pg(?:-[0-9A-Z]{4}){4}", answer.text)))


@pytest.fixture(scope="module")
def link(company: PromptGuardProcess, decision: str) -> Iterator[str]:
    folders = ("--config", str(company.config), "--data", str(company.data))
    console = subprocess.Popen(
        [*command_of("promptguard.console"), *folders, "--listen", "127.0.0.1:0", "--until-closed"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert console.stdout
    yield console.stdout.readline().split()[-1]
    console.communicate("")


def chosen(page: Page, link: str, name: str = "", roles: tuple[str, ...] = ()) -> None:
    """Choose a password, and so sign in."""
    page.goto(link)
    if name:
        page.get_by_label("Name").fill(name)
        for each in page.get_by_role("checkbox").all():
            each.set_checked(each.get_attribute("value") in roles)
    page.get_by_label("Password, 12").fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button").last.click()
    page.wait_for_url(re.compile(r"/$"))


def made(root: Page, origin: str, name: str, role: str) -> str:
    """An account, and its link."""
    root.goto(f"{origin}/accounts")
    new = root.locator("form[action='/accounts']")
    new.get_by_label("Name").fill(name)
    new.locator(f"input[value={role}]").check()
    new.get_by_role("button").click()
    return root.locator(".made pre").inner_text()


def open_here(page: Page, key: Path, passphrase: str) -> str:
    page.get_by_label("Private key").set_input_files(key)
    page.get_by_label("Its passphrase").fill(passphrase)
    page.get_by_role("button", name="Open here").click()
    done = page.locator("#said").filter(has_text=re.compile(r"^(?!Opening …)."))
    done.wait_for()
    return done.inner_text()


def answering(text: str) -> Callable[[Route], None]:
    """Gives this in the console's place."""
    return lambda route: route.fulfill(body=text, content_type="application/json")


@pytest.mark.timeout(400)  # a proxy, a console and four windows are started for it alone
def test_two_people_release_it_and_the_key_opens_it_in_the_browser_and_by_the_command(
    local: Browser, link: str, decision: str, vault_of_keys: Path, tmp_path: Path, axe: str
) -> None:
    origin = link.split("/set-up")[0]
    root, _ = opened(local)
    chosen(root, link, "Root", ("administrator",))
    ann, complaints = opened(local, "dark", 360)
    bob, _ = opened(local)
    chosen(ann, made(root, origin, "Ann", "unmask_requester"))
    chosen(bob, made(root, origin, "Bob", "unmask_approver"))

    ann.goto(f"{origin}/releases?decision={decision}")
    assert violations(ann, axe) == []
    ann.get_by_label("What it is needed for").select_option("incident")
    ann.get_by_label("Incident or ticket").fill("INC-7")
    ann.get_by_label("Why you cannot").fill(REASON)
    ann.get_by_role("button", name="Ask").click()
    bob.goto(ann.url)
    bob.get_by_label("Why").fill(REASON)
    assert violations(bob, axe) == []
    bob.get_by_role("button", name="Approve").click()
    bob.get_by_text("Approved").wait_for()
    assert bob.locator("#opening").count() == 0

    ann.reload()
    posted: list[bytes] = []
    ann.on("request", lambda sent: posted.append(sent.post_data_buffer or b"") if sent.method == "POST" else None)
    assert "passphrase is wrong" in open_here(ann, vault_of_keys / "key.pem", "a safe is no good place")
    assert "not one that the evidence was sealed to" in open_here(ann, vault_of_keys / "other.pem", PASSPHRASE)
    assert posted == []
    assert open_here(ann, vault_of_keys / "key.pem", PASSPHRASE).startswith("Opened: ")
    shown = ann.locator(".excerpt").all_inner_texts()
    assert f"żółć: my password is {SECRET}, thanks" in shown
    assert SECRET in ann.locator("mark").all_inner_texts()
    assert violations(ann, axe) == []
    assert ann.evaluate("document.documentElement.scrollWidth") <= 360
    assert [body for body in posted if PASSPHRASE.encode() in body or b"PRIVATE" in body] == []
    ann.get_by_role("button", name="Clear").click()
    assert SECRET not in ann.content()

    with ann.expect_download() as download:
        ann.get_by_role("button", name="Download sealed").click()
    assert download.value.suggested_filename == f"{decision}.evidence.json"
    download.value.save_as(tmp_path / "evidence.json")
    told = run("open", str(tmp_path / "evidence.json"), "--key", str(vault_of_keys / "key.pem"))
    assert f"żółć: my password is ⟦{SECRET}⟧, thanks" in told

    # Changed on its way, or of another decision: nothing is shown.
    for spoiled in (
        lambda text: text.replace('"finding":0', '"finding":1'),
        lambda text: text.replace(decision, "pg-0000-0000-0000-0000"),
        lambda text: (
            text.replace('":"', '":"AAAA', 1) if False else re.sub(r'(":")([A-Za-z0-9+/]{8})', r"\1AAAAAAAA", text)
        ),
    ):
        text = spoiled((tmp_path / "evidence.json").read_text())
        ann.route("**/evidence", answering(text))
        ann.reload()
        assert "does not open" in open_here(ann, vault_of_keys / "key.pem", PASSPHRASE)
        assert ann.locator(".excerpt").count() == 0
        ann.unroute("**/evidence")
    assert complaints == []
