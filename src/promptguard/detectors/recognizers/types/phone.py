"""Phone numbers by libphonenumber's numbering plans, on candidates that are shaped like one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import phonenumbers
import regex

from promptguard.detectors.reference.numbering_plans import NumberingPlans
from promptguard.detectors.results import explained_result
from promptguard.presidio.analyzer import LocalRecognizer, RecognizerResult

DEFAULT_REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "DK", "IN")
"""ISO 3166 codes of the numbering plans in which a number without country code is looked up, in this order."""

_LABELS = "fax|office|mobile|home|work|cell|desk|phone|tel"

_LABEL_AFTER = regex.compile(rf"(?:[ ]?[-(]|[ ])[ ]?(?:{_LABELS})\b", regex.IGNORECASE)
"""`555 1234 (office)`: Presidio's context looks at words before a match only."""

_OWN_NUMBER = regex.compile(
    r"""(?:
      (?:my|his|her|your|our|their|new|direct)(?:[ ]\w{3,9})?[ ](?:number|no\.?|line)(?:['’]s|[ ]is|[ ]was)?
    | (?:meine|seine|ihre|deine|eure|unsere|neue)[ ]\w{0,12}nummer(?:[ ](?:ist|lautet))?
    | (?:erreichbar|erreichst|erreichen)[ ]\w{0,5}[ ]?unter
    | (?:mon|son|ton|notre|votre|leur)[ ]num[ée]ro(?:[ ](?:est|c['’]est))?(?:[ ]le)?
    | (?:r?appel(?:le|er|ez)|joignable|joindre)\S{0,5}[ ]au
    | (?:mi|su|tu|nuestro)[ ]n[úu]mero(?:[ ]es)?(?:[ ]el)? | ll[áa]m[ae]\w{0,3}[ ]al
    | (?:il[ ])?(?:mio|suo|tuo|nostro)[ ]numero(?:[ ]è)? | chiama\w{0,4}[ ]al
    | (?:mijn|zijn|haar|je|ons)[ ]\w{0,9}nummer(?:[ ]is)? | \w{0,6}bel(?:len)?(?:[ ]\w{2,4})?[ ]op
    | (?:mit|hans|hendes|dit|vores)[ ]\w{0,9}nummer(?:[ ]er)?
    | \b(?:tlf|tel|telefon|telefonnummer|mobil|mobile|phone|fax|tél|téléphone|portable)\.?(?:[ ](?:er|est))?
    | (?:reach|ring|call|phone|text|message|whatsapp|dial|contact)[ ](?:me|us|him|her|them)(?:[ ](?:at|on|under))?
    )[ ]?:?[ ]?$""",
    regex.VERBOSE | regex.IGNORECASE,
)
"""`my number's 0171 …`: says of the number what a label says, in words that are too common to be context words."""

_OWN_NUMBER_LENGTH = 40
"""Characters before a number in which they are looked for."""

_RECORD = regex.compile(
    r"""(?:
      \b(?:contact|deal|company|lead|customer|client|user|thread|record|object)[ ]\#?
    | (?:\b|_)ids?[\"']?[ ]?[:=]?[ ]?\#?[\"']?
    )$""",
    regex.VERBOSE | regex.IGNORECASE,
)
"""`hubspot contact 847388526`: which of many records it is. Only before digits without anything between them."""
_NUMBERED = regex.compile(
    r"""\b
    (?:part|item|article|sku|model|serial|invoice|order|ticket|case|tracking|shipment|lot|batch|asset|rma|ref(?:erence)?
        |quote|po|request|booking|issue|job|transaction)[ _-]?(?:no\.?|nr\.?|number|num|id|\#)?
    [ ]?[:=]?[ ]?\#?[ ]?$""",
    regex.VERBOSE | regex.IGNORECASE,
)
"""`part no. 123-456-789`: things that are numbered, and nobody's phone."""
_RECORD_LENGTH = 24

_LABELLED = 0.35
"""What such a label adds, as a context word does."""

_SEPARATOR = r"[ .\-/\u2010-\u2015\u00a0\u202f]"

_BEGINS = r"""
    (?<![\w/\#$€£%&@]) (?<!\d[,:;])                         # no decimals, ids, paths
    (?<!(?<!(?:\A|\n)[ \t>|]{0,8})[+*-])                   # signs of a list or of a patch begin a line
    (?<!(?<!\b(?-i:[A-Z])[a-z]{1,4}|\b(?:tel|ph|fon|mob|nr|no))\.)   # abbreviations, no versions
    (?<!\be?-?ISSN[ :]{0,2})
    (?!\+\d{7,10}&\d{8,}(?![\w=])) (?<!\](?=\+\d{7,10}(?!\d)))   # sums: `x[2]+606105819&4294967295`
    (?<!\b(?:viewBox|viewport|points|coords|bbox|rect|margin|padding|dasharray)=\\?["']?[\d\s.,-]{0,40})
"""
"""What may stand before a number: what goes on in it, or makes it something else, may not."""

