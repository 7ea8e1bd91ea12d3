"""Word lists beside the model: names that people bear, and words that are hardly ever names.

Made by `tools/make_lexicon.py`, but for `namesakes.txt`, which is written by hand; NOTICE says where from. All words
are in lower case.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from promptguard.detectors.word_set import WordSet

MAX_ACRONYM_LENGTH = 3
"""Letters of what stands beside a product's name and is no surname: `CLI`, `AI`, `Pro`."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What is known of single words."""

    given_names: Container[str]
    """Names of persons in some eighty languages and countries, in Latin script."""
    surnames: Container[str]
    common_words: Container[str]
    """English words that dictionaries write in lower case. Some are names too."""
    namesakes: Container[str] = frozenset()
    """Products, languages and diseases that are called like people or like nobody: alone they are hardly persons."""

    def is_plain(self, word: str) -> bool:
        """Whether a word as written in a text is hardly part of a name: a common one, and not written like a name that
        people bear (`Graves`)."""
        lowered = word.lower()
        if lowered not in self.common_words:
            return False
        return word == lowered or not (lowered in self.given_names or lowered in self.surnames)

    def names_no_person(self, words: Iterable[str]) -> bool:
        """Whether a name is of a product (`Claude Opus`, `Gemini CLI`): a namesake, and nothing of a person."""
        written = list(words)
        named_alike = any(word.lower() in self.namesakes for word in written)
        return named_alike and not any(map(self._is_of_person, written))

    def _is_of_person(self, word: str) -> bool:
        """Whether what stands beside a namesake is the rest of a person's name: a surname, or no word at all."""
        lowered = word.lower()
        if lowered in self.namesakes or len(word) <= MAX_ACRONYM_LENGTH or not word[0].isupper():
            return False
        return lowered in self.surnames or lowered not in self.common_words


@cache
def lexicon() -> Lexicon:
    """The lists, read at the first call."""
    given_names, surnames, common_words, namesakes = map(
        WordSet, map(read_words, ("given_names", "surnames", "common_words", "namesakes"))
    )
    return Lexicon(given_names, surnames, common_words, namesakes)


def is_common_word(word: str) -> bool:
    """Whether a word, however it is written, is one of the language."""
    return word.lower() in lexicon().common_words


def read_words(name: str) -> frozenset[str]:
    """One of the lists, for tools that go through its words: 10 MB in all, where `lexicon` takes 3."""
    return frozenset(files(__name__).joinpath(f"{name}.txt").read_text("utf-8").split())
