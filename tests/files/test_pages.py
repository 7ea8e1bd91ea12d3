from __future__ import annotations

import pytest
from PIL import Image

from promptguard.files.pages import enlarged, prepared, reduced, skew, turned
from samples import images

PAGE = prepared(images.written(*["Please send the report to Mrs Miller"] * 8))


@pytest.mark.parametrize("angle", [0, 3, -7, 10, 30, -40])
def test_the_angle_of_lines(angle: int) -> None:
    assert abs(skew(turned(PAGE, angle)) + angle) <= 1


def test_a_page_without_lines_is_straight() -> None:
    assert skew(prepared(Image.new("L", (300, 200), 255))) == 0


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "1", "I;16", "CMYK"])
def test_many_pixels_are_made_fewer(mode: str) -> None:
    large = Image.new("L", (8_000, 600), 255)
    image = large.convert("L").convert("I;16") if mode == "I;16" else large.convert(mode)
    assert max(reduced(image).size) <= 4_000
    assert max(prepared(image).size) <= 3_600


def test_small_pages_are_enlarged_and_large_ones_are_not() -> None:
    larger = enlarged(PAGE, 2)
    assert larger is not None
    assert larger.width == PAGE.width * 2
    assert enlarged(PAGE, 1.1) is None
    assert enlarged(Image.new("L", (3_400, 100)), 3) is None
