"""Images with text in them."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo


def written(*lines: str, size: int = 28, dark: bool = False) -> Image.Image:
    """An image with lines of text, as a screenshot has them."""
    ground, ink = ("black", "white") if dark else ("white", "black")
    image = Image.new("RGB", (900, 40 + 2 * size * len(lines)), ground)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size)
    for number, line in enumerate(lines):
        draw.text((20, 20 + 2 * size * number), line, fill=ink, font=font)
    return image


def encoded(image: Image.Image, form: str = "PNG", comments: dict[str, str] | None = None) -> bytes:
    """An image as a file, with text chunks where it is a PNG."""
    out = io.BytesIO()
    if comments:
        chunks = PngInfo()
        for name, text in comments.items():
            chunks.add_text(name, text)
        image.save(out, form, pnginfo=chunks)
    else:
        image.save(out, form)
    return out.getvalue()
