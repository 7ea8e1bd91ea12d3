"""Images: the text in their metadata, and the text in the picture by text recognition."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import Any, Final

from pi_heif import register_heif_opener
from PIL import ExifTags, Image, ImageSequence, UnidentifiedImageError

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source
from promptguard.files.limits import MAX_PAGES, MAX_PIXELS, MIN_PICTURE
from promptguard.files.pages import reduced
from promptguard.files.trailing import read_rest
from promptguard.reasons import Code

FORMATS: Final = ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP", "AVIF", "PPM", "HEIF")
"""What Pillow may decode here, HEIF by pi-heif. Others of its decoders are seldom used and seldom tested."""

_ENOUGH: Final = (3_500, 3_500)
"""Pixels that text recognition looks at: JPEG files are decoded to about as many."""

_TURNED: Final = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,), 3: (Image.Transpose.ROTATE_180,), 4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,), 6: (Image.Transpose.ROTATE_270,), 7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}  # fmt: skip
"""How a picture is to be turned to be upright, by its orientation (EXIF 2.3, 4.6.4)."""
_ENDS: Final = {"PNG": (b"IEND\xaeB`\x82", 8), "JPEG": (b"\xff\xd9", 2), "GIF": (b"\0;", 2)}
"""The last bytes of images; within JPEG and GIF files these may stand, too."""
_SHORTEST: Final = 26
"""Bytes of an image's head: a length in it that is less says nothing."""
_ORIENTATION: Final = 0x0112

_UTF_16_TAGS: Final = range(0x9C9B, 0x9CA0)
"""XPTitle to XPSubject, which Windows writes as UTF-16 (EXIF in Microsoft's photo metadata policies)."""

_USER_COMMENT: Final = 0x9286
"""Eight bytes that name its character code, then the text (EXIF 2.3, 4.6.5, UserComment)."""

_TECHNICAL: Final = frozenset({"icc_profile", "exif", "photoshop", "mpinfo", "mp", "version", "compression"})
"""What Pillow tells of an image that is no text in it, or is read elsewhere."""


def read(source: Source, out: Extraction) -> None:
    """Read an image of one or more frames."""
    # Pillow's own bound raises at twice its limit and only warns before.
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    register_heif_opener(thumbnails=False)
    try:
        image = Image.open(io.BytesIO(source.data), formats=FORMATS)
    except Image.DecompressionBombError:
        raise CannotRead(Code.FILE_TOO_MANY_PIXELS) from None
    except UnidentifiedImageError:
        raise CannotRead(Code.FILE_UNRECOGNISED) from None
    with image:
        if image.width * image.height > MAX_PIXELS:
            raise CannotRead(Code.FILE_TOO_MANY_PIXELS)
        for text in metadata(image):
            out.add(text, "metadata")
        read_rest(_after(source.data, image.format or ""), out)
        image.draft("RGB", _ENOUGH)
        recognise(image, out)


def recognise(image: Image.Image, out: Extraction) -> None:
    """Add the text in an image's frames.

    Raises:
        CannotRead: it takes a text recognition, and there is none.
    """
    if min(image.size) < MIN_PICTURE:
        return
    if out.recogniser is None:
        if out.images_need_recognition:
            raise CannotRead(Code.FILE_NO_TEXT_RECOGNITION)
        return
    frames = getattr(image, "n_frames", 1)
    if frames > MAX_PAGES:
        raise CannotRead(Code.FILE_TOO_MANY_PAGES)
    seen = set()
    for number, frame in enumerate(ImageSequence.Iterator(image), 1):
        content = hash(frame.tobytes()) if frames > 1 else 0
        if content in seen:
            continue
        seen.add(content)
        out.add(out.recogniser.read(_upright(frame)), f"frame {number}" if frames > 1 else "")


def _after(data: bytes, form: str) -> bytes:
    """What follows the end of an image, as its format marks that."""
    if form in ("WEBP", "BMP"):
        at = 8 + int.from_bytes(data[4:8], "little") if form == "WEBP" else int.from_bytes(data[2:6], "little")
        return data[at:] if at > _SHORTEST else b""
    if form in ("AVIF", "HEIF"):
        return data[_end_of_boxes(data) :]
    if form not in _ENDS:
        return b""
    mark, length = _ENDS[form]
    at = data.find(mark) if form == "PNG" else data.rfind(mark)
    return data[at + length :] if at >= 0 else b""


def _end_of_boxes(data: bytes) -> int:
    """Where the last whole box ends (ISO/IEC 14496-12, 4.2)."""
    position = 0
    while position + 8 <= len(data):
        size = int.from_bytes(data[position : position + 4], "big")
        if size == 1:
            size = int.from_bytes(data[position + 8 : position + 16], "big")
        if size < 8 or position + size > len(data):  # of none, the last one goes on to the end
            return len(data) if size == 0 else position
        position += size
    return position


def _upright(frame: Image.Image) -> Image.Image:
    """A frame as it is meant to be looked at, and no larger than needs be: a copy of a large one takes much memory."""
    orientation = frame.getexif().get(_ORIENTATION, 1)
    small = reduced(frame)
    for turn in _TURNED.get(orientation, ()):
        small = small.transpose(turn)
    return small


def metadata(image: Image.Image) -> Iterator[str]:
    """The texts beside the picture: PNG text chunks, comments, XMP, EXIF."""
    lines = []
    for name, value in image.info.items():
        if name not in _TECHNICAL and isinstance(value, str | bytes) and (text := _decoded(value)):
            lines.append(f"{name}: {text}")
    exif = image.getexif()
    for tags in (exif, *(exif.get_ifd(block) for block in ExifTags.IFD)):
        for tag, value in tags.items():
            if text := _tag_text(tag, value):
                lines.append(f"{ExifTags.TAGS.get(tag, 'tag')}: {text}")
    if lines:
        yield "\n".join(dict.fromkeys(lines))


def _tag_text(tag: int, value: Any) -> str:
    if isinstance(value, tuple) and value and all(isinstance(byte, int) and 0 <= byte < 256 for byte in value):
        value = bytes(value)
    if not isinstance(value, str | bytes):
        return ""
    if isinstance(value, bytes) and tag in _UTF_16_TAGS:
        return value.decode("utf-16-le", "replace").strip("\0 ")
    if isinstance(value, bytes) and tag == _USER_COMMENT:
        code, content = value[:8], value[8:]
        return content.decode("utf-16" if code.startswith(b"UNICODE") else "utf-8", "replace").strip("\0 ")
    return _decoded(value)


def _decoded(value: str | bytes) -> str:
    """Text, or bytes that are text; empty for others, such as thumbnails and maker's notes."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    text = text.strip("\0 \r\n\t")
    unprintable = sum(not character.isprintable() and not character.isspace() for character in text)
    return "" if unprintable + text.count("�") > len(text) // 8 else text
