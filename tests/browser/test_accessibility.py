"""The layer for people who see little or nothing, use a keyboard, or are made ill by motion (WCAG 2.2)."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any, Literal

import pytest
from looks import LAYER, ask
from playwright.sync_api import Browser, Page, expect
from support.values import aws_key, email

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"

URL = "https://www.perplexity.ai/"


def question(seed: int) -> str:
    """One that is blocked; the same values again would be one incident, and told once."""
    return f"Why does AWS refuse the key {aws_key(random.Random(seed))} of ours?"


def of_card(page: Page, script: str) -> Any:
    """What JavaScript makes of the layer's visible part, `card`."""
    found = page.evaluate(
        f"JSON.stringify((card => ({script}))(document.querySelector('{LAYER}').shadowRoot.querySelector('.card')))"
    )
    return json.loads(found)


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


def test_a_screen_reader_is_told_at_once_and_again_only_what_is_new(page: Page) -> None:
    page.goto(URL)
    devices = page.context.new_cdp_session(page)

    def region() -> tuple[str, str]:
        nodes = devices.send("Accessibility.getFullAXTree")["nodes"]
        live = [node for node in nodes if node.get("role", {}).get("value") in ("alert", "status")]
        values = {each["name"]: each["value"].get("value") for each in live[0]["properties"]}
        assert values["atomic"], "the title is told with what follows it"
        return str(live[0]["role"]["value"]), str(values["live"])

    ask(page, f"Write to {email(77)} about the meeting.")
    expect(page.locator(LAYER).get_by_role("status").first).to_contain_text("Sent with 1 value replaced")
    expect(page.locator(LAYER).get_by_role("status").first).to_contain_text("PromptGuard replaced 1 e-mail address")
    assert region() == ("status", "polite")
    for seed in (77, 78):
        ask(page, question(seed))
        expect(page.locator(LAYER).get_by_role("alert")).to_contain_text("1 AWS access key in your message")
        assert region() == ("alert", "assertive")
        page.keyboard.press("Escape")
        expect(page.locator(LAYER)).to_have_count(0)
        page.evaluate("Date.now = (now => () => now() + 60000)(Date.now)")  # later, it is news once more


def test_a_keyboard_is_enough(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(URL)
    page.evaluate("window.pressed = []; document.addEventListener('keydown', event => window.pressed.push(event.key))")
    page.focus("#file")
    ask(page, question(79))
    layer = page.locator(LAYER)
    expect(layer.get_by_role("button")).to_have_count(2)
    expect(page.locator("#file")).to_be_focused()
    page.keyboard.press("Tab")
    expect(layer.get_by_role("button", name="Copy the redacted text")).to_be_focused()
    assert of_card(page, "getComputedStyle(card.querySelector('.copy')).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(layer.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "Why does AWS refuse the key [AWS_ACCESS_KEY] of ours?"
    page.keyboard.press("Tab")
    expect(layer.get_by_role("button", name="Close")).to_be_focused()
    page.evaluate("window.pressed = []")
    page.keyboard.press("Escape")
    expect(layer).to_have_count(0)
    expect(page.locator("#file")).to_be_focused()
    assert page.evaluate("window.pressed") == [], "what closes the layer stops no answer of the page"


def test_the_text_can_be_copied_where_the_page_has_no_clipboard(page: Page) -> None:
    page.goto(URL)
    page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject(new Error('not here')))")
    ask(page, question(80))
    layer = page.locator(LAYER)
    layer.get_by_role("button", name="Copy the redacted text").click()
    expect(layer.get_by_role("textbox", name="The redacted text, to copy")).to_be_focused()
    assert of_card(page, "card.querySelector('textarea').selectionEnd") > 40
    layer.get_by_role("button", name="Close").click()
    expect(layer).to_have_count(0)


@pytest.mark.parametrize(("width", "text"), [(450, 16), (320, 16), (320, 32)], ids=["200 %", "320 px", "larger text"])
def test_it_fits_where_there_is_little_room(page: Page, width: int, text: int) -> None:
    page.set_viewport_size({"width": width, "height": 256})
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": text}})
    page.goto(URL)
    before = page.evaluate("document.documentElement.scrollWidth")
    ask(page, question(width + text))
    expect(page.locator(LAYER).get_by_role("button")).to_have_count(2)
    left, top, right, bottom = of_card(page, "(r => [r.left, r.top, r.right, r.bottom])(card.getBoundingClientRect())")
    assert left >= 0
    assert top >= 0
    assert right <= width
    assert bottom <= 256
    assert of_card(page, "card.scrollWidth <= card.clientWidth"), "it scrolls in one direction"
    assert of_card(page, "parseFloat(getComputedStyle(card).fontSize)") == pytest.approx(0.94 * text)
    page.evaluate("document.getElementById('answer').textContent = ''")
    assert page.evaluate("document.documentElement.scrollWidth") <= before


def test_colours_and_motion_are_the_persons_own(browser: Browser, page: Page, axe: str) -> None:
    page.emulate_media(forced_colors="active", reduced_motion="no-preference")
    page.goto(URL)
    ask(page, question(90))
    expect(page.locator(LAYER).get_by_role("button")).to_have_count(2)
    assert of_card(page, "getComputedStyle(card).animationName") == "come"
    page.emulate_media(reduced_motion="reduce")
    assert of_card(page, "getComputedStyle(card).animationName") == "none"
    colours = of_card(
        page, "[card, card.querySelector('h2'), card.querySelector('.close')].map(each => getComputedStyle(each).color)"
    )
    assert colours == ["rgb(0, 0, 0)"] * 3
    borders = of_card(page, "[card, card.querySelector('.close')].map(each => getComputedStyle(each).borderTopStyle)")
    assert borders == ["solid", "solid"]
    assert page.evaluate(f"{axe}; axe.run().then(result => result.violations.map(each => each.id))") == []
