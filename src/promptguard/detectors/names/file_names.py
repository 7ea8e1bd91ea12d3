"""Names of persons in names of files, in addresses of profiles, and joined by a line: `CV_Jane_Roe.pdf`,
`linkedin.com/in/jane-roe-1a2b`, `our customer Jane_Roe`.

A model sees no prose there. A name counts where both its parts are listed, or one is and the other is written like one
and is no word of a language; names of products and places, and what programs call their files, do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from promptguard.detectors.names.lexicon import lexicon
from promptguard.detectors.names.lexicon.word_table import is_word_beyond_english
from promptguard.detectors.names.not_persons import in_brand
from promptguard.detectors.names.person_cues import is_introduced
from promptguard.detectors.names.place_evidence import machine_words
from promptguard.detectors.names.spans import PERSON, Span
from promptguard.detectors.names.thresholds import PARTICLES
from promptguard.detectors.reference.gazetteer import gazetteer
from promptguard.detectors.stems import word_set

RECOGNIZER: Final = "NameInFileName"
IN_FILE_NAME: Final = 0.65

_ENDING: Final = re.compile(
    r"\.(?:pdf|docx?|odt|rtf|xlsx?|ods|pptx?|msg|eml|vcf|jpe?g|png|heic|tiff?|mp[34]|m4a|wav|zip|7z"
    r"|pages|numbers|key)(?![\w.])",
    re.IGNORECASE,
)
_STEM: Final = re.compile(r"[\w(),'’&+ .-]+\Z")
_MAX_STEM_LENGTH: Final = 120
_PROFILE: Final = re.compile(
    r"(?:linkedin\.com/(?:in|pub)|xing\.com/profile|facebook\.com/people|researchgate\.net/profile"
    r"|viadeo\.com/(?:en|fr)/profile|calendly\.com)/(?P<stem>[\w.%-]{3,80})",
    re.IGNORECASE,
)
_PART: Final = re.compile(r"[^\W\d_]+")
_HUMPS: Final = re.compile(r"(?P<first>[A-ZÀ-Þ][a-zà-ÿ]{2,14})(?P<last>[A-ZÀ-Þ][a-zà-ÿ]{2,20})")
_BETWEEN: Final = re.compile(
    r"(?:,[ ]?|[_ .-]{1,2})(?:[A-Z]\.?[_ .-]|(?:van|von|de|der|den|del|di|da|dos|du|la|le|ter|ten)[_ .-]){0,3}"
)
_MIN_LENGTH: Final = 3
_DOCUMENT_WORDS: Final = word_set(
    "cv resume résumé lebenslauf curriculum vitae contract vertrag contrat contrato contratto invoice rechnung"
    " facture factura fattura offer angebot letter brief lettre carta lettera payslip gehaltsabrechnung"
    " lohnabrechnung bulletin nomina report bericht rapport informe scan copy kopie final draft entwurf signed"
    " unterschrieben passport ausweis id photo foto picture bild certificate zeugnis attest bewerbung application"
    " candidature interview notes protokoll review meeting agreement arbeitsvertrag kündigung nda form formular page"
    " seite slide version vers rev new old neu alt img doc file"
)


_JOINED: Final = re.compile(
    r"(?<![\w.$@/\\-])(?P<first>[A-ZÀ-Þ][a-zà-ÿ]{2,14})_(?P<last>[A-ZÀ-Þ][a-zà-ÿ]{2,20})(?![\w(\[=/\\-]|[ ]?=|\.\w)"
)
"""Not what programs call something."""


def find_in_file_names(text: str) -> Iterator[Span]:
    """The names in `text`. Linear in it."""
    if ".com/" in text or ".net/" in text:
        for profile in _PROFILE.finditer(text):
            yield from _names(text, *profile.span("stem"))
    if "_" in text:
        for name in _JOINED.finditer(text):
            introduced = is_introduced(text, *name.span())
            if _is_name(name["first"], name["last"], introduced, may_be_unknown=introduced):
                yield from _span(text, *name.span())
    position = 0
    for ending in _ENDING.finditer(text):
        low = max(position, ending.start() - _MAX_STEM_LENGTH)
        low = max(low, text.rfind("\n", low, ending.start()) + 1)
        if stem := _STEM.search(text, low, ending.start()):
            yield from _names(text, *stem.span())
        position = ending.end()


def _names(text: str, start: int, end: int) -> Iterator[Span]:
    parts = [part for part in _PART.finditer(text, start, end) if len(part[0]) > 1 and part[0] not in PARTICLES]
    of_person = not _DOCUMENT_WORDS.isdisjoint(part[0].lower() for part in parts)
    for first, last in pairwise(parts):
        if _BETWEEN.fullmatch(text, first.end(), last.start()) and _is_name(first[0], last[0], of_person):
            yield from _span(text, first.start(), last.end())
    for part in parts:
        if (humps := _HUMPS.fullmatch(part[0])) and _is_name(humps["first"], humps["last"], of_person):
            yield from _span(text, *part.span())


def _span(text: str, start: int, end: int) -> Iterator[Span]:
    if not in_brand(re.sub(r"[_.-]", " ", text[start:end]), 0, end - start):
        yield Span(start, end, PERSON, IN_FILE_NAME, RECOGNIZER)


def _is_name(first: str, last: str, of_person: bool, *, may_be_unknown: bool = True) -> bool:
    """Whether two parts are a given name and a surname, in either order. `of_person` says that another word of the
    file's name is of what people are sent: there the surname may be a word of the language. `may_be_unknown` says that
    one that is in no list will do."""
    if min(len(first), len(last)) < _MIN_LENGTH or _case(first) != _case(last):
        return False
    given, surname = first.lower(), last.lower()
    if {given, surname} & _DOCUMENT_WORDS or lexicon().names_no_person([first, last]):
        return False
    place = gazetteer().at(f"{first} {last}", 0)
    if place is not None and place.end > len(first):
        return False
    capitalised = may_be_unknown and first[0].isupper()
    return _are_names(given, surname, capitalised, of_person) or _are_names(surname, given, False, of_person)


def _case(word: str) -> tuple[bool, bool]:
    return word[0].isupper(), word.isupper()


def _are_names(given: str, surname: str, may_be_unknown: bool, of_person: bool) -> bool:
    lists = lexicon()
    if given not in lists.given_names or given in lists.common_words or given in machine_words():
        return False
    if surname in machine_words() or surname in lists.namesakes:
        return False
    if surname in lists.surnames:
        return of_person or surname not in lists.common_words
    known = is_word_beyond_english(surname) or gazetteer().at(surname.title(), 0) is not None
    return may_be_unknown and not known and surname not in lists.common_words and len(surname) > _MIN_LENGTH
