"""How tests look at a page and at the layer in it."""

from __future__ import annotations

import json
from typing import Final

from playwright.sync_api import Page

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
