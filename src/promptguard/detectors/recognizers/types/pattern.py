"""A recognizer made of regexes and a validator: what most entries of `config/recognizers` become."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Any

import regex

from promptguard.detectors.results import without_nested
from promptguard.detectors.secrets.public_ids import may_hold_secret
from promptguard.detectors.validators.registry import SHORTER, VALIDATORS, Validator
from promptguard.errors import ScanFailed
from promptguard.presidio.analyzer import AnalysisExplanation, Pattern, PatternRecognizer, RecognizerResult
from promptguard.reasons import Code

KEYWORD_REACH_BEFORE = 150
KEYWORD_REACH_AFTER = 50
"""Within how many characters of a match one of a recognizer's `keywords` must stand."""

MATCH_SECONDS = 10
"""A regex that takes longer over one piece of text fails the scan: a prompt is never taken for clean that way."""


class LazyPattern(Pattern):  # type: ignore[misc]  # presidio's base is untyped
    """Presidio's Pattern, compiled when it is first matched, with the flags that it is matched with.

    Presidio's own constructor compiles every regex without flags, to see whether it can be, and throws that away: a
    second of each start. Most of a thousand regexes match in no prompt of a day; each takes 20 KB once compiled.
    """

    def __init__(self, name: str, expression: str, score: float, flags: int) -> None:
        self.name = name
        self.regex = expression
        self.score = score
        self.compiled_with_flags = flags

    @functools.cached_property
    def compiled_regex(self) -> regex.Pattern[str]:
        """Raises `regex.error` where the expression is no regex: whoever reads one from a file checks that."""
        return regex.compile(self.regex, flags=self.compiled_with_flags)

    def let_go(self) -> None:
        """Keep the expression alone until it is matched again."""
        self.__dict__.pop("compiled_regex", None)


class ValidatedPatternRecognizer(PatternRecognizer):  # type: ignore[misc]  # presidio's base is untyped
    """Presidio's PatternRecognizer with a validator that may give a score, keywords, and a narrowed span.

    Where a regex has a group named `value`, only that group is reported and validated: `password=(?P<value>\\S+)`.
    A group named `name` is what a value without a form of its own stands under: public ids are none of a secret's.
    """

    VALUE_GROUP = "value"
    NAME_GROUP = "name"

    def __init__(
        self,
        *,
        supported_entity: str,
        name: str,
        patterns: Sequence[Pattern],
        context: Sequence[str] = (),
        deny_list: Sequence[str] = (),
        deny_list_score: float = 1.0,
        validator: Validator | None = None,
        keywords: Sequence[str] = (),
        global_regex_flags: int,
        supported_language: str = "en",
    ) -> None:
        super().__init__(
            supported_entity=supported_entity,
            name=name,
            supported_language=supported_language,
            patterns=list(patterns),
            deny_list=list(deny_list),
            deny_list_score=deny_list_score,
            context=list(context),
            global_regex_flags=global_regex_flags,
        )
        self.validator = validator
        self.keywords = tuple(keyword.lower() for keyword in keywords)

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: Any = None, regex_flags: int | None = None
    ) -> list[RecognizerResult]:
        """All matches in `text` that the validator does not drop; of nested ones the surest.

        Raises:
            ScanFailed: a regex took too long.
        """
        lowered = text.lower() if self.keywords else ""
        if self.keywords and not any(keyword in lowered for keyword in self.keywords):
            return []
        flags = regex_flags or self.global_regex_flags
        results = []
        for pattern in self.patterns:
            for start, end in self._spans(pattern, text, flags):
                if self.keywords and not self._keyword_near(lowered, start, end):
                    continue
                score = self._score(text[start:end], pattern.score)
                if score <= 0 and self.validator in SHORTER:
                    end = start + SHORTER[self.validator](text[start:end])
                    score = self._score(text[start:end], pattern.score) if end > start else 0.0
                if score > 0:
                    results.append(self._result(pattern, start, end, score))
        return without_nested(results)

    def rejections(self, text: str) -> Iterator[tuple[Pattern, int, int, str]]:
        """What the regexes match in `text` and `analyze` drops: the pattern, start and end, and the reason.

        Raises:
            ScanFailed: a regex took too long.
        """
        lowered = text.lower()
        for pattern in self.patterns:
            for start, end in self._spans(pattern, text, self.global_regex_flags):
                if self.keywords and not self._keyword_near(lowered, start, end):
                    yield pattern, start, end, f"none of its keywords is near ({', '.join(self.keywords)})"
                elif self._score(text[start:end], pattern.score) <= 0:
                    name = next(name for name, check in VALIDATORS.items() if check is self.validator)
                    yield pattern, start, end, f"its check says no ({name})"

    def _spans(self, pattern: Pattern, text: str, flags: int) -> list[tuple[int, int]]:
        if pattern.compiled_with_flags != flags or pattern.compiled_regex is None:
            _compile(pattern, flags)
        group = self.VALUE_GROUP if self.VALUE_GROUP in pattern.compiled_regex.groupindex else 0
        named = self.NAME_GROUP in pattern.compiled_regex.groupindex
        try:
            matches = pattern.compiled_regex.finditer(text, timeout=MATCH_SECONDS)
            spans = [match.span(group) for match in matches if not named or may_hold_secret(match[self.NAME_GROUP])]
        except TimeoutError:
            raise ScanFailed(Code.SCAN_REGEX_TIMEOUT, recognizer=f"{self.name} ({pattern.name})") from None
        return [(start, end) for start, end in spans if end > start >= 0]

    def _keyword_near(self, lowered: str, start: int, end: int) -> bool:
        around = lowered[max(0, start - KEYWORD_REACH_BEFORE) : end + KEYWORD_REACH_AFTER]
        return any(keyword in around for keyword in self.keywords)

    def _score(self, match_text: str, pattern_score: float) -> float:
        verdict = self.validator(match_text) if self.validator else None
        if verdict is None:
            return pattern_score
        return min(max(float(verdict), 0.0), 1.0)

    def _result(self, pattern: Pattern, start: int, end: int, score: float) -> RecognizerResult:
        return RecognizerResult(
            entity_type=self.supported_entities[0],
            start=start,
            end=end,
            score=score,
            analysis_explanation=AnalysisExplanation(
                recognizer=self.name,
                original_score=pattern.score,
                pattern_name=pattern.name,
                pattern=pattern.regex,
            ),
            recognition_metadata={
                RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
                RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
            },
        )


def _compile(pattern: Pattern, flags: int) -> None:
    """Compile a pattern where Presidio keeps the compiled form, so that it is done once."""
    pattern.compiled_regex = regex.compile(pattern.regex, flags=flags)
    pattern.compiled_with_flags = flags
