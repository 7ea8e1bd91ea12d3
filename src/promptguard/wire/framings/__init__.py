"""The framings, one file each: a `Framing` in a module of this package is found by itself."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import Final

from promptguard.wire.framings.interface import MAX_MESSAGE, Frame, FrameDecoder, Framing

__all__ = [
    "MAX_FIRST_BYTES",
    "MAX_MESSAGE",
    "Frame",
    "FrameDecoder",
    "Framing",
    "first_bytes_may_decide",
    "framing_for",
    "framing_of_message",
    "load_framings",
]

MAX_FIRST_BYTES: Final = 1024
"""Bytes that are waited for until the beginning of a body has to tell its framing."""

_UNSURE: Final = frozenset(("", "text/plain", "text/markdown", "application/octet-stream"))
"""Media types that say little: the first bytes decide."""

_TEXTS: Final = _UNSURE - {"application/octet-stream"}
"""Those that are plain text where the first bytes are of no framing."""


@cache
def load_framings() -> Mapping[str, Framing]:
    """All framings of this package, by their ids."""
    found: dict[str, Framing] = {}
    for module_info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{__name__}.{module_info.name}")
        for _, value in inspect.getmembers(module, inspect.isclass):
            if value.__module__ == module.__name__ and issubclass(value, Framing) and not inspect.isabstract(value):
                if value.id in found:
                    raise ValueError(f"two framings have the id {value.id!r}")
                found[value.id] = value()
    return found


def framing_for(content_type: str, first_bytes: bytes, framing_id: str = "") -> Framing | None:
    """The framing of a body; None where it has none that is known: a page, a picture, a file.

    Args:
        content_type: the value of the header; empty if there is none.
        first_bytes: how the body begins: all of it, or enough that `first_bytes_may_decide` says no.
        framing_id: the framing that the wire format names, for where the media type says little; empty for none.
    """
    media_type = _media_type(content_type)
    declared = _by_media_type().get(media_type)
    if declared is not None:
        return declared
    if not _may_be_framed(media_type):
        return None
    named = load_framings().get(framing_id)
    if named is not None and named.fits(first_bytes):
        return named
    for framing in load_framings().values():
        if framing.begins is not None and framing.begins.match(first_bytes, concurrent=False):
            return framing
    return load_framings()["text"] if media_type in _TEXTS else None


def first_bytes_may_decide(content_type: str, first_bytes: bytes = b"") -> bool:
    """Whether the framing of a body depends on more of its bytes than these."""
    media_type = _media_type(content_type)
    if media_type in _by_media_type() or not _may_be_framed(media_type) or len(first_bytes) >= MAX_FIRST_BYTES:
        return False
    beginnings = [framing.begins for framing in load_framings().values() if framing.begins is not None]
    matches = [match for begins in beginnings if (match := begins.match(first_bytes, partial=True, concurrent=False))]
    return bool(matches) and all(match.partial for match in matches)


def framing_of_message(content: bytes) -> Framing:
    """The framing of one WebSocket message: its own bytes tell."""
    framings = load_framings()
    return next((each for each in framings.values() if each.fits_message(content)), framings["websocket_message"])


def _media_type(content_type: str) -> str:
    return content_type.lower().partition(";")[0].strip()


def _may_be_framed(media_type: str) -> bool:
    return media_type in _UNSURE or media_type.endswith(("/json", "+json"))


@cache
def _by_media_type() -> Mapping[str, Framing]:
    return {media_type: framing for framing in load_framings().values() for media_type in framing.media_types}
