"""Phone numbers by libphonenumber's numbering plans, on candidates that are shaped like one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import phonenumbers
import regex
from presidio_analyzer import AnalysisExplanation, LocalRecognizer, RecognizerResult

DEFAULT_REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "DK", "IN")
"""ISO 3166 codes of the numbering plans in which a number without country code is looked up, in this order."""

_LABELS = "fax|office|mobile|home|work|cell|desk|phone|tel"

_LABEL_AFTER = regex.compile(rf"(?:[ ]?[-(]|[ ])[ ]?(?:{_LABELS})\b", regex.IGNORECASE)
"""`555 1234 (office)`: Presidio's context looks at words before a match only."""

_LABELLED = 0.35
"""What such a label adds, as a context word does."""

_SEPARATOR = r"[ .\-/\u2010-\u2015\u00a0\u202f]"

_CANDIDATE = regex.compile(
    rf"""
    (?<![\w.,:;/=\#$€£%&@+*-])                     # no decimals, versions, ids, query parameters, paths
    (?: (?:\+|\b00) \d{{1,3}} {_SEPARATOR}? )?     # country code
    (?: \(\d{{1,5}}\) {_SEPARATOR}{{0,2}} )?       # area code, or a trunk zero, in brackets
    \d{{1,14}}
    (?: {_SEPARATOR}{{1,2}} \(?\d{{1,12}}\)? | \(\d{{1,5}}\) ){{0,7}}
    (?: \s?(?:x|ext\.?|extension|\#|Durchwahl|poste|int\.)\s?\d{{1,6}} )?
    (?![\w%€$°+*=] | [.,:/-]\d | -(?!(?:{_LABELS})\b)[A-Za-z])
    """,
    regex.VERBOSE | regex.IGNORECASE,
)

_DIGITS = regex.compile(r"\d+")

_THOUSANDS = regex.compile(r"[1-9]\d{0,2}(?:[ ]\d{3}){2,3}")
"""A large number, or a phone number of three or four groups."""

_EXTENSION = regex.compile(r"\s?(?:x|ext\.?|extension|#|durchwahl|poste|int\.)\s?\d{1,6}$", regex.IGNORECASE)

_NORTH_AMERICAN = regex.compile(r"(?:(?:\+?1|001)[ .-]?)?(?:\(\d{3}\) ?|\d{3}([ .-]))\d{3}(?(1)\1|[ .-])\d{4}")
"""The printed form of a US or Canadian number; believed even where the numbering plan has no such area code."""

_OTHER_NUMBER = regex.compile(
    r"""
      (?:19|20)\d\d[ ./-]\d{1,2}[ ./-]\d{1,2} (?:[ ]\d.*)?  # 2024-01-31
    | \d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2}) (?:[ ]\d.*)?  # 31.01.2024
    | (?:19|20)\d\d [ ]?[-/\u2013][ ]? (?:19|20)\d\d        # 2019-2024
    | [1-9]\d{0,2}(?:\.\d{1,5}){2,4}                       # addresses, versions
    | [1-9]\d{0,2}(?:[ .]000)+ | \d{1,3}(?:\.\d{3})+         # 12 000 000
    | \d{1,2}\.\d{4,}                                       # decimals
    | (?:\d{4}[ -]){3}\d{4} (?:[ -]\d{1,3})?                # cards
    | \d{4}[ -]\d{6}[ -]\d{5}
    | \d{3}-\d{2}-\d{4}                                     # US social security numbers
    """,
    regex.VERBOSE,
)


