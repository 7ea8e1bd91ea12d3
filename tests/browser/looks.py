"""How tests look at a page and at the layer in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from playwright.sync_api import Page

PICTURES: Final = Path(__file__).parents[2] / "docs" / "pictures"
"""Those of the documentation. Remove one to have it made anew."""

LAYER: Final = "promptguard-notice"

OPENED: Final = """
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (options) { return attach.call(this, {...options, mode: "open"}); };
window.violations = [];
document.addEventListener("securitypolicyviolation", event => window.violations.push(event.violatedDirective));
"""
"""Lets the tests look into closed shadow trees, and keeps what the page's policies were broken by."""


def wait_until(page: Page, condition: str) -> None:
    """Return when a condition holds. Playwright's own way evaluates a string in the page, which policies forbid."""
    page.evaluate(
        f"new Promise(go => {{ const at = setInterval(() => ({condition}) && (clearInterval(at), go()), 20) }})"
    )


def ask(page: Page, prompt: str) -> str:
    """What the page shows when the answer is complete."""
    page.evaluate(f"ask({json.dumps(prompt)})")
    wait_until(page, "window.ended === true")
    return str(page.evaluate("document.getElementById('answer').textContent"))


def picture(page: Page, name: str, *, width: int = 650, height: int = 0) -> None:
    """Take a picture of a page for the documentation, where there is none of this name.

    Args:
        height: pixels from the top; 0 for the whole page.
    """
    file = PICTURES / f"{name}.png"
    if not file.exists():
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": width, "height": 400})
        # In one piece: of a page that is higher than the window, Chromium would not have drawn all yet.
        whole = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": height or whole})
        page.screenshot(path=file)
