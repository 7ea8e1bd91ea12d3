"""Places of persons: names of a gazetteer after words that tie them to somebody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import regex

from promptguard.detectors.personal_sentences import speaks_of_person
from promptguard.detectors.recognizers.types.place_cues import CUES, PARTICLES
from promptguard.detectors.reference.gazetteer import Gazetteer, Place, PlaceKind, gazetteer
from promptguard.detectors.results import explained_result
from promptguard.presidio.analyzer import LocalRecognizer, RecognizerResult

_SPACE = r"(?:[ \t\u00a0]{1,3}(?:\r?\n[ \t>]{0,4})?|\r?\n[ \t>]{0,4})"
_LABEL_END = r"[\"'\])]{0,2}[ \t]{0,3}(?:[:=]|\|)[ \t]{0,3}[\"'(]?"

_FIRST_LETTER = regex.compile(
    r"[\s'’\"(:=|](?:\K\p{Lu}"
    r"|(?<=[adefimnostuà]\s)(?<=\b(?:in|from|to|of|aus|en|au|à|du|de|da|do|em|na|no|uit|i|fra)\s)\K\p{Ll})"
)
"""Where a name may start. The last letters of the words stand before the words: they are compared faster."""

_NAMED = regex.compile(rf"\p{{Lu}}\p{{Ll}}+[ ]{PARTICLES}\p{{Lu}}[\p{{L}}'’-]+[ ]\p{{Ll}}")
"""A cue that begins with a name: `Ana Example from Lyon`."""

_MAX_CUE_LENGTH = 64
"""Characters before a name that are looked at."""

_WIDER = regex.compile(r"[ ]?,[ ]?|[ ]?[(]|[ ]in[ ](?:the[ ])?|[ ]")
"""Between a place and the larger one in which it lies: `Lyon, France`."""

_CODE = regex.compile(r"[ ]?,[ ]?([A-Z]{2})\b(?:[ ]\d{5}(?:-\d{4})?\b)?")
"""A US state or Canadian province (USPS Publication 28, appendix B), and a ZIP code."""

_STATE_CODES = """
    AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR
    PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR AB BC MB NB NL NS NT NU ON PE QC SK YT NSW VIC QLD UK US