_PARAMETERS = r"(?<![a-z])(?:phone|tel|mobile|cell|fax|msisdn|caller|callee)(?:_?(?:number|nr))?"

_CANDIDATE = regex.compile(
    rf"""
    {_BEGINS}
    (?: (?<!=) | (?=\+\d{{7}}) | (?<={_PARAMETERS}=) )   # no query parameters, but for these
    (?: (?:\(\+\d{{1,3}}\) | (?:\+|\b00)\d{{1,3}}) {_SEPARATOR}? )?   # country code
    (?: \(\d{{1,5}}\) {_SEPARATOR}{{0,2}} )?       # area code, or a trunk zero, in brackets
    \d{{1,14}}
    (?: (?!\.[ ]) {_SEPARATOR}{{1,2}} \(?\d{{1,12}}\)? | \(\d{{1,5}}\) ){{0,7}}
    (?: \s?(?:x|ext\.?|extension|\#|Durchwahl|poste|int\.)\s?\d{{1,6}} )?
    (?![\w%€$°+*=] | [.,:/-]\d | :[A-Za-z_-] | -(?!(?:{_LABELS})\b)[A-Za-z]
        | (?<!\bsips?:\+?\d{{7,15}}) \.?[\w.+-]{{0,64}}@)
    """,
    regex.VERBOSE | regex.IGNORECASE,
)

