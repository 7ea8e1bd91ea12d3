"""Guesses at persons that are words of a language, or what biology, maps and calendars call something by.

The models know the words of seven languages less well than their names: what begins a sentence, a heading or a line is
written with a capital, and German writes all nouns so.
"""

from __future__ import annotations

import re
from typing import Final

from promptguard.detectors.names.lexicon import lexicon
from promptguard.detectors.names.lexicon.sentence_words import (
    calendar,
    fiction,
    figures,
    function_words,
    languages_of,
    names_that_begin_sentences,
    peoples,
    products,
)
from promptguard.detectors.names.lexicon.word_table import is_word_beyond_english
from promptguard.detectors.names.thresholds import PARTICLES
from promptguard.detectors.names.word_forms import is_other_word
from promptguard.detectors.reference.gazetteer import PlaceKind, gazetteer
from promptguard.detectors.stems import word_set

_WORD: Final = re.compile(r"[^\W\d_]+")
_BEGINS: Final = re.compile(r"(?:\A|[.!?:…]['\"”»)]?|[\n\r•*|>«“\"(¿¡]|[-–—])[ \t]*\Z")
"""Before the first word of a sentence, a line, an entry or a quotation."""
_TAXON: Final = re.compile(r"[A-Z][a-z]{3,}(?:idae|inae|aceae|iformes|ophyta|mycota|viridae|oidea|ceti|ptera)")
"""Endings of families, orders and phyla (ICZN article 29, ICN articles 16 to 19)."""
_IN_PLACE: Final = re.compile(
    r"(?<!\w)(?:in|at|near|from|to|into|around|across|outside|nach|aus|bei|à|de|vers|près de|en|desde|hacia|a|da|di"
    r"|nel|vicino a|te|naar|uit|nabij|i|fra|til|ved|em|para|perto de) \Z",
    re.IGNORECASE,
)
_REACH: Final = 12
_AROUND: Final = 8
"""Characters around a word that is all there is: of a list, of a sentence, of quotation."""
_IN_COUNTRY: Final = re.compile(
    r"(?<!\w)(?:in|nach|naar|(?:visas?|visums?|trips?|travel|flights?|reisen?|rejser?|voyages?|vols?|viajes?|viaggi?o?|vol[oi])"
    r"(?:[ ]\w{1,12})?[ ](?:for|to|für|pour|para|per|a|voor|naar|til|en|au)) \Z",
    re.IGNORECASE,
)
"""Before a country that people may be called like: `a visa for India`."""
_ASKED_CITY: Final = re.compile(
    r"\b(?:city|capital|town|stadt|hauptstadt|ville|capitale|ciudad|capital|città|stad|hoofdstad|by|hovedstad|cidade)\b"
    r"[^:;=|]{0,80}\Z",
    re.IGNORECASE,
)
"""Before what is asked for: `the given city.\\nParis`; after a colon stands another field."""
_MAX_ASKED: Final = 96
_TEAM_AFTER: Final = re.compile(r"[ ][A-Z][a-z]{2,14}s\b")
_THE_BEFORE: Final = re.compile(r"(?<!\w)[Tt]he \Z")
"""Around the town of a team: `the Houston Rockets`."""
_AND: Final = r"(?:,[ ](?:and|or)?[ ]?|[ ](?:and|or|to|und|oder|bis|et|ou|à|y|o|a|e|en|of|tot|og|eller|til)[ ]|[-–/])"
_NEIGHBOUR_BEFORE: Final = re.compile(rf"([^\W\d_]{{2,20}}){_AND}\Z")
_NEIGHBOUR_AFTER: Final = re.compile(rf"{_AND}([^\W\d_]{{2,20}})")
_ROW: Final = 40
_PAIR: Final = 2
"""Two words of the calendar may be two people: `April and June`."""
_MONTHS_AND_WORDS: Final = frozenset({"may", "march"})

_ENGLISH: Final = "en"
_OFFICES: Final = re.compile(r"(?:.*[ ])?(?:Sen|Gov|Rep|Sgt|Capt|Lt|Col|Prof)", re.DOTALL)
"""What ends in the short form of an office, before the name of its holder."""
_DAYS: Final = word_set(
    "monday tuesday wednesday thursday friday saturday sunday"
    " montag dienstag mittwoch donnerstag freitag samstag sonntag"
)
"""Days of the week that are written with a capital. Some are surnames too: those need a title or a given name."""
_DATE_AFTER: Final = re.compile(r"[.,]?[ ]{1,2}\d{1,4}\b")


_OF_FICTION: Final = re.compile(
    r"\b(?:fiction\w*|films?|movies?|cinema|kino|series?|sitcom|episod\w+|seasons?|staffel|saison|temporada|stagione"
    r"|seizoen|novels?|romans?|romanzo|novela|romance|characters?|figuren?|personnages?|personajes?|personagg\w+"
    r"|personages?|personagem|protagonist\w*|(?:super)?hero(?:es)?|(?:super)?held(?:en)?|héros|héroe|eroe|herói|villains?|comics?"
    r"|strip\w*"
    r"|fumett\w+|manga|anime|cartoons?|marvel|disney|netflix|hbo|pixar|avengers|x-men|spider-?man|batman|superman"
    r"|hogwarts"
    r"|star wars|star trek|simpsons?|video ?games?|fan ?fiction|plot|script|sequel|prequel|trilogy|saga|sherlock"
    r"|shakespeare"
    r"|dickens|tolstoy|tolkien|rowling|constellations?|sternbild\w*|sterrenbeeld\w*|bible|gospel|bibel|vangelo)\b",
    re.IGNORECASE,
)
"""Words of texts that speak of fiction, myth or the sky. Without one, who is called like a figure is somebody."""


