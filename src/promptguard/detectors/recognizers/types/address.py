"""Postal addresses: a street with its house number, and what follows it, as one finding."""

from __future__ import annotations

from typing import Any, ClassVar

import regex

from promptguard.detectors.recognizers.types.address_tail import MAX_TAIL_LENGTH, AddressTail
from promptguard.detectors.recognizers.types.street_forms import STREET_FORMS
from promptguard.detectors.reference.gazetteer import gazetteer
from promptguard.detectors.results import explained_result
from promptguard.presidio.analyzer import LocalRecognizer, RecognizerResult

VALUE_GROUP = "value"
"""The group of a form that is the street, where its regex matches more."""

_FLAT_BEFORE = regex.compile(
    r"(?:\b(?:flat|apartment|apt|unit|suite|ste|room|floor|studio|level|shop|building|bldg|block)\b\.?[ ]?#?[ ]?"
    r"[A-Za-z]?\d{0,5}[A-Za-z]?|\d{1,3}(?:st|nd|rd|th)[ ]floor|(?<![\w.,/-])\d{1,5}),?[ ]$",
    regex.IGNORECASE,
)
_FLAT_LENGTH = 24
"""Characters before a street in which its flat is looked for."""

_MAX_WORD_LENGTH = 12
"""Characters before a street in which a word is looked for that speaks against it."""


_WHY = "written as a street and house number"
"""What results say of themselves to whoever asks why."""


class AddressRecognizer(LocalRecognizer):  # type: ignore[misc]  # presidio's base is untyped
    """Finds streets as one group of languages writes them (`street_forms`), and reads on to the end of the address."""

    reach: ClassVar[int] = MAX_TAIL_LENGTH + 60
    """How many characters around the prefilter's match are looked at."""

    WHOLE = 0.85
    """A street that is hardly anything else, with more of an address after it."""
    STREET = 0.7
    """The street alone."""
    LIKELY = 0.6
    """What may be a street, with more of an address after it."""
    UNSURE = 0.2
    """What may be a street: only with a context word."""

    def __init__(
        self,
        name: str = "AddressRecognizer",
        language: str = "en",
        context: list[str] | None = None,
        supported_language: str = "en",
    ) -> None:
        """Find streets as they are written in `language` and its neighbours, an ISO 639-1 code of `STREET_FORMS`.

        Raises:
            ValueError: nothing is known of this language.
        """
        super().__init__(
            supported_entities=["LOCATION"], name=name, supported_language=supported_language, context=context
        )
        if language not in STREET_FORMS:
            raise ValueError(f"no language {language}: known are {', '.join(STREET_FORMS)}")
        form = STREET_FORMS[language]
        self.prefilter = form.prefilter
        self._sure = regex.compile(form.sure)
        self._unsure = regex.compile(form.unsure) if form.unsure else None
        self._not_after = regex.compile(form.not_after) if form.not_after else None
        self._tail: AddressTail | None = None

    def load(self) -> None:
        """Read the gazetteer."""
        self._tail = AddressTail(gazetteer())

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """Every street in `text` with what follows it."""
        if self._tail is None:
            self.load()
        results: list[RecognizerResult] = []
        for expression, alone, whole in (
            (self._sure, self.STREET, self.WHOLE),
            (self._unsure, self.UNSURE, self.LIKELY),
        ):
            if expression is None:
                continue
            group = VALUE_GROUP if VALUE_GROUP in expression.groupindex else 0
            for match in expression.finditer(text):
                start, end = match.span(group)
                if self._tail is None or any(start < other.end and other.start < end for other in results):
                    continue
                if self._not_after and self._not_after.search(text, max(0, start - _MAX_WORD_LENGTH), start):
                    continue
                end, more = self._tail.read(text, end)
                results.append(
                    explained_result(
                        self, "LOCATION", self._with_flat(text, start), end, whole if more else alone, _WHY
                    )
                )
        return results

    @staticmethod
    def _with_flat(text: str, start: int) -> int:
        flat = _FLAT_BEFORE.search(text, max(0, start - _FLAT_LENGTH), start)
        return int(flat.start()) if flat else start
