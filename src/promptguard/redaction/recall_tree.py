"""The originals of a scope as a tree of tokens, which grows with each that is issued and is never made anew."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

MIN_CHARACTERS: Final = 3
"""Shorter originals stand in too many texts that have nothing to do with them."""
MIN_LETTERS: Final = 4
"""Of an original that is one word: shorter names are parts of speech in some language."""
MIN_DIGITS: Final = 5
"""Of an original that is one number: shorter ones are years, amounts and ports."""

_SPACELESS: Final = r"\u0e00-\u0eff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff"
_LETTERS: Final = rf"[^\W\d_{_SPACELESS}]"
TOKEN: Final = re.compile(rf"[{_SPACELESS}]|{_LETTERS}+(?:[\u0300-\u036f]+{_LETTERS}*)*|\d+")
"""A run of letters, a run of digits, or one character of a script that puts no spaces between words. Tokens are
compared as a whole, which makes originals stand as whole words."""

_SPACES: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Sought:
    """What has to stand around and between the tokens of an original."""

    before: str = field(repr=False)
    """Characters before the first token, such as `+` of a telephone number."""
    core: str = field(repr=False)
    """From the first token to the last one, with single spaces."""
    after: str = field(repr=False)
    placeholder: str
    text: str = field(repr=False)
    """The original."""
    word: str = field(repr=False)
    """The original where it is one word, which may be one of the language; else empty."""
    single: bool
    """One word: nothing about its form says what it is."""

    def ends(self, text: str, start: int, stop: int) -> tuple[int, int] | None:
        """Where it begins and ends in a text in which its tokens stand from `start` to `stop`; None where what is
        around and between them is something else."""
        begin = start - len(self.before)
        if begin < 0 or not text.startswith(self.before, begin) or not text.startswith(self.after, stop):
            return None
        if _SPACES.sub(" ", text[start:stop]) != self.core:
            return None
        return begin, stop + len(self.after)


@dataclass(slots=True)
class Node:
    """The originals that begin with the tokens so far."""

    following: dict[str, Node] = field(default_factory=dict)
    ending: list[Sought] = field(default_factory=list)


class OriginalsTree:
    """All originals of a scope that are looked for in its texts, by their tokens."""

    __slots__ = ("root",)

    def __init__(self) -> None:
        self.root = Node()

    def add(self, placeholder: str, text: str) -> None:
        """Take up an original, unless it is one that stands in too many texts."""
        tokens = list(TOKEN.finditer(text))
        words = [token.group() for token in tokens]
        bare = text.strip()
        if not words or not _is_sought(bare, words):
            return
        node = self.root
        for word in words:
            following = node.following.get(word)
            if following is None:
                following = node.following[word] = Node()
            node = following
        start, end = tokens[0].start(), tokens[-1].end()
        core = _SPACES.sub(" ", text[start:end])
        may_be_common = not (len(words) == 1 and words[0].isdigit()) and _is_word(bare, words)
        node.ending.append(
            Sought(
                text[:start].lstrip(),
                core,
                text[end:].rstrip(),
                placeholder,
                text,
                bare if may_be_common else "",
                _is_word(text, words),
            )
        )

    def begun(self, text: str, start: int, stop: int) -> Iterator[tuple[Sought, int]]:
        """The originals whose tokens stand in a text one behind the other, the first from `start` to `stop`, and where
        the last one ends. What stands between them is for `Sought.ends` to see."""
        node = self.root.following.get(text[start:stop])
        while node is not None:
            for sought in node.ending:
                yield sought, stop
            token = TOKEN.search(text, stop) if node.following else None
            if token is None:
                return
            node, stop = node.following.get(token.group()), token.end()


def _is_sought(text: str, words: Sequence[str]) -> bool:
    if len(text) < MIN_CHARACTERS:
        return False
    if len(words) == 1 and words[0].isdigit():
        return len(words[0]) >= MIN_DIGITS
    return not _is_word(text, words) or sum(map(len, words)) >= MIN_LETTERS


def _is_word(text: str, words: Sequence[str]) -> bool:
    """Whether an original is one plain word, an apostrophe or a dot in it included."""
    if "@" in text or any(map(str.isdigit, words)):
        return False
    return len(words) == 1 or (not _SPACES.search(text.strip()) and min(map(len, words)) == 1 and text.isascii())