"""
_CODES = frozenset(_STATE_CODES.split())

_NEXT = regex.compile(
    r"[ ]?,[ ]|[ ]?,?[ ](?:and|or|to|via|und|oder|nach|et|ou|à|vers|y|o|a|e|poi|en|of|naar|og|eller|til)[ ]"
    r"(?:then[ ])?(?:(?:to|in|from|the|nach|la|le)[ ]){0,2}",
    regex.IGNORECASE,
)
"""Between places that are told one after the other: `from Lyon to Turin`."""

_MAX_IN_A_ROW = 4
_FURTHEST = 40
"""Characters after a cue in which the last of several places must start."""


_WHY = "a place after personal words"
"""What results say of themselves to whoever asks why."""


class PlaceRecognizer(LocalRecognizer):  # type: ignore[misc]  # presidio's base is untyped
    """Finds names of places after the words of one language that make them somebody's (`place_cues`).

    A name alone is no finding: countries and cities stand in every second prompt, and say nothing of anybody. Nor is it
    after words of being and going, in a sentence that speaks of no person.
    """

    reach: ClassVar[int] = 64
    """How many characters after the prefilter's match a place may start."""

    STRONG = 0.6
    WEAK = 0.5
    AMBIGUOUS = 0.45
    """A name that is more often something else, after words that leave no doubt."""

    def __init__(
        self,
        name: str = "PlaceRecognizer",
        language: str = "en",
        context: list[str] | None = None,
        supported_language: str = "en",
    ) -> None:
        """Find places after the words of `language`, an ISO 639-1 code.

        Raises:
            ValueError: there are no words in this language.
        """
        super().__init__(
            supported_entities=["LOCATION"], name=name, supported_language=supported_language, context=context
        )
        if language not in CUES:
            raise ValueError(f"no language {language}: known are {', '.join(CUES)}")
        cues = CUES[language]
        self._language = language
        self.prefilter = (
            rf"\b(?:(?i:{cues.prefilter})[\s'’]{{1,2}}(?:(?i:{cues.particles})[ '’])?\p{{Lu}}"
            rf"|(?i:{cues.lower_case_prefilter})\s\p{{Ll}}|(?i:{cues.labels})[\"'\])]{{0,2}}[ \t]{{0,3}}[:=|])"
        )
        cue = (
            rf"\b(?:(?:(?P<strong>{cues.strong})|(?:{cues.weak})|(?P<faint>{cues.faint}))(?:{_SPACE}|(?<=['’]))"
            rf"(?:(?:{cues.particles})(?:{_SPACE}|(?<=['’]))){{0,2}}"
            rf"|(?P<label>{cues.labels}){_LABEL_END})\Z"
        )
        self._cue = regex.compile(cue, regex.IGNORECASE)
        self._ends_cue = regex.compile(cue, regex.IGNORECASE | regex.REVERSE)
        """Says backwards, and so at once, whether there is a cue, but not which one begins first."""
        self._gazetteer: Gazetteer | None = None

    def load(self) -> None:
        """Read the gazetteer."""
        self._gazetteer = gazetteer()

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """Every place after a cue, with the larger place in which it lies, and those told after it."""
        results = []
        end = 0
        for first in _FIRST_LETTER.finditer(text):
            # Names are looked up first, and words before them only where there is one: most capitals are neither.
            if first.start() < end or self._place(text, first.start()) is None:
                continue
            furthest = max(0, first.start() - _MAX_CUE_LENGTH)
            if self._ends_cue.search(text, furthest, first.start()) is None:
                continue
            cue = self._cue.search(text, furthest, first.start())
            if cue is None:
                continue
            certain = cue["strong"] is not None or cue["label"] is not None
            if not certain and not self._is_somebodys(text, cue.start(), first.start()):
                continue
            for start, end, score in self._places(text, cue.end(), certain=certain, faint=cue["faint"] is not None):
                results.append(explained_result(self, "LOCATION", start, end, score, _WHY))
        return results

    def _is_somebodys(self, text: str, cue_start: int, cue_end: int) -> bool:
        """Whether being or going somewhere is told of a person: a trip that is to be planned is nobody's."""
        return _NAMED.match(text, cue_start) is not None or speaks_of_person(
            text, cue_start, cue_end, (self._language,)
        )

    def _places(self, text: str, position: int, *, certain: bool, faint: bool) -> Iterator[tuple[int, int, float]]:
        furthest = position + _FURTHEST
        for number in range(_MAX_IN_A_ROW):
            place = self._place(text, position)
            if place is None or (faint and (place.kind is PlaceKind.CITY or not text[position].isupper())):
                return
            end = self._with_larger_places(text, place)
            larger = end > place.end
            if place.ambiguous and not larger:
                if not certain or number or text[place.end : place.end + 1] in {"-", "/"}:
                    return
                yield place.start, end, self.AMBIGUOUS
            else:
                yield place.start, end, self.STRONG if certain or larger else self.WEAK
            following = _NEXT.match(text, end)
            if following is None or following.end() > furthest:
                return
            position = following.end()

    def _place(self, text: str, position: int) -> Place | None:
        """The place that starts at `position`, if it is written as one."""
        if self._gazetteer is None:
            self._gazetteer = gazetteer()
        if text[position : position + 1].isupper():
            return self._gazetteer.at(text, position)
        # In lower case only what is nothing but a country or a region.
        place = self._gazetteer.at(text, position, large=True)
        return None if place is None or place.ambiguous else place

    def _with_larger_places(self, text: str, place: Place) -> int:
        end, kind = place.end, place.kind
        while kind is not PlaceKind.COUNTRY:
            code = _CODE.match(text, end)
            if code and code[1] in _CODES:
                return int(code.end())
            gap = _WIDER.match(text, end)
            larger = self._place(text, gap.end()) if gap else None
            if gap is None or larger is None or larger.kind.rank <= kind.rank or not text[larger.start].isupper():
                break
            closed = gap.group().endswith("(") and text.startswith(")", larger.end)
            end, kind = larger.end + closed, larger.kind
        return end
