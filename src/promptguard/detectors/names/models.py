"""The models of one worker as one: text in, spans out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Protocol

from promptguard.detectors.names.calibration import Calibrations, calibrated, calibrations_of
from promptguard.detectors.names.enumerations import without_listed_things
from promptguard.detectors.names.judged_words import Word, WordJudge
from promptguard.detectors.names.lexicon import lexicon
from promptguard.detectors.names.mentions import mentions
from promptguard.detectors.names.model_kinds import ModelKind, without_extra
from promptguard.detectors.names.model_thresholds import THRESHOLDS, ModelThresholds
from promptguard.detectors.names.network.judge import NamesNetwork
from promptguard.detectors.names.signs import without_signs
from promptguard.detectors.names.span_assembly import assemble
from promptguard.detectors.names.spans import LOCATION, PERSON, ModelUnusable, Span, merge

SUPPORT: Final = {PERSON: 0.1, LOCATION: 0.02}
"""How probable the first model must hold a name that only the other model finds. Of such names in labelled prompts,
en_core_web_md is right about three in four above these values, and about one in five below."""

_WORD = re.compile(r"[^\W_]+")
_NO_WORD = re.compile(r"[\d_]")


@dataclass(frozen=True, slots=True)
class Rules:
    """How judged words become names: what differs between models."""

    thresholds: ModelThresholds
    calibrations: Calibrations

    @classmethod
    def of(cls, model: ModelKind, calibrations: Calibrations | None = None) -> Rules:
        """Those of a model; `calibrations` are taken in place of its own."""
        return cls(THRESHOLDS[model], calibrations_of(model) if calibrations is None else calibrations)


class FindsNames(Protocol):
    """What finds names in pieces of text."""

    @property
    def at_once(self) -> int:
        """Characters that are best looked at together; where it is 0, each text is by itself."""
        ...

    def find(self, text: str) -> list[Span]:
        """The names and addresses in `text`, which must not hold surrogates. Spans do not overlap."""
        ...

    def find_all(self, texts: Sequence[str]) -> list[list[Span]]:
        """What stands in each text."""
        ...

    def report(self) -> list[float]:
        """What a worker tells of its model beside its answers: of one on a server a `ServerReport`, else nothing."""
        ...


class NamesModel:
    """A model that judges words, and a spaCy package beside it where one is named."""

    at_once = 0

    def __init__(
        self,
        spacy_model: str | None = None,
        cache: Path | None = None,
        model: ModelKind = ModelKind.COMPACT,
        calibrations: Calibrations | None = None,
    ) -> None:
        """Load the models; `cache` is a folder for Rampart's weights in the form that runs fastest.

        `calibrations` are taken in place of the model's own.

        Raises:
            ModelUnusable: one of them cannot be loaded.
        """
        self._judge = _judge(model, cache)
        self._rules = Rules.of(model, calibrations)
        self._spacy = None
        if spacy_model:
            if not (Path(spacy_model).is_dir() or find_spec(spacy_model)):
                raise ModelUnusable(f"The spaCy package {spacy_model!r} is not installed, and no folder has that name.")
            # Importing spaCy takes two seconds and 80 MB: only for those who use it.
            from promptguard.detectors.names.spacy_model import SpacyNames

            self._spacy = SpacyNames(spacy_model)

    def find(self, text: str) -> list[Span]:
        """The names and addresses in `text`, which must not hold surrogates. Spans do not overlap."""
        beside = self._spacy.find if self._spacy is not None else None
        return names_in(text, self._judge.words, self._rules, beside)

    def find_all(self, texts: Sequence[str]) -> list[list[Span]]:
        """What stands in each text."""
        return [self.find(text) for text in texts]

    def report(self) -> list[float]:
        """See `FindsNames.report`."""
        return []


def names_in(
    text: str,
    words_of: Callable[[str], list[Word]],
    rules: Rules,
    beside: Callable[[str], list[Span]] | None = None,
) -> list[Span]:
    """The names and addresses in a text.

    Args:
        text: without surrogates.
        words_of: judges the words of `text`, and of what `without_signs` makes of it.
        rules: of what judged them.
        beside: a second model's names, of which those count that the first one does not rule out.
    """
    if is_plain(text):
        return []
    words = words_of(text)
    spans = calibrated(assemble(text, words, rules.thresholds), rules.calibrations)
    if beside is not None:
        spans += supported(beside(text), words)
    spans = without_listed_things(text, merge([*spans, *_beside_signs(text, words_of, rules)]))
    return merge(spans + mentions(text, spans))


def _beside_signs(text: str, words_of: Callable[[str], list[Word]], rules: Rules) -> list[Span]:
    """Persons whose names touch signs, read without those."""
    plain, names = without_signs(text)
    if not names:
        return []
    spans = calibrated(assemble(plain, words_of(plain), rules.thresholds), rules.calibrations)
    return [
        span
        for span in spans
        if span.entity_type == PERSON and any(start <= span.start and span.end <= end for start, end in names)
    ]


def _judge(model: ModelKind, cache: Path | None) -> WordJudge:
    if model is ModelKind.COMPACT:
        return NamesNetwork()
    # Importing the runtime takes half a second and 40 MB: only for those who use it.
    try:
        from promptguard.detectors.names.rampart import Rampart
    except ModuleNotFoundError as error:
        raise ModelUnusable(without_extra(f"The package {error.name}")) from None
    return Rampart(cache=cache)


def is_plain(text: str) -> bool:
    """Whether `text` consists of common words alone, none of which people bear as a name: about a quarter of what is
    written in English, for which a glance at each word does."""
    if _NO_WORD.search(text):
        return False
    lists = lexicon()
    return all(len(word) < 2 or lists.is_plain(word) for word in _WORD.findall(text))


def supported(spans: Sequence[Span], words: Sequence[Word]) -> list[Span]:
    """The spans of one model that the first one, which judged `words` of the same text, does not rule out."""
    return [
        span
        for span in spans
        if any(
            (word.person if span.entity_type == PERSON else word.location) >= SUPPORT[span.entity_type]
            for word in words
            if word.start < span.end and word.end > span.start
        )
    ]
