"""Pictures made ready for text recognition: in grey, dark on light, straight, of a size at which letters are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.Image import Image

_LARGE: Final = 3_500
"""Pixels of the longer side that are enough for a page: 300 dots per inch on A4."""

_ENLARGED: Final = 3.0
"""The most that a picture is enlarged by."""

_DARK: Final = 110
"""Mean brightness, of 255, below which an image is taken for light text on dark ground."""

_MARGIN: Final = 16

_LOOKED_AT: Final = 500
"""Pixels of the longer side at which the angle of lines is looked for."""
_STEEPEST: Final = 45
_STEP: Final = 1.0
"""Degrees."""


def prepared(image: Image) -> Image:
    """In grey, dark on light, no larger than a page needs to be."""
    from PIL import Image as images
    from PIL import ImageOps, ImageStat

    image = reduced(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        ground = images.new("RGBA", image.size, "white")
        image = images.alpha_composite(ground, image)
    elif image.mode.startswith("I") or image.mode == "F":  # 16 bits and more a pixel, which a conversion would clip
        low, high = image.convert("F").getextrema()
        span = max(high - low, 1)  # type: ignore[operator]  # of one band the extremes are numbers
        image = image.convert("F").point(lambda value: (value - low) * (255 / span))
    page = image.convert("L")
    factor = min(1.0, _LARGE / max(page.size))
    if factor < 1:
        page = page.resize(_scaled(page, factor), images.Resampling.BICUBIC)
    if ImageStat.Stat(page).mean[0] < _DARK:
        page = ImageOps.invert(page)
    # Letters that touch the edge are not seen.
    return ImageOps.expand(page, _MARGIN, _ground(page))


def enlarged(page: Image, factor: float) -> Image | None:
    """A prepared page larger by some such factor; None where it is large enough."""
    from PIL import Image as images

    factor = min(factor, _ENLARGED, _LARGE / max(page.size))
    return page.resize(_scaled(page, factor), images.Resampling.BICUBIC) if factor >= 1.2 else None


def turned(page: Image, degrees: float) -> Image:
    """A prepared page turned counter-clockwise."""
    from PIL import Image as images

    return page.rotate(degrees, images.Resampling.BICUBIC, expand=True, fillcolor=_ground(page))


def skew(page: Image) -> float:
    """By how many degrees a prepared page is to be turned for its lines to be level; 0 where there seem to be none.

    At the right angle, rows of pixels are either full of letters or empty (W. Postl's projection profiles).
    """
    import numpy as np
    from PIL import Image as images

    small = page.resize(_scaled(page, min(1.0, _LOOKED_AT / max(page.size))), images.Resampling.BOX)
    ground = _ground(page)
    ink = small.point(lambda value: max(0, ground - value))

    def sharpness(degrees: float) -> float:
        rows = np.asarray(ink.rotate(degrees, images.Resampling.BILINEAR, expand=True), dtype=np.float32).sum(axis=1)
        return float(np.square(np.diff(rows)).sum())

    steps = int(2 * _STEEPEST / _STEP) + 1
    scores = {-_STEEPEST + number * _STEP: 0.0 for number in range(steps)}
    for angle in scores:
        scores[angle] = max(sharpness(angle), sharpness(angle + 90) * 0.99)
    best = max(scores, key=lambda angle: (scores[angle], -abs(angle)))
    return best if scores[best] > 1.1 * scores[0.0] else 0.0


def reduced(image: Image) -> Image:
    """A picture of many million pixels made smaller before it is copied."""
    from PIL import Image as images

    factor = max(image.size) // _LARGE
    if factor < 2:
        return image
    if image.mode in ("P", "PA", "1"):
        image = image.convert("RGBA" if image.has_transparency_data else "L" if image.mode == "1" else "RGB")
    if image.mode.startswith(("I", "F")):
        return image.resize(_scaled(image, 1 / factor), images.Resampling.NEAREST)
    return image.reduce(factor)


def _scaled(page: Image, factor: float) -> tuple[int, int]:
    return max(1, round(page.width * factor)), max(1, round(page.height * factor))


def _ground(page: Image) -> int:
    return int(page.getpixel((0, 0)) or 0)  # type: ignore[arg-type]  # one band
