"""What carries text in a request besides its body and query: the method, the path, and header and trailer fields."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from promptguard.model import WEBSOCKET, Request
from promptguard.wire.formats.members import SEALED
from promptguard.wire.heads.fields import field_texts
from promptguard.wire.heads.interface import HeadText, said, words_in
from promptguard.wire.heads.paths import path_texts

__all__ = ["HeadText", "head_texts"]

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"})


def head_texts(request: Request, own_keys: Collection[str] = ()) -> Iterator[HeadText]:
    """The texts of a request's head that are to be searched.

    A message on a WebSocket has none: its connection's head was read by itself. `own_keys` are further header fields
    that carry the caller's own credential to the service.
    """
    if request.method == WEBSOCKET:
        return
    for text in _texts(request, own_keys):
        if text.text and text.standing is not SEALED:
            yield text


def _texts(request: Request, own_keys: Collection[str]) -> Iterator[HeadText]:
    if request.method not in _METHODS:
        yield said(request.method)
        yield from words_in(request.method)
    yield from path_texts(request.path)
    yield from field_texts(request.fields or request.headers.items(), own_keys)