_SPACED = regex.compile(
    rf"""
    {_BEGINS} (?<![=/]) (?<!\d[ ])
    (?: (?:\(?\+\d{{1,3}}\)?|\b00\d{{1,3}}) [ ]? (?:\(0\)[ ]?)? )?
    (?: \d{{2,5}} | \(\d{{2,5}}\) | (?<=\+\d{{1,3}}[ ]?(?:\(0\)[ ]?)?)\d ) (?:[ ]\d{{2,4}})? [ ]*[/\u2010-\u2015-][ ]+
    (?: \d{{3}}[ ]-[ ]\d{{4}} | [1-9]\d{{1,8}} (?:[ -]\d{{1,6}}){{0,3}} )
    (?![\w%€$°+*=] | [.,:/-]\d | [ ][/\u2010-\u2015*+-][ ]\d)
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
"""`0171 / 7161575`, `415 - 863 - 6374`: a sign with spaces around it, once, or twice as in North America."""
_SPACED_SIGN = regex.compile(r"[ ]*[/\u2010-\u2015-][ ]+")

_BETWEEN = r"[ .\-/()\u00a0\u202f\u2010-\u2015]"
_MORE = rf"(?:{_BETWEEN}{{0,3}}\d)"
_PREFILTER = (
    # After `=` only a value of `phone`, `tel`, `mobile` and the like, of which one letter is enough here.
    r"(?:(?:(?:^|[^\w./#$%&@*+=-])[+*-]?|[eElLxXrRnN]=|[A-Za-z]\.)"
    rf"(?:(?:\+\d|[03-9]){_MORE}{{6,15}}"
    rf"|(?:1(?:[0-8]|{_BETWEEN}{{1,3}}\d)|2(?:[1-9]|{_BETWEEN}{{1,3}}\d)){_MORE}{{5,14}}"
    # What begins with a year, but is no date: those stand in every line of a log.
    rf"|(?:19|20)(?:\d?{_BETWEEN}{{1,3}}\d{_MORE}{{2}}|\d\d(?:\d{_MORE}{{2}}|{_BETWEEN}{{1,3}}\d{{3}}"
    rf"|(?:{_BETWEEN}{{2,3}}|[.()\u00a0\u202f\u2010-\u2015])\d"
    rf"|[ /-]\d\d?(?:(?:{_BETWEEN}{{2,3}}|[.()\u00a0\u202f\u2010-\u2015])\d"
    rf"|[ /-](?:\d{{3}}|\d\d?{_BETWEEN}{{1,3}}\d)))){_MORE}{{0,12}}"
    rf")|=\+\d{_MORE}{{6,15}})(?:$|[^\w%+*=.,:/-]|[.,:/-](?:$|\D)|[xXeEdDpPiI])"
)
"""What every candidate of seven digits or more contains, with what may stand before and after it."""

_DIGITS = regex.compile(r"\d+")

_THOUSANDS = regex.compile(r"[1-9]\d{0,2}(?:[ ]\d{3}){2,3}")
"""A large number, or a phone number of three or four groups."""

_EXTENSION = regex.compile(r"\s?(?:x|ext\.?|extension|#|durchwahl|poste|int\.)\s?\d{1,6}$", regex.IGNORECASE)

_NORTH_AMERICAN = regex.compile(r"(?:(?:\+?1|001)[ .-]?)?(?:\(\d{3}\) ?|\d{3}([ .-]))\d{3}(?(1)\1|[ .-])\d{4}")
"""The printed form of a US or Canadian number; believed even where the numbering plan has no such area code."""

_BRAZILIAN = regex.compile(r"\(\d{2}\)[ ]?9?\d{4}-\d{4}")

_LOCAL = regex.compile(r"[2-9]\d{2}[.-]\d{4}|\d{2,4}[.-]\d{2}[.-]\d{2}|[2-9]\d{3}[.-]\d{4}")
"""A number without area code: only with words that say what it is."""

_DOTTED_PAIRS = regex.compile(r"\d\d(?:\.\d\d){3,4}")
"""Danish, Norwegian and French numbers; also IP addresses, but not right after a word that says what they are."""

_OTHER_NUMBER = regex.compile(
    r"""
      (?:\d{1,6}[ ])? (?:19|20)\d\d[ ./-]\d{1,2}[ ./-]\d{1,2} (?:[ ]\d.*)?  # 2024-01-31
    | \d{5}-\d{4}                                           # ZIP codes
    | \d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2}) (?:[ ]\d.*)?  # 31.01.2024
    | (?:19|20)\d\d [ ]?[-/\u2013][ ]? (?:19|20)\d\d        # 2019-2024
    | [1-9]\d{0,2}(?:\.\d{1,5}){2,4}                       # addresses, versions
    | [1-9]\d{0,2}(?:[ .]000)+ | \d{1,3}(?:\.\d{3})+         # 12 000 000
    | \d{1,2}\.\d{4,}                                       # decimals
    | (?:\d{4}[ -]){3}\d{4} (?:[ -]\d{1,3})?                # cards
    | \d{4}[ -]\d{6}[ -]\d{5}
    | \d{3}[- ]\d{2}[- ]\d{4}                               # US social security numbers
    | (?!0)(?:\d+/){2,}\d+                                  # 2026/11/0417, 502/503/504
    """,
    regex.VERBOSE,
)

_ARTICLE = regex.compile(r"[1-9]\d-\d{3}-\d{3,4}")
"""A number of a catalogue, or a phone number without what is dialled before it."""


def _is_serial(number: str) -> bool:
    """Whether it is a number of a periodical, by its form and check digit (ISO 3297)."""
    if regex.fullmatch(r"\d{4}-\d{4}", number) is None:
        return False
    return (
        sum(weight * int(digit) for weight, digit in zip(range(8, 0, -1), number.replace("-", ""), strict=True)) % 11
        == 0
    )


_WHY = "a numbering plan has this number"
"""What results say of themselves to whoever asks why."""


class PhoneRecognizer(LocalRecognizer):  # type: ignore[misc]  # presidio's base is untyped
    """Finds phone numbers that a numbering plan knows.

    Presidio's own recognizer runs libphonenumber's matcher once a region over the whole text. This one looks for the
    shape first, leaves out what is shaped like something else (dates, decimals, addresses, cards, ids), and asks
    libphonenumber only about what is left.
    """

    prefilter: ClassVar[str] = _PREFILTER
    reach: ClassVar[int] = 160
    """How many characters around the prefilter's match are looked at: brackets, extension, and words before."""

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
        self.supported_regions = tuple(supported_regions)
        self._plans = NumberingPlans(self.supported_regions)
        self._words = regex.compile("|".join(map(regex.escape, context)), regex.IGNORECASE) if context else None

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """Every candidate in `text` that is a phone number, scored by how it is written."""
        results = [*self._spaced(text)]
        taken = [(result.start, result.end) for result in results]
        for match in _CANDIDATE.finditer(text):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            candidate = match.group()
            end = match.end()
            if candidate.endswith(")") and candidate.count(")") > candidate.count("("):
                # The whole number stands in brackets.
                candidate = candidate[:-1]
                end -= 1
            digits = sum(character.isdigit() for character in _EXTENSION.sub("", candidate))
            if not 7 <= digits <= 16:
                continue
            labelled = (
                _LABEL_AFTER.match(text, end) is not None
                or _EXTENSION.search(candidate) is not None
                or self._own_number(text, match.start())
            )
            if not labelled and self._is_record(text, match.start(), candidate):
                continue
            hinted = labelled or self._word_before(text, match.start())
            score = self._score(candidate, hinted=hinted, labelled=labelled)
            if score:
                score += _LABELLED if labelled and score < self.NATIONAL else 0.0
                end -= len(candidate) - len(candidate.rstrip())
                results.append(explained_result(self, "PHONE_NUMBER", match.start(), end, score, _WHY))
        return results

    def _spaced(self, text: str) -> Iterator[RecognizerResult]:
        """Numbers with spaces around their signs: such are sums and ranges too, so a word or a country says so."""
        for match in _SPACED.finditer(text):
            number = _SPACED_SIGN.sub("-", match.group())
            hinted = self._own_number(text, match.start()) or self._word_before(text, match.start())
            if number.startswith(("+", "(+", "00")):
                score = self._international_score(number)
            elif hinted and (number.startswith(("0", "(")) or _NORTH_AMERICAN.fullmatch(number)):
                score = self._score(number, hinted=True, labelled=False) and self.BARE
                score += _LABELLED if self._own_number(text, match.start()) else 0.0
            else:
                continue
            if score:
                yield explained_result(self, "PHONE_NUMBER", match.start(), match.end(), score, _WHY)

    @staticmethod
    def _own_number(text: str, position: int) -> bool:
        """Whether the words before a candidate say that it is somebody's number."""
        return _OWN_NUMBER.search(text, max(0, position - _OWN_NUMBER_LENGTH), position) is not None

    @staticmethod
    def _is_record(text: str, position: int, candidate: str) -> bool:
        """Whether the word right before a number without a sign of its own for a phone says what it counts."""
        if candidate.startswith(("+", "0", "(")):
            return False
        start = max(0, position - _RECORD_LENGTH)
        if candidate.isdigit() and _RECORD.search(text, start, position):
            return True
        return _NUMBERED.search(text, start, position) is not None

    def _word_before(self, text: str, position: int) -> bool:
        """Whether a context word may stand near enough before a candidate; saves looking numbers up in vain."""
        return self._words is not None and self._words.search(text, max(0, position - self.reach), position) is not None

    def _score(self, candidate: str, *, hinted: bool, labelled: bool) -> float:
        number = _EXTENSION.sub("", candidate).strip()
        if number.count("(") != number.count(")"):
            return 0.0
        if number.startswith(("+", "(+")) or (number.startswith("00") and len(number) > 10):
            return self._international_score(number)
        if _NORTH_AMERICAN.fullmatch(number) or _BRAZILIAN.fullmatch(number):
            return self.NATIONAL
        digits = "".join(_DIGITS.findall(number))
        if len(set(digits)) == 1 or (not hinted and _is_serial(number)):
            return 0.0
        if labelled and _DOTTED_PAIRS.fullmatch(number):
            return self.INTERNATIONAL
        if _OTHER_NUMBER.fullmatch(number):
            return self.BARE if hinted and self._is_dotted(number, digits) else 0.0
        if _LOCAL.fullmatch(number):
            return self.UNKNOWN if hinted else 0.0
        groups = [len(group) for group in _DIGITS.findall(number)]
        if not hinted and _ARTICLE.fullmatch(number):
            return self.BARE
        if _THOUSANDS.fullmatch(number):
            return self.UNKNOWN if len(digits) >= 8 else 0.0
        trunk = number.startswith(("0", "("))
        grouped = len(groups) > 1 if trunk else 2 < len(groups) < 6 and max(groups) > 2 and min(groups) > 1
        if not grouped and not hinted:
            return 0.0
        if self._plans.have(digits):
            return self.NATIONAL if grouped else self.BARE
        believable = 8 <= len(digits) <= 12 and (trunk or 2 < len(groups) < 6)
        return self.UNKNOWN if believable else 0.0

    def _is_dotted(self, number: str, digits: str) -> bool:
        """Whether a number with full stops, most often an address or a version, is a phone number."""
        octets = all(int(group) < 256 for group in _DIGITS.findall(number))
        return set(number) <= set("0123456789.") and not octets and self._plans.have(digits)

    def _international_score(self, number: str) -> float:
        if _NORTH_AMERICAN.fullmatch(number):
            return self.INTERNATIONAL
        # Between country and area code, (0) stands for the trunk zero that is not dialled.
        number = number.replace("(0)", "").replace("(+", "+", 1)
        parsed = _parse(number if number.startswith("+") else "+" + number[2:].lstrip(), None)
        if parsed is None:
            return 0.0
        if phonenumbers.is_valid_number(parsed):
            return self.INTERNATIONAL
        return self.POSSIBLE if phonenumbers.is_possible_number(parsed) and len(number) > 9 else 0.0


def _parse(number: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
