"""Whether a page can be used by everybody: what axe-core finds, and whether it fits, on wide and narrow screens."""

from __future__ import annotations

import json
from typing import Final

from playwright.sync_api import Page, ViewportSize

WIDE: Final = ViewportSize(width=1280, height=800)
NARROW: Final = ViewportSize(width=360, height=800)
OF_COLOURS: Final = ["color-contrast", "link-in-text-block"]
"""The rules that look at colours: all that a dark page can break and a light one does not."""
SQUEEZED: Final = """[...document.querySelectorAll("p, li, dt, dd, th, td, label, button")]
    .filter(each => each.offsetParent && each.innerText.trim().length > 20 && each.clientWidth < 60)
    .map(each => each.innerText.slice(0, 20))"""
"""Texts of which there is room for some letters a line."""


def problems(page: Page, axe: str) -> list[str]:
    """What is wrong with a page as it is now: wide and narrow, light and dark, with all open that can be opened.

    Args:
        axe: the source of axe-core.
    """
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    page.evaluate(axe)
    found = []
    for width in (WIDE, NARROW):
        page.set_viewport_size(width)
        menu = page.get_by_role("button", name="Menu")
        if menu.is_visible():
            menu.click()
            found += _violations(page, "narrow, with the menu open")
            page.keyboard.press("Escape")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found += _violations(page, f"{scheme}, {width['width']} pixels", OF_COLOURS if scheme == "dark" else None)
        page.emulate_media(color_scheme="light")
        needed = page.evaluate("document.documentElement.scrollWidth")
        if needed > width["width"]:
            found.append(f"{width['width']} pixels: it needs {needed}")
        found += [f"{width['width']} pixels: no room for “{text}”" for text in page.evaluate(SQUEEZED)]
    return found


def violations(page: Page, axe: str) -> list[str]:
    """What axe-core finds on a page as it is shown now."""
    page.evaluate(axe)
    return _violations(page, "as it is shown")


def _violations(page: Page, shown: str, rules: list[str] | None = None) -> list[str]:
    options = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
    found = page.evaluate(
        f"axe.run({json.dumps(options)}).then(result => result.violations.map(each => [each.id, each.nodes[0].html]))"
    )
    return [f"{shown}: {id}: {where}" for id, where in found]
