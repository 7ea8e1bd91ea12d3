"""International bank account numbers, in one piece or in groups, whatever follows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

import regex

from promptguard.detectors.results import explained_result
from promptguard.detectors.validators.iban import iban, iban_length
from promptguard.presidio.analyzer import LocalRecognizer, RecognizerResult

_HEAD = re.compile(r"[A-Za-z]{2}[ ]?\d{2}(?=[^A-Za-z0-9\n]{0,3}[A-Za-z0-9]{2})")
_GLUED = r"[A-Za-z\d\u017f\u212a\u0131\u0130]"
_BEGINS = regex.compile(rf"(?<!{_GLUED}..)|(?<=(?<!{_GLUED})(?i:iban)..)|(?<=[a-z][A-Z]{{2}})")
"""Where a number may begin, seen from behind its country: no letter or digit goes before it, but for a word glued to
it: `IBANDE89…`, `KontoDE89…`."""
_CHARACTER = regex.compile(r"[ .-]?([A-Za-z0-9])")
_SIGN = regex.compile(r"_|[^\w\n]{1,3}(?=[A-Za-z0-9])")
"""What may stand between groups of four, if it is the same between all."""
_GROUP = regex.compile(r"[A-Za-z0-9]+")
_BIC = regex.compile(r"[A-Z]{4}(?P<country>[A-Z]{2})[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![A-Za-z0-9])")
"""ISO 9362: of the bank, which has the country of its account numbers."""
_WORD = regex.compile(r"(?:BIC|SWIFT)|[A-Za-z]{3,}(?![A-Za-z0-9])")


_WHY = "country, length and check digits fit"
"""What results say of themselves to whoever asks why."""


class IbanRecognizer(LocalRecognizer):  # type: ignore[misc]  # presidio's base is untyped
    """Finds IBANs by country code, the length of that country's numbers, and the check digits (ISO 13616).

    Presidio's own recognizer matches as many characters as it can and tries shorter pieces when they do not fit. Here
    the length is known once the country is, so that a number is found in `DE89 3704 0044 0532 0130 00 on 3 May` too.
    """

    prefilter: ClassVar[str] = (
        r"(?:(?:\b|_)(?:[Ii][Bb][Aa][Nn])?[A-Za-z]{2}|[a-z][A-Z]{2})"
        r"(?:(?:\d{2}|[ ]\d{2}[ .-]\d{2})[ .-]?[A-Za-z0-9]{2}(?:[ .-]?[A-Za-z0-9]){7}"
        r"|\d{2}(?:[^A-Za-z0-9\n]{1,3}[A-Za-z0-9]{4}){2}[^A-Za-z0-9\n]{1,3}[A-Za-z0-9]{3})"
    )
    """As many characters as the shortest numbers have (`NO`), or the first groups of one. Of any country: to look for
    words of two letters takes Hyperscan half as long as all other patterns together."""
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
            if length is None or head.start() < end or not _BEGINS.match(text, head.start() + 2):
                continue
            stop = next((stop for stop in _ends(text, head, length) if iban(text[head.start() : stop])), None)
            if stop is not None and _stands_alone(text, head.start(), stop):
                end = stop
                results.append(explained_result(self, "IBAN_CODE", head.start(), stop, 1.0, _WHY))
        return results


def _ends(text: str, head: re.Match[str], length: int) -> Iterator[int]:
    """Where a number of this length ends that begins with `head`, read in the ways in which it may be written."""
    for stop in (_end_of_characters(text, head.end(), length - 4), _end_of_groups(text, head.end(), length - 4)):
        if stop is not None:
            yield stop


def _end_of_characters(text: str, position: int, characters: int) -> int | None:
    for _ in range(characters):
        match = _CHARACTER.match(text, position)
        if match is None:
            return None
        position = match.end()
    return position


def _end_of_groups(text: str, position: int, characters: int) -> int | None:
    sign = _SIGN.match(text, position)
    while sign is not None and characters > 0:
        group = _GROUP.match(text, position + len(sign.group()))
        if not text.startswith(sign.group(), position) or group is None:
            return None
        size = min(4, characters)
        if len(group.group()) < size or (len(group.group()) > size and characters > 4):
            return None
        position, characters = group.start() + size, characters - size
    return position if sign else None


def _stands_alone(text: str, start: int, stop: int) -> bool:
    """Whether what touches a number is no more of it: a word glued to it may be told from it, digits may not."""
    number = text[start:stop]
    if text[start - 1 : start].islower() and number.upper() != number:
        return False
    if not text[stop : stop + 1].isalnum():
        return True
    bank = _BIC.match(text, stop)
    if bank is not None and bank["country"] == number[:2]:
        return True
    return not any(map(str.isalpha, number[2:])) and _WORD.match(text, stop) is not None
