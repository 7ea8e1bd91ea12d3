"""Text recognition in images by Tesseract (https://github.com/tesseract-ocr/tesseract), where it is installed.

The program is run on its own, with the image on its standard input and the text on its standard output: no file is
written, and it has the worker's limits.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Final

from promptguard.files.interface import CannotRead
from promptguard.reasons import Code

if TYPE_CHECKING:
    from PIL.Image import Image

_SMALL: Final = 2_000
"""Pixels of the longer side below which an image is enlarged: Tesseract wants letters of 20 pixels or more (its
documentation, “Improving the quality of the output”), and those of screenshots have 10."""

_LARGE: Final = 3_500
"""Pixels of the longer side that are enough for a page: 300 dots per inch on A4."""

_ENLARGED: Final = 2

_DARK: Final = 110
"""Mean brightness, of 255, below which an image is taken for light text on dark ground."""


class Recogniser:
    """Tesseract, as it is installed."""

    def __init__(self, program: str, languages: str, seconds: float) -> None:
        """`languages` as Tesseract names them (`eng+deu`); `seconds` is the most that one image may take."""
        self._command = (program, "stdin", "stdout", "-l", languages, "--psm", "3")
        self._seconds = seconds

    @classmethod
    def find(cls, program: str, languages: str, seconds: float) -> Recogniser | None:
        """Tesseract by its name or path; None where it is not installed."""
        path = shutil.which(program)
        return cls(path, languages, seconds) if path else None

    def read(self, image: Image) -> str:
        """The text in an image.

        Raises:
            CannotRead: Tesseract failed on it; it does so where a language is not installed, too.
        """
        page = _prepared(image)
        head = f"P5 {page.width} {page.height} 255\n".encode()  # a portable graymap (netpbm.sourceforge.net/doc/pgm)
        try:
            done = subprocess.run(
                self._command,
                input=head + page.tobytes(),
                capture_output=True,
                timeout=self._seconds,
                env=os.environ | {"OMP_THREAD_LIMIT": "1"},  # more threads cost more than they gain on one page
                check=True,
            )
        except (OSError, subprocess.SubprocessError):
            raise CannotRead(Code.FILE_TEXT_RECOGNITION_FAILED) from None
        return done.stdout.decode("utf-8", "replace").replace("\f", "")


def _prepared(image: Image) -> Image:
    """In grey, dark on light, of a size at which letters are recognised."""
    from PIL import Image as images
    from PIL import ImageOps, ImageStat

    if image.has_transparency_data:
        image = image.convert("RGBA")
        ground = images.new("RGBA", image.size, "white")
        image = images.alpha_composite(ground, image)
    elif image.mode.startswith("I") or image.mode == "F":  # 16 bits and more a pixel, which a conversion would clip
        low, high = image.convert("F").getextrema()
        span = max(high - low, 1)  # type: ignore[operator]  # of one band the extremes are numbers
        image = image.convert("F").point(lambda value: (value - low) * (255 / span))
    page = image.convert("L")
    longer = max(page.size)
    factor = _ENLARGED if longer < _SMALL else min(1.0, _LARGE / longer)
    if factor != 1:
        size = (max(1, round(page.width * factor)), max(1, round(page.height * factor)))
        page = page.resize(size, images.Resampling.BICUBIC)
    if ImageStat.Stat(page).mean[0] < _DARK:
        page = ImageOps.invert(page)
    # Letters that touch the edge are not seen.
    return ImageOps.expand(page, 16, int(page.getpixel((0, 0)) or 0))  # type: ignore[arg-type]  # one band
