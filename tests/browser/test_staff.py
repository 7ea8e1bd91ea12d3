"""From a prompt that the real proxy stops to the page behind the link in its notice, in Chromium."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl

import httpx
import pytest
from everybody import problems
from looks import picture
from playwright.sync_api import Browser, Page
from support.proxies import configuration
from test_console import opened, trusted

from promptguard.demo.provider import Provider
from promptguard.demo.proxy_process import PromptGuardProcess, run_promptguard
from promptguard.workers.process import command_of

pytestmark = pytest.mark.timeout(400)

SECRET = "Mu1berry" + "&49xq"  # not the one that PromptGuard prints as a sample
LINK = re.compile(r"http://127\.0\.0\.1:\d+/p/[a-z]{30}(?:#[a-z]{30})?")

ASKING = """justifications:
  reasons: {asked: The customer asked for it, own: It is about me}
  scopes: [finding, conversation]
rules:

  - id: personal-data-with-a-reason
    when: {data_classes: personal_data, purpose: prompt, status: [approved, approved_with_limits]}
    action: justify
    reason: Personal data needs a reason.
"""


@pytest.fixture(scope="module")
def linking(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PromptGuardProcess]:
    """A proxy whose notices lead to a console on this machine."""
    folder = tmp_path_factory.mktemp("linking")
    with socket.create_server(("127.0.0.1", 0)) as free:
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    changes = {"names": {"enabled": False}, "console": {"listen": listen, "enabled": False, "staff_links": True}}
    config = configuration(folder / "config", changes)
    policy = config / "policy.yaml"
    policy.write_text(policy.read_text("utf-8").replace("rules:\n", ASKING, 1), "utf-8")
    with PromptGuardProcess(
        config=config,
        data=folder / "data",
        connect_to={"*": provider.address},
        upstream_authority=provider.certificates.authority,
    ) as running:
        folders = ("--config", str(running.config), "--data", str(running.data))
        console = subprocess.Popen(
            [*command_of("promptguard.console"), *folders, "--until-closed"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert console.stdout and console.stdout.readline()
        yield running
        console.communicate("")


def told(proxy: PromptGuardProcess, text: str, service: str = "https://api.mistral.ai/v1/chat/completions") -> str:
    """The notice on a prompt."""
    body = {"model": "m", "messages": [{"role": "user", "content": text}]}
    with httpx.Client(proxy=proxy.url, verify=trusted(proxy), timeout=60) as client:
        answer = client.post(service, json=body)
    assert answer.status_code == 400
    return answer.text


def follow(browser: Browser, link: str, axe: str) -> tuple[Page, list[str]]:
    page, complaints = opened(browser, width=360)
    page.goto(link)
    assert problems(page, axe) == []
    page.get_by_role("button", name="Show what happened").click()
    page.get_by_role("heading", name="What was found").wait_for()
    return page, complaints


def test_from_a_notice_to_the_text_to_copy_and_a_report(
    linking: PromptGuardProcess, local: Browser, axe: str, tmp_path: Path
) -> None:
    found = LINK.search(told(linking, f"connect with my password {SECRET} and list all tables"))
    assert found
    page, complaints = follow(local, found[0], axe)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    assert page.get_by_label("The redacted text, to copy").input_value() == (
        "connect with my password [PASSWORD] and list all tables"
    )
    page.get_by_text("1 password in your message").wait_for()
    assert problems(page, axe) == []
    picture(page, "staff-blocked")
    page.get_by_role("button", name="Copy the redacted text").click()
    page.get_by_text("Copied", exact=True).wait_for()
    page.get_by_label("A false alarm").check()
    page.get_by_label("Your words").fill(f"it is a sample, {SECRET} is on every poster, and my password is {SECRET}")
    page.get_by_role("button", name="Send").click(timeout=150_000)  # detectors are loaded for it
    page.get_by_text("Not answered yet").wait_for(timeout=120_000)
    assert SECRET not in page.locator(".said").inner_text()
    page.get_by_label("The redacted text, to copy").wait_for()  # the key outlives the form
    page.get_by_role("button", name="I sent something by mistake").click()
    page.get_by_text("in-").first.wait_for()
    assert SECRET not in page.content()
    assert problems(page, axe) == []
    assert complaints == []
    key = found[0].rpartition("#")[2]
    kept = b"".join(path.read_bytes() for path in linking.data.rglob("*") if path.is_file())
    for secret in (key, found[0].rpartition("/")[2].partition("#")[0], "and list all tables", SECRET):
        assert secret.encode() not in kept


def test_security_is_asked_with_the_text_or_without(linking: PromptGuardProcess, local: Browser, axe: str) -> None:
    notice = told(linking, f"may I send my password {SECRET} to the vendor?")
    found = LINK.search(notice)
    assert found
    page, complaints = follow(local, found[0], axe)
    box = page.get_by_label("Add my text with placeholders")
    box.wait_for()
    assert not box.is_checked()
    assert problems(page, axe) == []
    sent: list[dict[str, str]] = []
    page.on(
        "request", lambda each: sent.append(dict(parse_qsl(each.post_data or ""))) if each.method == "POST" else None
    )
    ask = page.get_by_role("button", name="Ask security")
    for ticked in (False, True):
        page.get_by_label("Your question").fill("Who decides?")
        box.set_checked(ticked)
        ask.click(timeout=150_000)  # detectors are loaded for it
        page.get_by_text("Not answered yet").nth(int(ticked)).wait_for(timeout=120_000)
        assert not box.is_checked()
    assert [each.get("added") for each in sent] == [None, "may I send my password [PASSWORD] to the vendor?"]
    assert page.get_by_text("You added your text with placeholders.").count() == 1
    assert complaints == []
    kept = b"".join(path.read_bytes() for path in linking.data.rglob("*") if path.is_file())
    assert b"to the vendor" not in kept and b"Who decides?" in kept


def test_a_reason_can_be_given_by_everybody(linking: PromptGuardProcess, local: Browser, axe: str) -> None:
    found = LINK.search(told(linking, "Write to dora.blunt@orchard-lane.com about the fair."))
    assert found
    page, complaints = follow(local, found[0], axe)
    page.get_by_label("The customer asked for it").check()
    assert problems(page, axe) == []
    picture(page, "staff-reason")
    assert complaints == []


def test_from_a_tool_that_is_not_approved_to_asking_for_it(
    linking: PromptGuardProcess, local: Browser, axe: str
) -> None:
    found = LINK.search(
        told(
            linking,
            "Put into German: ask dora.blunt@orchard-lane.com about the fair.",
            "https://api.deepl.com/v2/translate",
        )
    )
    assert found
    page, complaints = follow(local, found[0], axe)
    page.get_by_role("button", name="I need this tool").wait_for()
    page.get_by_label("What you need it for").fill("For our letters to customers in Germany.")
    assert problems(page, axe) == []
    picture(page, "staff-unapproved")
    page.goto(page.url.partition("/p/")[0] + "/what-is-recorded")
    assert problems(page, axe) == []
    picture(page, "staff-recorded")
    page.goto(page.url.partition("/what-")[0] + "/p/" + "b" * 30)
    page.get_by_role("alert").wait_for()
    assert problems(page, axe) == []
    assert [each for each in complaints if "410" not in each] == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_staff_are_told_can_be_read_by_everybody(
    linking: PromptGuardProcess, local: Browser, axe: str, tmp_path: Path, language: str
) -> None:
    file = tmp_path / "notice.html"
    options = ["--works-council", "--language", language, "--out", str(file), "--config", str(linking.config)]
    written = run_promptguard(["employee-notice", *options])
    assert written.returncode == 0, written.stderr
    page, complaints = opened(local)
    page.goto(file.as_uri())
    assert problems(page, axe) == []
    if language == "en":
        picture(page, "employee-notice", width=760, height=900)
    assert complaints == []


def test_without_scripts_all_but_the_text_is_there(linking: PromptGuardProcess, local: Browser) -> None:
    found = LINK.search(told(linking, f"the password of the other server: {SECRET}"))
    assert found
    page = local.new_context(java_script_enabled=False).new_page()
    page.goto(found[0])
    page.get_by_role("button", name="Show what happened").click()
    page.get_by_text("1 password in your message").wait_for()
    page.get_by_role("button", name="I sent something by mistake").click()
    page.get_by_text("What you told").wait_for()
    assert page.get_by_role("button", name="Ask security").is_visible()
    assert not page.get_by_label("Add my text with placeholders").is_visible()
