"""Words near a match that make it surer, by Presidio's own rules and without a language model.

Presidio's `LemmaContextAwareEnhancer` raises a score by 0.35, to 0.4 at least, if one of a recognizer's context words
is among the five words before a match, stop words and punctuation not counted. It reads words from `NlpArtifacts`;
ours come from a small tokenizer that takes the lower-cased word for its lemma. Words are compared whole, so that `lic`
is not found in `public`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import regex

from promptguard.presidio.analyzer import (
    EntityRecognizer,
    LemmaContextAwareEnhancer,
    NlpArtifacts,
    NlpEngine,
    RecognizerResult,
)

_TOKEN = regex.compile(r"\p{Lu}+[^\W_\p{Lu}]*|[^\W_\p{Lu}]+|_|[^\w\s]")
"""Words, split where `camelCase` and `snake_case` are joined; every other sign is a token of its own."""

_STOP_WORDS_BY_LANGUAGE = {
    "en": "a an the is are was were be been my your his her its our their of for to in on at by it this that and or",
    "de": "der die das ist sind war ein eine einen mein meine dein deine sein ihre ihr von für zu im am und oder hat",
    "fr": "le la les l un une est sont mon ma mes ton ta votre vos son sa de du des à au et ou",
    "es": "el los las es son mi mis tu su sus del al y o",
    "it": "il lo gli mio mia tuo tua suo sua di da per e",
    "nl": "het een zijn mijn jouw uw van voor en",
    "da": "den det et er min din hans hendes af til og eller",
}
_STOP_WORDS = frozenset(word for words in _STOP_WORDS_BY_LANGUAGE.values() for word in words.split())
"""Articles, pronouns, prepositions and forms of `be`, which stand between a label and its value."""

WORDS_BEFORE = 5
"""`context_prefix_count` of Presidio's enhancer."""

_MAX_TOKEN_LENGTH = 64
"""Characters of the token around the end of a match that may be a context word."""

_SPACE = regex.compile(r"\s")

_SLICES = (160, 640, 2560)
"""Characters before a match in which to look for those words; text with fewer words in the last is no prose."""


@functools.cache
def enhancer() -> LemmaContextAwareEnhancer:
    """Presidio's enhancer with its own defaults, comparing whole words."""
    return LemmaContextAwareEnhancer(context_matching_mode="whole_word")


class LightArtifacts(NlpArtifacts):  # type: ignore[misc]  # presidio is checked as untyped
    """Tokens and lemmas of a text, made when somebody asks for them."""

    def __init__(self, text: str, nlp_engine: LightNlpEngine, language: str = "en") -> None:
        self._text = text
        self.nlp_engine = nlp_engine
        self.language = language
        self.entities: list[Any] = []
        self.scores: list[float] = []

    @functools.cached_property
    def _matches(self) -> list[tuple[str, int]]:
        return [(match.group(), match.start()) for match in _TOKEN.finditer(self._text)]

    @functools.cached_property
    def tokens(self) -> list[str]:
        return [token for token, _ in self._matches]

    @functools.cached_property
    def tokens_indices(self) -> list[int]:
        return [start for _, start in self._matches]

    @functools.cached_property
    def lemmas(self) -> list[str]:
        return [token.lower() for token in self.tokens]

    @functools.cached_property
    def keywords(self) -> list[str]:
        keywords: list[str] = self.set_keywords(self.nlp_engine, self.lemmas, self.language)
        return keywords


class LightNlpEngine(NlpEngine):  # type: ignore[misc]  # presidio is checked as untyped
    """A tokenizer in the shape of an NLP engine: for the pattern detector, and for Presidio's `AnalyzerEngine`."""

    def load(self) -> None:
        """Nothing to load."""

    def is_loaded(self) -> bool:
        return True

    def process_text(self, text: str, language: str) -> LightArtifacts:
        return LightArtifacts(text, self, language)

    def process_batch(
        self, texts: Iterable[str], language: str, batch_size: int = 1, n_process: int = 1, **_: Any
    ) -> Iterator[tuple[str, LightArtifacts]]:
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word: str, language: str) -> bool:
        return word.lower() in _STOP_WORDS

    def is_punct(self, word: str, language: str) -> bool:
        return not any(character.isalnum() for character in word)

    def get_supported_entities(self) -> list[str]:
        return []

    def get_supported_languages(self) -> list[str]:
        return ["en"]


class ContextWords:
    """The context words of one recognizer, and what they do to its results."""

    def __init__(self, recognizer: EntityRecognizer, engine: LightNlpEngine) -> None:
        self._recognizer = recognizer
        self._engine = engine
        self._words = {str(word).lower() for word in recognizer.context or ()}

    def raise_scores(self, text: str, results: Sequence[RecognizerResult]) -> list[RecognizerResult]:
        """`results`, whose offsets are into `text`, with the scores that Presidio gives them over the whole text."""
        if not results or not self._words:
            return list(results)
        first = min(result.start for result in results)
        last = max(result.end for result in results)
        if not self._stands_in(text[max(0, first - _SLICES[-1]) : last + _MAX_TOKEN_LENGTH]):
            return list(results)
        return [self._raise_score(text, result) for result in results]

    def _stands_in(self, text: str) -> bool:
        """Whether any context word stands in `text`, be it as part of a longer word."""
        lowered = text.lower()
        return any(word in lowered for word in self._words)

    def _raise_score(self, text: str, result: RecognizerResult) -> RecognizerResult:
        # The token in which the match starts counts too, to its end.
        token = _TOKEN.search(text, result.start)
        end = max(result.end, token.end() if token else 0)
        if not self._stands_in(text[max(0, result.start - _SLICES[-1]) : end]):
            return result
        start = self._start_of_words_before(text, result.start)
        piece = text[start:end]
        if not self._stands_in(piece):
            return result
        result.start -= start
        result.end -= start
        artifacts = self._engine.process_text(piece, "en")
        (raised,) = enhancer().enhance_using_context(piece, [result], artifacts, [self._recognizer])
        raised.start += start
        raised.end += start
        return raised

    def _start_of_words_before(self, text: str, position: int) -> int:
        """Where a piece of text must start to hold all words that count for a match at `position`."""
        for length in _SLICES:
            if length >= position:
                return 0
            # A token never spans white space, so that a piece cut there has the tokens of the whole text.
            space = _SPACE.search(text, position - length, position)
            if space and self._count(text[space.start() : position]) > WORDS_BEFORE + 1:
                return int(space.start())
        return position - _SLICES[-1]

    def _count(self, text: str) -> int:
        return len(self._engine.process_text(text, "en").keywords)
