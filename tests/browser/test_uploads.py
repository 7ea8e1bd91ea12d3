"""Files that are chosen in a page: what the layer says of them, in a real browser through the real proxy."""

from __future__ import annotations

import json
import random

import pytest
from looks import LAYER, wait_until
from playwright.sync_api import Page, expect
from support.values import card, email

from promptguard.demo.provider import Provider
from samples import pdf


def upload(page: Page, name: str, media_type: str, content: bytes) -> str:
    """What came of a file that is chosen in the page."""
    page.evaluate("window.uploaded = null")
    page.set_input_files("#file", {"name": name, "mimeType": media_type, "buffer": content})
    wait_until(page, "window.uploaded !== null")
    return str(page.evaluate("window.uploaded"))


def test_a_file_that_is_rewritten(page: Page, provider: Provider) -> None:
    page.goto("https://claude.ai/")
    start, values = len(provider.received), (email(81), email(82))
    said = upload(page, "guests.txt", "text/plain", f"Invite {values[0]} and {values[1]} to the meeting.\n".encode())
    assert json.loads(said.removeprefix("200 ")) == {"file_uuid": "a1b2c3d4"}
    (received,) = (each.body for each in provider.received[start:] if each.path.endswith("/upload"))
    assert b"Invite [EMAIL_ADDRESS" in received
    assert not any(value.encode() in received for value in values)
    expect(page.locator(LAYER).get_by_role("heading")).to_have_text("Sent with 2 values replaced")
    expect(page.locator(f"{LAYER} #text")).to_contain_text(
        "PromptGuard replaced 2 e-mail addresses in an attached file"
    )


@pytest.mark.parametrize(
    ("host", "name", "media_type"),
    [("claude.ai", "payments.pdf", "application/pdf"), ("chatgpt.com", "payments.csv", "text/csv")],
    ids=["in a form", "of an announced length, to another host"],
)
def test_a_file_that_is_stopped(page: Page, provider: Provider, host: str, name: str, media_type: str) -> None:
    page.goto(f"https://{host}/")
    number = card(random.Random(host))
    text = f"Amount,Card\n12.50,{number}\n"
    start = len(provider.received)
    said = upload(page, name, media_type, pdf.document(pdf.text(text)) if name.endswith("pdf") else text.encode())
    assert said.startswith("400 "), said
    assert not [each for each in provider.received[start:] if each.method == "PUT" or each.path.endswith("/upload")]
    expect(page.locator(LAYER).get_by_role("heading")).to_have_text("Not sent")
    expect(page.locator(f"{LAYER} #text")).to_contain_text(f"The file: “{name}”")
    assert page.evaluate("window.violations") == []
