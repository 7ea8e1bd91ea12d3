"""A QR code as part of a page: an SVG of attributes alone, since pages have no styles but from their own file."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr_code(text: str, title: str) -> Markup:
    """The code of a text, dark on white, with the quiet zone that readers need (ISO/IEC 18004)."""
    made = segno.make(text, error="m", micro=False)
    drawn = made.svg_inline(scale=4, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None)
    label = Markup('<svg role="img" aria-label="{}" ').format(title)
    return label + Markup(drawn.removeprefix("<svg "))  # noqa: S704 - it holds numbers alone
