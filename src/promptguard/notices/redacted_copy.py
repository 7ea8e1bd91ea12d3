"""A person's own text with placeholders, at the end of a notice: ready to be pasted, and no more than a text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import Final

from promptguard.model import Notice
from promptguard.notices.copying_words import CopyingWords

MAX_CHARACTERS: Final = 2000
"""Of the text in a notice. A longer one stands on the page that the notice leads to, if on any."""

_LINE_ENDS: Final = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BACKTICKS: Final = re.compile("`+")
_KEPT_FORMATS: Final = frozenset("\u200c\u200d\u200e\u200f")
"""Joiners, which scripts and emoji are written with, and marks of direction: these reach no further than a word."""


def with_redacted(notice: Notice, text: str, words: CopyingWords) -> Notice:
    """A notice that ends with `text` in a block of code, or says that its page has it; unchanged for no text."""
    brief = notice.text.rstrip()
    if len(text) <= MAX_CHARACTERS:
        if not (shown := as_shown(text)):
            return notice
        full = f"{brief}\n\n{words.text}\n\n{fenced(shown)}"
        return replace(notice, text=full, brief=notice.text, redacted=shown)
    on_page = "#" in notice.link  # the key of what is kept for the page
    return replace(notice, text=f"{brief} {words.on_page}", brief=notice.text) if on_page else notice


def fenced(text: str) -> str:
    """A block of code (CommonMark 0.31.2, 4.5) that nothing in the text ends: its fence is longer than any there."""
    longest = max(map(len, _BACKTICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def as_shown(text: str) -> str:
    """A text without what a terminal or a page would obey rather than show: control characters, escape sequences with
    them, and characters that turn or hide what follows. Line ends are `\\n`."""
    lines = _LINE_ENDS.sub("\n", text)
    return "".join(filter(_is_shown, lines)).strip("\n")


def _is_shown(character: str) -> bool:
    if character in "\n\t" or character in _KEPT_FORMATS:
        return True
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