def is_no_name(text: str, start: int, end: int) -> bool:
    """Whether text[start:end], taken for a person, is made of such words alone. A title or a word for people before it
    says otherwise; the caller looks at those."""
    content = text[start:end]
    lowered = [word.lower() for word in _WORD.findall(content)]
    if _OFFICES.fullmatch(content) and text.startswith(".", end):
        return True
    if len(lowered) != 1:
        nobody = fiction().get(content.lower())
        if nobody is not None:
            return nobody or not all(map(_is_listed, lowered)) or _OF_FICTION.search(text) is not None
        if not {*lowered}.isdisjoint(peoples()) and all(_is_no_name_beside_people(word) for word in lowered):
            return True
        words = all(word in PARTICLES or is_word_of_language(text, word) for word in lowered)
        return words and "-" not in content and any(map(_is_plain, lowered))
    return (
        is_word_of_language(text, lowered[0])
        or lowered[0] in figures()
        or _TAXON.fullmatch(content) is not None
        or (lowered[0] in calendar() and (_DATE_AFTER.match(text, end) is not None or _is_in_row(text, start, end)))
        or _begins_sentence(text, start, lowered[0])
        or _is_place(text, start, end)
        or is_other_word(text, start, end)
    )


def is_day(content: str) -> bool:
    """Whether it is a day of the week that is written with a capital, whoever else is called so."""
    return content.lower() in _DAYS


def is_no_place(content: str) -> bool:
    """Whether a word taken for a place is what biology or a company calls something."""
    return _TAXON.fullmatch(content) is not None or content.lower() in products()


def is_word_of_language(text: str, word: str) -> bool:
    """Whether a word of `text`, in lower case, is one of a language and nobody's name."""
    lists = lexicon()
    if word in lists.given_names or word in lists.surnames:
        return False
    if word in calendar() or word in peoples():
        return True
    return (_is_beyond_english(text) or _is_all(text, word)) and is_word_beyond_english(word)


def _is_all(text: str, word: str) -> bool:
    """Whether a text is this one word: none other tells its language."""
    return len(text) <= len(word) + _AROUND and _WORD.findall(text.lower()) == [word]


def _is_no_name_beside_people(word: str) -> bool:
    return word in peoples() or (word in lexicon().common_words and word not in lexicon().given_names)


def _is_listed(word: str) -> bool:
    return word in lexicon().given_names or word in lexicon().surnames


def _is_plain(word: str) -> bool:
    """Whether nobody would call a person so, however rare the name: a people, a day, a word of grammar."""
    return word in calendar() or word in peoples() or any(word in listed for listed in function_words().values())


def _is_beyond_english(text: str) -> bool:
    languages = languages_of(text)
    return bool(languages) and _ENGLISH not in languages


def is_sentence_word(text: str, word: str) -> bool:
    """Whether a word, in lower case, begins sentences in the language of `text`."""
    return any(
        word in names_that_begin_sentences().get(language, ()) or word in function_words().get(language, ())
        for language in languages_of(text)
    )


def _begins_sentence(text: str, start: int, word: str) -> bool:
    """Whether it stands where sentences begin, and is a word with which they do in this language; of what is in no list
    of names, in any."""
    if not _BEGINS.search(text, max(0, start - _REACH), start):
        return False
    if is_sentence_word(text, word):
        return True
    return not _is_listed(word) and any(word in listed for listed in names_that_begin_sentences().values())


def _is_in_row(text: str, start: int, end: int) -> bool:
    """Whether a month, a day or a continent stands beside another: `April, May and September`, `Europe and Asia`."""
    before = _NEIGHBOUR_BEFORE.search(text, max(0, start - _ROW), start)
    after = _NEIGHBOUR_AFTER.match(text, end)
    beside = [found[1].lower() for found in (before, after) if found]
    if not any(word in calendar() or word in _MONTHS_AND_WORDS for word in beside):
        return False
    near = {word.lower() for word in _WORD.findall(text[max(0, start - _ROW) : end + _ROW])} & calendar()
    return len(near | {*beside}) > _PAIR or any(word in calendar() and not _is_listed(word) for word in beside)


def _is_place(text: str, start: int, end: int) -> bool:
    """Whether it is the name of a country or region and of nobody, or of a city, after a word of place."""
    content = text[start:end]
    place = gazetteer().at(content, 0)
    if place is None or place.end != len(content) or place.ambiguous:
        return False
    low = max(0, start - _REACH)
    if _is_listed(content.lower()):
        if place.kind is PlaceKind.COUNTRY:
            return _IN_COUNTRY.search(text, max(0, start - _ROW), start) is not None
        return place.kind is PlaceKind.CITY and _is_spoken_of_as_city(text, start, end)
    return place.kind is not PlaceKind.CITY or _IN_PLACE.search(text, low, start) is not None


def _is_spoken_of_as_city(text: str, start: int, end: int) -> bool:
    if _THE_BEFORE.search(text, max(0, start - _REACH), start) and _TEAM_AFTER.match(text, end):
        return True
    return _ASKED_CITY.search(text, max(0, start - _MAX_ASKED), start) is not None
