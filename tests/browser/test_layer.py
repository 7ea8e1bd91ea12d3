"""The layer in the pages of the eight largest web chats, in a real browser through the real proxy."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from looks import LAYER, ask, wait_until
from playwright.sync_api import Page, expect
from sites import SITES, Site
from support.values import aws_key, email

from promptguard.demo.provider import Provider

DECISION = re.compile(r"pg(-[0-9A-Z]{4}){4}")
PICTURES = Path(__file__).parents[2] / "docs" / "pictures"


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
    assert re.fullmatch(r"Why does AWS refuse the key \[[A-Z_]+\] of ours\?", copied)
    assert page.evaluate("window.violations") == []
