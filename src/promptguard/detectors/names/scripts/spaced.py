"""Names in scripts that put spaces between words: what introduces them, lists, and the forms of surnames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from promptguard.detectors.names.scripts.listed import FOUND, LIKELY, RECOGNIZER, key, listed_names
from promptguard.detectors.names.spans import PERSON, Span

MAX_NAME_WORDS = 4
_GAP = regex.compile(r"[ \u00a0]{1,2}|[-־]|\.[ ]?|['’]|[ ][-–][ ]?(?=\p{Lu})")
"""What stands between the words of a name on one line."""
_WITHIN_SENTENCE = regex.compile(r"(?<!(?<!\p{L})(?:во?|на|из|до|στην?|στον?))(?<=[\p{Ll},;:])[ \u00a0]{1,2}\Z")
"""Before a word that neither begins a sentence nor says where: some places are called like persons."""


@dataclass(frozen=True, slots=True)
class SpacedScript:
    """How persons are named in the languages of one script."""

    word: str
    """A regex for a word."""
    introductions: str
    """A regex for what stands before a name and its space: forms of address, `my name is`, labels."""
    labels: str = r"(?!)"
    """The same for words of forms, which need a colon."""
    ends: str = ""
    """Words that end a name after an introduction, where the script has no capitals; separated by spaces."""
    surname: str = r"(?!)"
    """A regex for whole words that are surnames, or patronymics, by their form."""
    patronymic: str = r"(?!)"
    """The same for words that are a person's wherever they stand."""
    cased: bool = False
    prefixes: str = ""
    """Letters that prepositions and articles put before a name."""
    article: str = ""
    """What many a surname begins with, and no verb."""
    endings: tuple[str, ...] = ()
    """What cases put at a given name's end, the longest first."""
    nominatives: tuple[str, ...] = ("",)
    """What stands at its end in their place in the lists."""


class SpacedNames:
    """Finds the names of one script. Linear in the text."""

    def __init__(self, script: SpacedScript) -> None:
        self._script = script
        self._word = regex.compile(script.word)
        self._introduction = regex.compile(
            rf"(?<![\p{{L}}\p{{M}}])(?:(?:{script.introductions})[\"“«„'’)\]]?[ \u00a0:]{{1,3}}"
            rf"|(?:{script.labels})[*\"']{{0,2}}[ ]?[:：=][*\"'\s]{{0,3}})[\"“«„]?\Z",
            regex.IGNORECASE,
        )
        self._introduces = regex.compile(script.introductions, regex.IGNORECASE)
        self._surname = regex.compile(script.surname, regex.IGNORECASE)
        self._patronymic = regex.compile(script.patronymic, regex.IGNORECASE)
        self._ends = frozenset(map(key, script.ends.split()))

    def find(self, text: str) -> Iterator[Span]:
        """The names in `text`, in order and without overlaps."""
        words = [match.span() for match in self._word.finditer(text)]
        index = 0
        while index < len(words):
            end, score = self._name(text, words, index)
            if end > index:
                start = self._first(text, words, index)
                yield Span(words[start][0], words[end - 1][1], PERSON, score, RECOGNIZER)
            index = max(end, index + 1)

    def _name(self, text: str, words: Sequence[tuple[int, int]], index: int) -> tuple[int, float]:
        """The index after the last word of the name that begins with a word, and how sure it is; 0 for none."""
        if not self._written_as_name(text, words[index]):
            return 0, 0.0
        if self._introduction.search(text, max(0, words[index][0] - 40), words[index][0]):
            return self._introduced(text, words, index), FOUND
        given = self._is_given(text, words[index])
        surname = self._is_surname(text, words[index])
        end, likely = index + 1, index + 1
        certain = False
        while end < min(len(words), index + MAX_NAME_WORDS) and self._adjoin(text, words, end):
            word = words[end]
            if not self._written_as_name(text, word):
                break
            part = self._is_surname(text, word) or (self._is_given(text, word) and (given or surname))
            if not part and not (given and self._script.cased and likely == index + 1 and end == index + 1):
                break
            certain = certain or (part and (given or self._is_given(text, word)))
            end += 1
        if certain:
            return end, FOUND
        if self._patronymic.fullmatch(text, *words[index]):
            return end, FOUND
        if given and self._script.cased:
            if end > index + 1:
                return end, LIKELY
            alone = _WITHIN_SENTENCE.search(text, max(0, words[index][0] - 8), words[index][0])
            return (end, LIKELY) if alone else (0, 0.0)
        return 0, 0.0

    def _introduced(self, text: str, words: Sequence[tuple[int, int]], index: int) -> int:
        """The index after a name after an introduction: to the verb, or as far as words are listed or have capitals."""
        if key(text[slice(*words[index])]) in self._ends:
            return 0
        end = index + 1
        while end < min(len(words), index + MAX_NAME_WORDS + 1) and self._adjoin(text, words, end):
            written = text[slice(*words[end])]
            if key(written) in self._ends:
                return end
            if self._script.cased and not written[0].isupper():
                return end
            article = bool(self._script.article) and written.startswith(self._script.article)
            if not self._script.cased and not article and not self._is_part(text, words[end]):
                return end if end > index + 1 else self._closed(text, words, index) or end
            end += 1
        return min(end, index + MAX_NAME_WORDS)

    def _closed(self, text: str, words: Sequence[tuple[int, int]], index: int) -> int:
        """The index of the verb, or after the last word of a line or clause, if that is near; else 0.

        Without capitals that is how far a name goes.
        """
        for end in range(index + 1, min(len(words), index + 3) + 1):
            if end < len(words) and key(text[slice(*words[end])]) in self._ends:
                return end
            if end == len(words) or not self._adjoin(text, words, end):
                return end if end - index < 3 else 0
        return 0

    def _first(self, text: str, words: Sequence[tuple[int, int]], index: int) -> int:
        """The index of a surname or of initials that stand before the given name; prefixes stay outside."""
        before = index - 1
        if before < 0 or not self._adjoin(text, words, index) or not self._written_as_name(text, words[before]):
            return index
        initial = self._script.cased and words[before][1] - words[before][0] == 1
        return before if initial or self._is_surname(text, words[before]) else index

    def _adjoin(self, text: str, words: Sequence[tuple[int, int]], index: int) -> bool:
        return _GAP.fullmatch(text, words[index - 1][1], words[index][0]) is not None

    def _written_as_name(self, text: str, word: tuple[int, int]) -> bool:
        if self._script.cased and not text[word[0]].isupper():
            return False
        return self._introduces.fullmatch(text, *word) is None

    def _is_part(self, text: str, word: tuple[int, int]) -> bool:
        return self._is_given(text, word) or self._is_surname(text, word)

    def _is_given(self, text: str, word: tuple[int, int]) -> bool:
        return any(form in listed_names().given for form in self._forms(text[slice(*word)]))

    def _is_surname(self, text: str, word: tuple[int, int]) -> bool:
        if self._surname.fullmatch(text, *word) or self._patronymic.fullmatch(text, *word):
            return True
        return any(form in listed_names().surnames for form in self._forms(text[slice(*word)]))

    def _forms(self, written: str) -> Iterator[str]:
        """How a word may stand in the lists: as it is, without its prefix, in the nominative."""
        form = key(written)
        yield form
        if form[:1] in self._script.prefixes and len(form) > 3:
            yield form[1:]
        for ending in self._script.endings:
            if form.endswith(ending) and len(form) - len(ending) >= 2:
                stem = form[: len(form) - len(ending)]
                yield from (stem + nominative for nominative in self._script.nominatives)
