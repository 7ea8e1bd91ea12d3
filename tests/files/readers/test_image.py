from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from typing import Any

import pytest
from PIL import Image

from promptguard.files.limits import FileLimits
from samples import images, office

SMALL = images.written("x")


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP", "PPM", "AVIF"])
def test_text_in_images(texts: Any, tesseract: Any, form: str) -> None:
    data = images.encoded(images.written("Card number 4111 1111 1111 1111"), form)
    ((_, text),) = texts(data, recogniser=tesseract)
    assert "4111111111111111" in text.replace(" ", "")


def test_without_text_recognition(problem: Any, texts: Any) -> None:
    assert problem(images.encoded(SMALL)) == "file.no_text_recognition kind=image"
    assert texts(images.encoded(SMALL, comments={"Comment": "hello"}), images_need_recognition=False) == [
        ("metadata", "Comment: hello")
    ]


def test_metadata(texts: Any, size_teller: Any) -> None:
    exif = Image.Exif()
    exif[0x010E] = "a description"
    exif[0x9C9B] = "a title".encode("utf-16-le")
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + "a comment".encode("utf-16")
    out = io.BytesIO()
    SMALL.save(out, "JPEG", exif=exif, comment=b"of the file", xmp=b"<x>in XMP</x>")
    (label, text), _ = texts(out.getvalue(), recogniser=size_teller)
    assert label == "metadata"
    for said in ("a description", "a title", "a comment", "of the file", "in XMP"):
        assert said in text


def test_frames(texts: Any, size_teller: Any) -> None:
    out = io.BytesIO()
    pages = [images.written("one"), images.written("two", "lines"), images.written("one")]
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    assert texts(out.getvalue(), recogniser=size_teller) == [
        ("frame 1", "an image of 900 by 96"),
        ("frame 2", "an image of 900 by 152"),
    ]


def test_tracking_pixels_need_no_text_recognition(texts: Any) -> None:
    assert texts(images.encoded(Image.new("RGB", (1, 1)))) == []


def huge(width: int, height: int) -> bytes:
    """A PNG that says it is of this size, and is black."""
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes(9))),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (huge(100_000, 100_000), "file.too_many_pixels"),
        (huge(10_000, 7_000), "file.too_many_pixels"),
        (huge(100, 100), "damaged"),
        (images.encoded(SMALL)[:60], "damaged"),
        (b"\0\0\0\x18ftypheic", "file."),
    ],
)
def test_what_cannot_be_read(problem: Any, size_teller: Any, data: bytes, said: str) -> None:
    assert said in problem(data, recogniser=size_teller)


def test_pictures_of_telephones(texts: Any, tesseract: Any) -> None:
    assert "pelican 7" in texts(images.HEIC, recogniser=tesseract)[0][1]


def test_pictures_of_many_pixels_take_little_memory() -> None:
    """48 million of them: what a telephone makes."""
    limits = FileLimits(deadline_seconds=60, memory_bytes=512 * 2**20)
    script = (
        "import sys; from promptguard.files.confinement import confine;"
        "from promptguard.files.extraction import Extraction; from promptguard.files.interface import Source;"
        "import promptguard.files.readers.image, promptguard.files.pages, numpy\n"
        "class Teller:\n"
        "    def read(self, image):\n"
        "        from promptguard.files.pages import prepared\n"
        "        return str(prepared(image).width)\n"
        f"confine({limits.memory_bytes}); out = Extraction(100, Teller())\n"
        "out.file(Source(sys.stdin.buffer.read())); print(out.texts)"
    )
    for mode in ("RGB", "RGBA", "P"):
        picture = images.encoded(Image.new(mode, (8_000, 6_000)))
        done = subprocess.run([sys.executable, "-c", script], input=picture, capture_output=True, check=False)
        assert b"35" in done.stdout, (mode, done.stderr[-300:])


@pytest.mark.parametrize("rest", [b"the wifi word is pelican", office.zipped({"a.txt": "the wifi word is pelican"})])
@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "AVIF"])
def test_bytes_after_the_end(texts: Any, form: str, rest: bytes) -> None:
    read = texts(images.encoded(SMALL, form) + rest, images_need_recognition=False)
    assert "the wifi word is pelican" in [text for _, text in read]
