"""From a notice to the document to acknowledge, and from another to the form for a reason; then the request goes on."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from everybody import problems
from looks import LAYER, OPENED, picture
from playwright.sync_api import Browser, Page, expect
from sites import Chats
from support.proxies import configuration
from test_console import opened, trusted

from promptguard.demo.provider import Provider
from promptguard.demo.proxy_process import PromptGuardProcess
from promptguard.workers.process import command_of

pytestmark = pytest.mark.timeout(400)

LINK = re.compile(r"http://127\.0\.0\.1:\d+/p/[a-z]{30}(?:#[a-z]{30})?")
DOCUMENT = """# Our AI policy

Use AI with care, and no passwords.

1. Use the tools that the company has approved, with the company's account.
2. Put no passwords, keys or customers' records into any of them.
3. You answer for what you send, and for what you make of the answers.

| Kind of data | Where it may go | Who says so | Since when, and until when it is reviewed again |
| :-- | --: | --- | --- |
| Customers' data | nowhere | the security board | 1 January, each year |

<script>document.title = "acted"</script>
"""
"""With a table that is wider than a telephone, and HTML that must not act."""

SECTIONS = """acknowledgement: {document: ai-policy.md, version: "3", every_days: 10, remind_days: 10}
justifications: {reasons: {asked: The customer asked for it, own: It is about me}, scopes: [finding, minutes]}
rules:

  - {id: hold, when: {data_classes: personal_data, purpose: prompt}, action: justify, reason: Say why.}
"""


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PromptGuardProcess]:
    """A proxy whose notices lead to a console on this machine, and that asks for the policy to be acknowledged."""
    folder: Path = tmp_path_factory.mktemp("asking")
    with socket.create_server(("127.0.0.1", 0)) as free:
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    changes = {"names": {"enabled": False}, "console": {"listen": listen, "enabled": False, "staff_links": True}}
    config = configuration(folder / "config", changes)
    (config / "ai-policy.md").write_text(DOCUMENT, "utf-8")
    policy = config / "policy.yaml"
    policy.write_text(policy.read_text("utf-8").replace("rules:\n", SECTIONS, 1), "utf-8")
    with (
        Provider(hosts=("api.openai.com", "chatgpt.com")) as provider,
        PromptGuardProcess(
            config=config,
            data=folder / "data",
            connect_to={"*": provider.address},
            upstream_authority=provider.certificates.authority,
        ) as running,
    ):
        folders = ("--config", str(running.config), "--data", str(running.data))
        provider.application = Chats()
        console = subprocess.Popen(
            [*command_of("promptguard.console"), *folders, "--until-closed"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert console.stdout and console.stdout.readline()
        yield running
        console.communicate("")


def send(proxy: PromptGuardProcess, text: str) -> httpx.Response:
    body = {"model": "m", "messages": [{"role": "user", "content": text}]}
    with httpx.Client(proxy=proxy.url, verify=trusted(proxy), timeout=60) as client:
        return client.post("https://api.openai.com/v1/chat/completions", json=body)


def follow(browser: Browser, notice: str) -> tuple[Page, list[str]]:
    found = LINK.search(notice)
    assert found, notice
    page, complaints = opened(browser, width=360)
    page.goto(found[0])
    page.get_by_role("button", name="Show what happened").click()
    return page, complaints


def test_from_the_notice_to_the_button_and_on(asking: PromptGuardProcess, local: Browser, axe: str) -> None:
    text = "Write to jane@orchard-lane.com about the fair."
    answer = send(asking, text)
    assert answer.status_code == 400 and "reads and acknowledges the company's policy" in answer.text
    page, complaints = follow(local, answer.text)
    page.get_by_text("Use AI with care, and no passwords.").wait_for()
    assert page.get_by_role("heading", name="Our AI policy").evaluate("it => it.tagName") == "H3"
    assert page.get_by_role("cell", name="nowhere").is_visible() and page.title() != "acted"
    assert problems(page, axe) == []
    picture(page, "staff-acknowledge")
    page.get_by_role("button", name="I have read this, and I will follow it").click()
    page.get_by_text("You have acknowledged this.").wait_for()
    assert complaints == []

    answer = send(asking, text)
    assert answer.status_code == 400 and "needs a reason first" in answer.text
    page, complaints = follow(local, answer.text)
    page.get_by_role("heading", name="Send it with a reason").wait_for()
    assert problems(page, axe) == []
    page.get_by_label("The customer asked for it").check()
    page.get_by_role("button", name="Give this reason").click()
    page.get_by_text("it goes on now").wait_for()
    assert complaints == []
    answer = send(asking, text)
    assert answer.status_code == 200, answer.text


def test_the_layer_in_a_page_reminds_once_a_day(asking: PromptGuardProcess, local: Browser) -> None:
    """Goes on from the test before: what was acknowledged there lapses in ten days."""
    assert send(asking, "Hello").status_code == 200
    context = local.new_context(proxy={"server": asking.url}, ignore_https_errors=True)
    context.add_init_script(OPENED)
    page = context.new_page()
    page.goto("https://chatgpt.com/")
    layer = page.locator(LAYER)
    expect(layer.get_by_role("heading")).to_have_text("Please acknowledge again")
    expect(layer.locator("#text")).to_contain_text("Your acknowledgement of the company's policy lapses on ")
    shown = layer.locator("#text").inner_text()
    link = layer.get_by_role("link")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    assert link.get_attribute("href") == link.inner_text()
    assert link.inner_text() in shown
    assert page.evaluate("window.violations") == []
    page.reload()
    page.wait_for_load_state("networkidle")
    expect(layer).to_have_count(0)
    context.close()

    page, complaints = follow(local, shown)
    page.get_by_text("You acknowledged this before.").wait_for()
    page.get_by_role("button", name="I have read this, and I will follow it").wait_for()
    assert complaints == []
