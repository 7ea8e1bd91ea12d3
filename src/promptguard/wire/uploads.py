"""How long a file is, as requests tell services before or beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final
from urllib.parse import parse_qsl

SIZE_NAMES: Final = frozenset(
    {"bytes", "content_length", "contentLength", "file_length", "file_size", "fileLength", "fileSize", "filesize"}
    | {"length", "size", "size_bytes", "sizeBytes", "size_in_bytes", "total_bytes"}
)
"""Members that tell it in bytes (ChatGPT, OpenAI's uploads, Slack, Perplexity, Microsoft Graph)."""

NAME_NAMES: Final = ("filename", "file_name", "fileName", "name", "title", "displayName")
"""Members that give the name of a file."""

_HEADERS: Final = ("x-goog-upload-header-content-length", "x-upload-content-length", "upload-length")
"""Fields that do (Google's resumable uploads, tus 1.0.0)."""

_PIECES: Final = ("content-range", "upload-offset", "x-goog-upload-offset")
"""Fields of a piece of an upload (RFC 9110, 14.4; tus 1.0.0; Google's resumable uploads)."""

_BEGINNING: Final = re.compile(r"(?:bytes[ =])?0+(?:-|$)", re.IGNORECASE)
"""Of the values of these, at the beginning of a file."""

_PART: Final = re.compile(r"/uploads/[^/]+/parts/?", re.IGNORECASE)
"""A part of an upload to OpenAI (POST /v1/uploads/{upload_id}/parts), whose size `bytes` told before."""

_MAX_VALUES: Final = 2_000
"""Members that are looked at: what announces a file is short."""

MAX_LENGTHS: Final = 100
"""Lengths of one request that are remembered."""

_WORDS: Final = ("upload", "file", "attachment", "document")
"""In paths of requests that announce a file."""


def may_announce(path: str) -> bool:
    """Whether a request to this path may tell the length of a file that comes in another one."""
    lower = path.lower()
    return any(word in lower for word in _WORDS)


def is_piece(headers: Mapping[str, str], path: str) -> bool:
    """Whether a request carries a piece of a file, whose length was told before."""
    return any(name in headers for name in _PIECES) or _PART.search(path) is not None


def begins_upload(headers: Mapping[str, str]) -> bool:
    """Whether what a request carries is a file from its beginning: all of it, or the first piece."""
    offsets = [headers[name].strip() for name in _PIECES if name in headers]
    return all(_BEGINNING.match(offset) for offset in offsets)


def announced_lengths(headers: Mapping[str, str], query: str, body: Any) -> frozenset[int]:
    """Lengths of files that a request tells, whose body has this parsed value."""
    told = [headers[name] for name in _HEADERS if name in headers]
    told += [value for name, value in parse_qsl(query) if name in SIZE_NAMES]
    told += islice(_sizes(body), MAX_LENGTHS)
    return frozenset(number for number in map(_length, told[:MAX_LENGTHS]) if number)


def announced_names(body: Any) -> dict[int, str]:
    """The names of the files whose lengths a body tells, by length."""
    found: dict[int, str] = {}
    for members in islice(_objects(body), MAX_LENGTHS):
        name = next((members[key] for key in NAME_NAMES if isinstance(members.get(key), str)), "")
        length = next(filter(None, (_length(members[key]) for key in SIZE_NAMES & members.keys())), 0)
        if name and length:
            found[length] = name
    return found


def resize(members: Any, before: int, after: int) -> None:
    """Correct what an object tells about the length of a file in it, where it told the right one."""
    if not isinstance(members, dict):
        return
    for name in SIZE_NAMES & members.keys():
        if _length(members[name]) == before:
            members[name] = str(after) if isinstance(members[name], str) else after


def _objects(body: Any) -> Iterator[dict[Any, Any]]:
    """The objects in a parsed value; a form, or several equal names in it, are some."""
    waiting = [body]
    for _ in range(_MAX_VALUES):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting += value.values()
        elif isinstance(value, list):
            fields = [each for each in value if isinstance(each, tuple) and len(each) == 2]
            yield from _as_objects(fields)
            waiting += (each[1] if isinstance(each, tuple) and len(each) == 2 else each for each in value)


def _as_objects(fields: Sequence[tuple[Any, Any]]) -> Iterator[dict[Any, Any]]:
    """The fields of a form as an object; a name that comes again begins another."""
    members: dict[Any, Any] = {}
    for name, value in fields:
        if name in members:
            yield members
            members = {}
        members[name] = value
    if members:
        yield members


def _sizes(body: Any) -> Iterator[Any]:
    return (item for members in _objects(body) for name, item in members.items() if name in SIZE_NAMES)


def _length(told: Any) -> int:
    """A length as it is told; 0 for anything else."""
    if isinstance(told, str) and told.isascii() and told.isdigit() and len(told) < 16:
        return int(told)
    return told if isinstance(told, int) and not isinstance(told, bool) and told > 0 else 0
