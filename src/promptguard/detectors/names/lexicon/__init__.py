"""Word lists beside the model: names that people bear, and words that are hardly ever names.

Made by `tools/make_lexicon.py`; NOTICE says where from. All words are in lower case.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What is known of single words."""

    given_names: frozenset[str]
    """Names of persons in some eighty languages and countries, in Latin script."""
    surnames: frozenset[str]
    common_words: frozenset[str]
    """English words that dictionaries write in lower case. Some are names too."""

    def is_plain(self, word: str) -> bool:
        """Whether a word as written in a text is hardly part of a name: a common one, and not written like a name that
        people bear (`Graves`)."""
        lowered = word.lower()
        if lowered not in self.common_words:
            return False
        return word == lowered or not (lowered in self.given_names or lowered in self.surnames)


@cache
def lexicon() -> Lexicon:
    """The lists, read at the first call."""
    return Lexicon(_read("given_names"), _read("surnames"), _read("common_words"))


def is_common_word(word: str) -> bool:
    """Whether a word, however it is written, is one of the language."""
    return word.lower() in lexicon().common_words


def _read(name: str) -> frozenset[str]:
    return frozenset(files(__name__).joinpath(f"{name}.txt").read_text("utf-8").split())
