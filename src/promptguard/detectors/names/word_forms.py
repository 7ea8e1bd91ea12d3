"""Guesses at persons that are written or built like other words: nouns after articles, endings, capitals alone.

All of it is of single words that are in no list of names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from promptguard.detectors.names.lexicon import lexicon
from promptguard.detectors.names.lexicon.sentence_words import language_of, peoples, products

_ENDINGS: Final[Mapping[str, re.Pattern[str]]] = {
    language: re.compile(rf"[^\W\d_]{{3,}}(?:{endings})")
    for language, endings in {
        "en": "ifiers?|izers?|ations?|bility|bilities|ness|nesses|ships?|hoods?|ments?",
        "de": "ung|ungen|keit|keiten|heit|heiten|schaft|schaften|ismus|tion|tionen|tät|lichen?|ischen?|ische[rs]?|zeug",
        "fr": "tions?|ments?|ismes?|iques?|euses?|ités?|ables?|ibles?|aient",
        "es": "ci[oó]n|ciones|dad|dades|mente|mientos?|dores|doras|ismo|ables?|ibles?",
        "it": "zion[ei]|mente|menti?|ità|ismo|[^\\W\\d_][òàù]|abil[ei]|ibil[ei]",
        "nl": "heid|heden|lijke?|ische|tie|ties|isme",
        "da": "hed|heder|lig|lige|ligt|tion|tioner|isme|iske?",
        "pt": "ção|ções|dades?|mente|mentos?|dores|doras|ismo|áve(?:l|is)|íve(?:l|is)",
    }.items()
}
"""Endings of abstract nouns, adjectives and adverbs, by language."""
_ARTICLES: Final[Mapping[str, re.Pattern[str]]] = {
    language: re.compile(rf"(?<!\w)(?:{articles})[ ](?:[a-zß-ÿ]{{3,14}}[ ])?\Z", re.IGNORECASE)
    for language, articles in {
        "en": "the|an?|each|every|some|this|that|these|those",
        "de": "am|im|ins|ans|aufs|k?ein(?:e[mnrs]?)?|[mds]ein(?:e[mnrs]?)?|unser(?:e[mnrs]?)?|jede[mnrs]?|diese[mnrs]?",
        "fr": "les?|une?|des|ces|cette|chaque",
        "es": "el|los|las|una?|unos|unas|cada|este|estos",
        "it": "il|lo|gli|una?|uno|ogni|questo|questa",
        "nl": "het|een|elke?|deze",
        "da": "en|et|hver|denne|dette",
    }.items()
}
"""What stands before nouns and not before names. Portuguese has its article before names too."""
_REACH: Final = 26


def is_other_word(text: str, start: int, end: int) -> bool:
    """Whether text[start:end], taken for a person's name, is one word of no list of names that is a noun or product."""
    content = text[start:end]
    lowered, lists = content.lower(), lexicon()
    if lowered in products():
        return True
    if not content.isalpha() or (
        (lowered in lists.given_names or lowered in lists.surnames) and lowered not in peoples()
    ):
        return False
    if content.isupper():
        return lowered not in lists.given_names and lowered not in lists.surnames
    endings = _ENDINGS.get(language_of(text))
    return (endings is not None and endings.fullmatch(lowered) is not None) or is_after_article(text, start)


def is_after_article(text: str, start: int) -> bool:
    """Whether an article, or what stands in its place, precedes `start`, in the language of `text`."""
    articles = _ARTICLES.get(language_of(text))
    return articles is not None and articles.search(text, max(0, start - _REACH), start) is not None
