"""Every script's names in one text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import regex

from promptguard.detectors.names.scripts.chinese import find_chinese
from promptguard.detectors.names.scripts.japanese import KANA, find_japanese
from promptguard.detectors.names.scripts.korean import find_korean
from promptguard.detectors.names.scripts.spaced import SpacedNames
from promptguard.detectors.names.scripts.spaced_scripts import SPACED_SCRIPTS
from promptguard.detectors.names.scripts.thai import find_thai
from promptguard.detectors.names.spans import Span, merge

_BEYOND_LATIN = regex.compile(r"[^\W\d_a-zA-Z\p{Latin}]")


def _find_han(text: str) -> Iterator[Span]:
    return find_japanese(text) if KANA.search(text) else find_chinese(text)


_FINDERS: Final[tuple[tuple[regex.Pattern[str], Callable[[str], Iterator[Span]]], ...]] = (
    (regex.compile(r"[\p{Han}\p{Katakana}]"), _find_han),
    (regex.compile(r"\p{Hangul}"), find_korean),
    (regex.compile(r"\p{Thai}"), find_thai),
    *((regex.compile(rf"\p{{{name}}}"), SpacedNames(script).find) for name, script in SPACED_SCRIPTS.items()),
)


def find_beyond_latin(text: str) -> list[Span]:
    """The names in other scripts than Latin in `text`, in order and without overlaps. Linear in the text."""
    if text.isascii() or not _BEYOND_LATIN.search(text):
        return []
    return merge(span for letters, find in _FINDERS if letters.search(text) for span in find(text))
