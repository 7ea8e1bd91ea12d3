"""What the network knows of a word by itself: rows of its table, which are added up.

Rows are found by hashing (Weinberger et al. 2009, Feature Hashing for Large Scale Multitask Learning): there is no
vocabulary, and any word of any language has features. Training and running share this module.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Container
from dataclasses import dataclass
from functools import cache
from typing import Final

from promptguard.detectors.names.lexicon import lexicon
from promptguard.detectors.names.place_evidence import machine_words
from promptguard.detectors.reference.gazetteer import gazetteer

FORM_ROWS: Final = 24_576
"""Rows for whole words in lower case; each word has two of them, so that hardly any two words share both."""
PART_ROWS: Final = 22_528
"""Rows for the beginnings, ends and letter trigrams of words."""
SHAPE_ROWS: Final = 2_048
"""Rows for how a word is written together with the lists that it stands in."""
ROWS: Final = FORM_ROWS + PART_ROWS + SHAPE_ROWS
"""Rows of the table."""

_PARTS_FROM: Final = FORM_ROWS
_SHAPES_FROM: Final = FORM_ROWS + PART_ROWS

_MAX_LETTERS: Final = 20
"""Letters of a word that are looked at: longer ones are no names."""
_MAX_AFFIX: Final = 4

_UNREAD: Final = re.compile(r"[^\W\d_a-zA-Z\u00aa\u00ba\u00c0-\u03ff\u1d00-\u1dbf\u1e00-\u1fff]")
"""A letter of another script than Latin and Greek."""


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists whose membership is a feature; words in lower case."""

    given_names: Container[str]
    surnames: Container[str]
    common_words: Container[str]
    places: Container[str]
    machine_words: Container[str]
    namesakes: Container[str]

    def of(self, lowered: str) -> int:
        """In which lists a word stands, as bits."""
        return (
            (lowered in self.given_names)
            | (lowered in self.surnames) << 1
            | (lowered in self.common_words) << 2
            | (lowered in self.places) << 3
            | (lowered in self.machine_words) << 4
            | (lowered in self.namesakes) << 5
        )


@cache
def shipped_lists() -> Lists:
    """The lists that come with PromptGuard."""
    words = lexicon()
    return Lists(
        words.given_names, words.surnames, words.common_words, gazetteer().words, machine_words(), words.namesakes
    )


def word_features(word: str, lists: Lists, *, known: bool = True) -> list[int]:
    """The table's rows for a word as it is written.

    Args:
        word: a token of `tokens`.
        lists: where it may stand.
        known: False for the features of the same word if nobody had ever seen it: its parts and its shape alone, in
            no list. Training mixes both, so that the network learns to go by what stands around.
    """
    lowered = word.lower()
    if _UNREAD.search(word):
        # Other scripts are looked at by rules (`scripts`): here they are one and the same word.
        return [_SHAPES_FROM]
    coded = lowered[:_MAX_LETTERS].encode()
    shape = f"{_shape(word)}{lists.of(lowered) if known else 0}".encode()
    rows = [_SHAPES_FROM + 1 + zlib.crc32(shape) % (SHAPE_ROWS - 1)]
    if known:
        first = zlib.crc32(coded)
        rows += (first % FORM_ROWS, zlib.crc32(b"#", first) % FORM_ROWS)
    if len(word) > 1 and not word.isdigit():
        rows += [_PARTS_FROM + zlib.crc32(part) % PART_ROWS for part in _parts(lowered[:_MAX_LETTERS])]
    return rows


def is_unread(word: str) -> bool:
    """Whether a word holds letters of another script than Latin and Greek, of which the network knows nothing."""
    return _UNREAD.search(word) is not None


def _parts(lowered: str) -> list[bytes]:
    edged = f"<{lowered}>"
    parts = [edged[index : index + 3] for index in range(len(edged) - 2)]
    longest = min(_MAX_AFFIX, len(lowered) - 1)
    parts += [f"^{lowered[:length]}" for length in range(1, longest + 1) if length != 2]
    parts += [f"{lowered[-length:]}$" for length in range(1, longest + 1) if length != 2]
    return [part.encode() for part in parts]


def _shape(word: str) -> str:
    """How a word is written, in a few letters: `Xx4`, `XX2`, `x6`, `d5`, `Xxm`, or the sign itself."""
    if word.isalpha():
        length = min(len(word), 8)
        if word.islower():
            return f"x{length}"
        if word.isupper():
            return f"X{length}"
        return f"Xx{length}" if word[0].isupper() and word[1:].islower() else f"m{length}"
    if word.isdigit():
        return f"d{min(len(word), 8)}"
    return f"a{min(len(word), 8)}" if word[0].isalnum() else word[0]
