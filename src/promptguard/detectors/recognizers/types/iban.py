"""International bank account numbers, in one piece or in groups, whatever follows them."""

from __future__ import annotations

from typing import Any, ClassVar

import regex
from presidio_analyzer import LocalRecognizer, RecognizerResult

from promptguard.detectors.results import explained_result
from promptguard.detectors.validators.iban import iban, iban_countries, iban_length

_HEAD = regex.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[ ]?\d{2}(?=[ .-]?[A-Za-z0-9]{2})")
_CHARACTER = regex.compile(r"[ .-]?([A-Za-z0-9])")


_WHY = "country, length and check digits fit"
"""What results say of themselves to whoever asks why."""


class IbanRecognizer(LocalRecognizer):  # type: ignore[misc]  # presidio's base is untyped
    """Finds IBANs by country code, the length of that country's numbers, and the check digits (ISO 13616).

    Presidio's own recognizer matches as many characters as it can and tries shorter pieces when they do not fit. Here
    the length is known once the country is, so that a number is found in `DE89 3704 0044 0532 0130 00 on 3 May` too.
    """

    prefilter: ClassVar[str] = (
        rf"\b(?i:{iban_countries()})(?:\d{{2}}|[ ]\d{{2}}[ .-]\d{{2}})[ .-]?[A-Za-z0-9]{{2}}(?:[ .-]?[A-Za-z0-9]){{7}}"
    )
    """As many characters as the shortest numbers have (`NO`)."""
    reach: ClassVar[int] = 70
    """How many characters after the prefilter's match still belong to the number."""

    def __init__(
        self, name: str = "IbanRecognizer", context: list[str] | None = None, supported_language: str = "en"
    ) -> None:
        super().__init__(
            supported_entities=["IBAN_CODE"], name=name, supported_language=supported_language, context=context
        )

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """Every valid IBAN in `text`, with certainty."""
        results = []
        end = 0
        for head in _HEAD.finditer(text):
            length = iban_length(head.group()[:2])
            if length is None or head.start() < end:
                continue
            stop = self._end_of_number(text, head.end(), length - 4)
            if stop is not None and iban(text[head.start() : stop]):
                end = stop
                results.append(explained_result(self, "IBAN_CODE", head.start(), stop, 1.0, _WHY))
        return results

    @staticmethod
    def _end_of_number(text: str, position: int, characters: int) -> int | None:
        for _ in range(characters):
            match = _CHARACTER.match(text, position)
            if match is None:
                return None
            position = match.end()
        following = text[position : position + 1]
        return None if following.isalnum() or following == "_" else position