class PhoneRecognizer(LocalRecognizer):  # type: ignore[misc]  # presidio's base is untyped
    """Finds phone numbers that a numbering plan knows.

    Presidio's own recognizer runs libphonenumber's matcher once a region over the whole text. This one looks for the
    shape first, leaves out what is shaped like something else (dates, decimals, addresses, cards, ids), and asks
    libphonenumber only about what is left.
    """

    gate: ClassVar[str] = r"(?:^|[^\w.,])[+(]?(?:\d[ .\-/()\u00a0\u202f\u2010-\u2015]{0,3}){7}"
    reach: ClassVar[int] = 160
    """How many characters around the gate's match are looked at: brackets, extension, and words before."""

    INTERNATIONAL = 0.8
    """With a country code, and valid in that country."""
    POSSIBLE = 0.5
    """With a country code and as many digits as numbers there have."""
    NATIONAL = 0.55
    """Grouped, and valid in one of the regions; or of the printed North American form."""
    BARE = 0.15
    """Digits only, or two groups of them: an order number or an address may pass as well, so that only a context word
    lifts it over the threshold."""
    UNKNOWN = 0.1
    """Grouped like a phone number of a country that is not among the regions: only with a context word, too."""

    def __init__(
        self,
        name: str = "PhoneRecognizer",
        context: list[str] | None = None,
        supported_regions: Sequence[str] = DEFAULT_REGIONS,
        supported_language: str = "en",
    ) -> None:
        super().__init__(
            supported_entities=["PHONE_NUMBER"], name=name, supported_language=supported_language, context=context
        )
        unknown = sorted(set(supported_regions) - phonenumbers.SUPPORTED_REGIONS)
        if unknown:
            raise ValueError(f"libphonenumber has no region {', '.join(unknown)}")
        self.supported_regions = tuple(supported_regions)
        self._words = regex.compile("|".join(map(regex.escape, context)), regex.IGNORECASE) if context else None

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """Every candidate in `text` that is a phone number, scored by how it is written."""
        results = []
        for match in _CANDIDATE.finditer(text):
            candidate = match.group()
            digits = sum(character.isdigit() for character in _EXTENSION.sub("", candidate))
            if not 7 <= digits <= 16:
                continue
            labelled = _LABEL_AFTER.match(text, match.end()) is not None
            score = self._score(candidate, hinted=labelled or self._word_before(text, match.start()))
            if score:
                score += _LABELLED if labelled and score < self.NATIONAL else 0.0
                end = match.end() - (len(candidate) - len(candidate.rstrip()))
                results.append(self._result(match.start(), end, score))
        return results

    def _word_before(self, text: str, position: int) -> bool:
        """Whether a context word may stand near enough before a candidate; saves looking numbers up in vain."""
        return self._words is not None and self._words.search(text, max(0, position - self.reach), position) is not None

    def _score(self, candidate: str, *, hinted: bool) -> float:
        number = _EXTENSION.sub("", candidate).strip()
        if number.count("(") != number.count(")"):
            return 0.0
        if number.startswith("+") or (number.startswith("00") and len(number) > 10):
            return self._international_score(number)
        if _NORTH_AMERICAN.fullmatch(number):
            return self.NATIONAL
        if _OTHER_NUMBER.fullmatch(number):
            return 0.0
        groups = [len(group) for group in _DIGITS.findall(number)]
        if _THOUSANDS.fullmatch(number):
            return self.UNKNOWN if sum(groups) >= 8 else 0.0
        trunk = number.startswith(("0", "("))
        grouped = len(groups) > 1 if trunk else 2 < len(groups) < 6 and max(groups) > 2 and min(groups) > 1
        if not grouped and not hinted:
            return 0.0
        if any(_is_valid(number, region) for region in self.supported_regions):
            return self.NATIONAL if grouped else self.BARE
        believable = 8 <= sum(groups) <= 12 and (trunk or 2 < len(groups) < 6)
        return self.UNKNOWN if believable else 0.0

    def _international_score(self, number: str) -> float:
        if _NORTH_AMERICAN.fullmatch(number):
            return self.INTERNATIONAL
        # Between country and area code, (0) stands for the trunk zero that is not dialled.
        number = number.replace("(0)", "")
        parsed = _parse(number if number.startswith("+") else "+" + number[2:].lstrip(), None)
        if parsed is None:
            return 0.0
        if phonenumbers.is_valid_number(parsed):
            return self.INTERNATIONAL
        return self.POSSIBLE if phonenumbers.is_possible_number(parsed) and len(number) > 9 else 0.0

    def _result(self, start: int, end: int, score: float) -> RecognizerResult:
        return RecognizerResult(
            entity_type="PHONE_NUMBER",
            start=start,
            end=end,
            score=score,
            analysis_explanation=AnalysisExplanation(
                recognizer=self.name, original_score=score, textual_explanation="a numbering plan has this number"
            ),
            recognition_metadata={
                RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
                RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
            },
        )


def _parse(number: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None


def _is_valid(number: str, region: str) -> bool:
    parsed = _parse(number, region)
    return parsed is not None and phonenumbers.is_valid_number(parsed)
