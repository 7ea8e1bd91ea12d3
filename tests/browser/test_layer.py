"""The layer in the pages of the eight largest web chats, in a real browser through the real proxy."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect
from sites import SITES, Site
from support.values import aws_key, email

from promptguard.demo.provider import Provider

DECISION = re.compile(r"pg(-[0-9A-Z]{4}){4}")
PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
LAYER = "promptguard-notice"

OPENED = """
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (options) { return attach.call(this, {...options, mode: "open"}); };
window.violations = [];
document.addEventListener("securitypolicyviolation", event => window.violations.push(event.violatedDirective));
"""
"""Lets the tests look into closed shadow trees, and keeps what the page's policies were broken by."""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 900, "height": 600})
    context.add_init_script(OPENED)
    yield context.new_page()
    context.close()


def wait_until(page: Page, condition: str) -> None:
    """Return when a condition holds. Playwright's own way evaluates a string in the page, which policies forbid."""
    page.evaluate(
        f"new Promise(go => {{ const at = setInterval(() => ({condition}) && (clearInterval(at), go()), 20) }})"
    )


def ask(page: Page, prompt: str) -> str:
    """What the page shows when the answer is complete."""
    page.evaluate(f"ask({json.dumps(prompt)})")
    wait_until(page, "window.ended === true")
    return page.evaluate("document.getElementById('answer').textContent")


def without_nonces(source: str) -> str:
    return re.sub(r' nonce="[^"]*"', "", source)


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.host)
def test_the_layer_says_what_became_of_a_message(page: Page, provider: Provider, site: Site) -> None:
    page.goto(f"https://{site.host}/")
    if site.worker:
        page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        wait_until(page, "navigator.serviceWorker.controller !== null")
    assert without_nonces(page.content()) == without_nonces(site.page)
    assert "team lunch" in ask(page, "Give me five ideas for a team lunch.")
    expect(page.locator(LAYER)).to_have_count(0)

    start, value = len(provider.received), email(71)
    assert value in ask(page, f"Write a friendly letter to {value} about the meeting.")
    assert not any(value.encode() in request.body for request in provider.received[start:])
    layer = page.locator(LAYER)
    expect(layer.get_by_role("heading")).to_have_text("Sent with 1 value replaced")
    expect(layer.locator("#text")).to_contain_text("PromptGuard replaced 1 e-mail address")

    start, key = len(provider.received), aws_key(random.Random(72))
    ask(page, f"Why does AWS refuse the key {key} of ours?")
    expect(layer.get_by_role("heading")).to_have_text("Not sent")
    expect(layer.locator("#text")).to_contain_text("othing was sent")
    number = layer.locator("code").text_content()
    assert number
    assert DECISION.fullmatch(number)
    assert not [request for request in provider.received[start:] if request.method != "GET"]
    copied = layer.locator("textarea").input_value()
    assert copied.startswith("Why does AWS refuse the key [")
    assert key not in copied
    assert page.evaluate("window.violations") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_and_used_by_everybody(page: Page, axe: str, scheme: Literal["light", "dark"]) -> None:
    first = {"light": 73, "dark": 75}[scheme]  # the same values again are one incident, and told once
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto("https://www.perplexity.ai/")
    heading = page.locator(LAYER).get_by_role("heading")
    for number, (said, prompt) in enumerate(
        (
            ("Sent with 2 values replaced", f"Compare the letters of {email(first)} and {email(first + 1)}."),
            ("Not sent", f"Why does AWS refuse the key {aws_key(random.Random(first))} of ours?"),
        )
    ):
        ask(page, prompt)
        expect(heading).to_have_text(said)
        expect(page.locator(f"{LAYER} #text p")).not_to_have_count(0)
        found = page.evaluate(f"{axe}; axe.run().then(result => result.violations.map(each => each.id))")
        assert found == []
        picture = PICTURES / f"layer-{('redacted', 'blocked')[number]}-{scheme}.png"
        if not picture.exists():  # remove one to have it made anew
            page.locator(f"{LAYER} .card").screenshot(path=picture)
    assert page.evaluate("document.activeElement === document.body")
    page.evaluate("history.pushState({}, '', '/next'); document.querySelector('promptguard-notice').remove()")
    expect(page.locator(LAYER)).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(LAYER)).to_have_count(0)
