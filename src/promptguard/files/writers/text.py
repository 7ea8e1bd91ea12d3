"""Plain text in the character encoding that it came in: CSV, TSV, JSON, source code, logs.

What is JSON, or JSON lines, stays so: what stands for a number becomes a string.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Final

from promptguard.files.interface import CannotRead, Source
from promptguard.files.readers import text
from promptguard.files.replacements import Replacements, replaced
from promptguard.model import Edit
from promptguard.reasons import Code

_TOKEN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"|[^"]++')
"""A string of JSON (RFC 8259, 7), or what stands between two."""


def write(source: Source, replacements: Replacements) -> bytes:
    """The text again, behind the same mark.

    Raises:
        CannotRead: its encoding is not known for certain, or cannot hold what is to stand there; JSON would be none.
    """
    mark, charset, content = text.recognise(source.data, source.charset)
    try:
        if not charset or mark + content.encode(charset) != source.data:
            raise CannotRead(Code.REWRITE_CHARSET)
        written = _written(content, replacements.by_text.get(content, ()))
        return mark + written.encode(charset)
    except UnicodeError:
        raise CannotRead(Code.REWRITE_CHARSET) from None


def _written(content: str, edits: Sequence[Edit]) -> str:
    if not _is_json(content):
        return replaced(content, edits)
    written = replaced(content, _as_strings(content, edits))
    if not _is_json(written):
        raise CannotRead(Code.REWRITE_IN_FILE)
    return written


def _as_strings(content: str, edits: Sequence[Edit]) -> list[Edit]:
    """Edits of JSON, as strings of their own where they do not stand in one."""
    found: list[Edit] = []
    tokens = _TOKEN.finditer(content)
    token = next(tokens, None)
    for edit in edits:
        while token is not None and token.end() <= edit.start:
            token = next(tokens, None)
        is_within = token is None or token[0].startswith('"')
        found.append(edit if is_within else Edit(edit.start, edit.end, f'"{edit.text}"'))
    return found


def _is_json(content: str) -> bool:
    """Whether a text is an object or a list, or one a line."""
    if content.lstrip()[:1] not in ("{", "["):
        return False
    return _parses(content) or all(map(_parses, filter(str.strip, content.split("\n"))))


def _parses(content: str) -> bool:
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True
