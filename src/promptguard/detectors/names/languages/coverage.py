"""Which languages of a text are not covered: in which persons are not looked for, or their names seldom known."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from promptguard.detectors.names.languages.signs_of_languages import signs_of_languages
from promptguard.detectors.names.languages.unknown_scripts import unknown_scripts

MIN_LETTERS: Final = 40
"""Letters of the shortest passage whose language is told: about seven words."""

MIN_WORDS: Final = 3
"""Different words of a passage that must be of one language: in its list, or with letters that only it has."""

PASSAGE: Final = 16
"""Words that are looked at together, half of them again with the next ones."""

_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


def uncovered_languages(text: str, known: frozenset[str] = frozenset()) -> frozenset[str]:
    """Tags (BCP 47) of the languages of passages of `text` that are not covered; `und` for one without a tag.

    `known` are languages that are covered besides those of the rules and the model. Linear in the text; one without
    words or letters of such languages, as nearly all are, costs a split.
    """
    if len(text) < MIN_LETTERS and text.isascii():
        return frozenset()
    return (unknown_scripts(text) | _by_words(text)) - known


def _by_words(text: str) -> frozenset[str]:
    signs = signs_of_languages()
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.replace("’", "'"))
    strange = not text.isascii() and not signs.letters.isdisjoint(text.lower())
    if not strange and len(signs.words.intersection(text.lower().split())) < MIN_WORDS:
        return frozenset()
    return frozenset(language for passage in _passages(text) if (language := _language(passage)))


def _passages(text: str) -> Iterator[Sequence[str]]:
    """The words of a text, some at a time: of lines, of short ones several together."""
    words: list[str] = []
    for line in text.splitlines():
        words += _WORD.findall(line)
        if len(words) >= PASSAGE // 2:
            yield from _overlapping(words)
            words = []
    yield from _overlapping(words)


def _overlapping(words: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, max(1, len(words) - PASSAGE // 2), PASSAGE // 2):
        yield words[start : start + PASSAGE]


def _language(words: Sequence[str]) -> str:
    """The language of a passage that is not covered; empty where it is, or is too short to tell."""
    if sum(map(len, words)) < MIN_LETTERS:
        return ""
    times, different = Counter[str](), Counter[str]()
    for word, count in Counter(words).items():
        for language in _languages_of(word):
            times[language] += count
            different[language] += 1
    if not different:
        return ""
    language = max(different, key=lambda each: (different[each], times[each]))
    return language if different[language] >= MIN_WORDS and times[language] > _covered(words) else ""


def _languages_of(word: str) -> frozenset[str]:
    """The languages that a word is of: names, which people bear everywhere, have capitals and tell by no letter."""
    signs = signs_of_languages()
    languages = signs.by_word.get(word.lower(), ())
    if word.isascii() or not word.islower():
        return frozenset(languages)
    return frozenset(languages).union(*(signs.by_letter.get(letter, ()) for letter in word))


def _covered(words: Sequence[str]) -> int:
    """How many words are of the covered language that has most of them."""
    lowered = [word.lower() for word in words]
    return max(sum(word in listed for word in lowered) for listed in signs_of_languages().covered.values())
