from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PIL import Image

from promptguard.files.interface import CannotRead
from promptguard.files.recognition import Recogniser
from samples import images

LINES = ("Card number 4111 1111 1111 1111", "the wifi word is pelican")


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "CMYK", "I;16", "1", "LA"])
def test_text_in_images(tesseract: Recogniser, mode: str) -> None:
    image = images.written(*LINES)
    text = tesseract.read(image.convert("L").convert("I;16") if mode == "I;16" else image.convert(mode))
    assert "4111" in text.replace(" ", "")
    assert "pelican" in text


@pytest.mark.parametrize(("size", "dark"), [(13, False), (28, True), (60, False)])
def test_small_large_and_light_letters(tesseract: Recogniser, size: int, dark: bool) -> None:
    text = tesseract.read(images.written(*(("the pelican flies",) if size == 60 else LINES), size=size, dark=dark))
    assert "pelican" in text


def test_what_is_transparent_stands_on_white(tesseract: Recogniser) -> None:
    image = images.written(*LINES).convert("L")
    page = Image.new("RGBA", image.size, (0, 0, 0, 0))
    page.putalpha(image.point(lambda value: 255 - value))
    assert "pelican" in tesseract.read(page)


def test_no_program() -> None:
    assert Recogniser.find("no-such-program", "eng", 1) is None


def test_a_language_that_is_not_installed(tesseract: Recogniser) -> None:
    found = Recogniser.find("tesseract", "xxx", 30)
    assert found
    with pytest.raises(CannotRead, match=r"file\.text_recognition_failed"):
        found.read(images.written("x"))


@pytest.mark.skipif(sys.platform == "win32", reason="needs a script that starts by itself")
@pytest.mark.parametrize("script", ["exit 1", "sleep 60"])
def test_a_program_that_fails_or_hangs(tmp_path: Path, script: str) -> None:
    program = tmp_path / "tesseract"
    program.write_text(f"#!/bin/sh\n{script.replace('sleep', 'exec sleep')}\n")
    program.chmod(0o700)
    found = Recogniser.find(str(program), "eng", 0.2)
    assert found
    with pytest.raises(CannotRead, match=r"file\.text_recognition_failed"):
        found.read(images.written("x"))


@pytest.mark.parametrize("angle", [90, 180, 270, 10, -15, 190])
def test_pictures_that_are_turned(tesseract: Recogniser, angle: int) -> None:
    tesseract.begin()
    image = images.written(*LINES * 3).rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    text = tesseract.read(image)
    assert "pelican" in text
    assert "4111" in text


def test_time_for_reading_again_is_bounded(monkeypatch: pytest.MonkeyPatch, tesseract: Recogniser) -> None:
    upside_down = images.written(*LINES * 3).rotate(180)
    monkeypatch.setattr(tesseract, "_again", 1_000.0)
    assert "pelican" not in tesseract.read(upside_down)
    tesseract.begin()
    assert "pelican" in tesseract.read(upside_down)
