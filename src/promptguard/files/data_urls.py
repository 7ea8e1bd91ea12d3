"""Files that stand in attributes as `data:` URLs (RFC 2397): the pictures of pages that are saved as one file."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final
from urllib.parse import unquote_to_bytes

from promptguard.files.extraction import Extraction
from promptguard.files.interface import Source

_HEAD: Final = re.compile(r"\s*data:(?P<type>[^,;]{0,100})(?P<parameters>(?:;[^,;]{0,100}){0,4}),", re.IGNORECASE)
_IGNORED: Final = ("font/", "application/font", "application/x-font", "application/vnd.ms-fontobject")


def read_data_url(value: str, out: Extraction) -> bool:
    """Read the file in a value; False if it is no `data:` URL.

    Raises:
        CannotRead: its file cannot be read.
    """
    head = _HEAD.match(value)
    if head is None:
        return False
    media_type = head["type"].strip().lower()
    content = unquote_to_bytes(value[head.end() :])
    if ";base64" in head["parameters"].lower():
        try:
            content = base64.b64decode(content + b"==", validate=False)
        except (binascii.Error, ValueError):
            return False
    if media_type.startswith("image/"):
        out.picture(content, "picture")
    elif not media_type.startswith(_IGNORED):
        out.within(Source(content, media_type=media_type))
    return True
