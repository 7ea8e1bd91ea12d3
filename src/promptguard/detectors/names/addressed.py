"""Names after words said to or of a person, which the model overlooks: `talked to Will Power`, `tell rose that`.

The lists hold both words, but so does the dictionary; that somebody is spoken to tells them apart. So do the words by
which people introduce themselves in languages that the model was not trained on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import regex

from promptguard.detectors.names.lexicon import lexicon
from promptguard.detectors.names.lines import any_of, matches, where
from promptguard.detectors.names.spans import PERSON, Span
from promptguard.detectors.stems import word_set

RECOGNIZER: Final = "AddressedName"
ADDRESSED: Final = 0.6

_NAME = r"\p{Lu}[\p{L}\p{M}'’-]{0,30}"
_SPOKEN_TO: Final = regex.compile(
    r"(?<!\w)(?:(?:talk(?:ed|ing|s)?|sp(?:oke|eak|eaking)|chat(?:ted|ting)?|met|meeting|lunch|call)"
    r" (?:to|with)|interview with"
    r"|(?:e-?mail|message|letter|call|reply|note|invoice|complaint) (?:from|to)|heard from|reports? to"
    r"|(?:signed|written|booked|approved|requested|sent) by|on behalf of|asked|told|reminded|thanked|colleagues?|boss"
    r"|manager|neighbou?r|husband|wife|brother|sister|friend) "
    rf"(?P<name>(?P<first>{_NAME}) (?P<last>{_NAME}))(?![\w/\\(=]|[ ]\p{{Lu}})"
)
_LOWER: Final = regex.compile(
    r"(?<!\w)(?i:(?:can|could|please|will|would)(?: you| someone| we)? (?:please )?)?"
    r"(?:(?:tell|ask|remind|told|asked|inform|warn) (?P<name>[a-z]{3,14})"
    r"(?= (?:that|to|about|if|whether|when|not to|for)\b)"
    r"|let (?P<name>[a-z]{3,14})(?= know\b)"
    r"|(?:^|(?<=[.!?\n] ))(?:hi|hey|hello|dear|thanks|thank you) (?P<name>[a-z]{3,14})(?=[,!.\n]|\Z)"
    r"|(?:^|(?<=\s))@(?P<name>[a-z]{3,14})"
    r"(?=[, ]{1,2}(?:can|could|please|pls|will|would|are|do|did|what|any|thanks)\b))",
    regex.MULTILINE,
)
_NOBODY: Final = word_set(
    "all any anyone anybody everyone everybody someone somebody them him her you your yourself us me people users staff"
    " others both each here channel team support sales customers clients claude gemini copilot assistant bot bash git"
    " python docker there world again guys folks friend sir madam mom dad mum the this that what which how not and"
    " for people may will hope general mir dir ihm ihnen uns euch jedem lui leur moi toi quelle quien"
)
_ALSO_GIVEN: Final = word_set("will may an so go yu mi do le la ha hu no su")
"""Given names that the lists leave out, since they begin sentences."""
_INTRODUCED: Final = regex.compile(
    r"(?<!\w)(?i:a nevem|nevem|nazywam si[ęe]|mam na imi[ęe]|jmenuji se|jmenuju se|vol[áa]m sa|m[ăa] numesc"
    r"|m[ăa] cheam[ăa]"
    r"|numele meu este|benim ad[ıi]m|ad[ıi]m|ismim|zovem se|moje ime je|ime mi je|ime mi|moje ime|mano vardas|esu"
    r"|mani sauc|minu nimi on|nimeni on|mitt namn [äa]r|jag heter|jeg heter|navnet mitt er|[ée]g heiti|nama saya"
    r"|nama saya adalah|saya bernama|ako si|ang pangalan ko ay|pangalan ko ay|t[êe]n t[ôo]i l[àa]|t[ôo]i t[êe]n l[àa]"
    r"|jina langu ni|naitwa|jina lake ni|meu nome [ée]|chamo-me|me chamo|eu sou [oa]|em dic|el meu nom [ée]s"
    r"|emri im [ëe]sht[ëe]|igama lami ngu|oruk[ọo] mi ni) "
    rf"(?P<name>{_NAME}(?:[ -](?:{_NAME}|dela|de la|de|da|dos|van|von|bin|binti|al))*)"
)


_TWO_NAMES: Final = where(re.compile(r" [^\W\d_a-z][\w'’-]{0,120} [^\W\d_a-z]"))
"""What `_SPOKEN_TO` needs: a space, and two words with capitals."""
_SAID_TO: Final = any_of(
    ["tell", "ask", "remind", "told", "inform", "warn", "let ", "hi ", "hey ", "hello ", "dear ", "thank", "@"]
)
_INTRODUCING: Final = any_of(
    [
        *(
            "nevem",
            "nazywam",
            "na imi",
            "jmenuj",
            "m sa ",
            "numesc",
            "cheam",
            "numele",
            "ad\u0131m",
            "adim",
            "ismim",
            "zovem",
        ),
        *("ime je", "ime mi", "moje ime", "vardas", "esu ", "sauc", "nimi on", "nimeni on", "namn", "heter", "navnet"),
        *(
            "heiti",
            "nama saya",
            "bernama",
            "ako si",
            "pangalan",
            "n t\u00f4i",
            "n toi",
            "i t\u00ean",
            "i ten",
            "jina l",
        ),
        *("naitwa", "meu nome", "chamo", "eu sou", "em dic", "meu nom", "emri im", "lami ngu", "oruk"),
    ]
)
"""A part of each of the words by which `_INTRODUCED` knows."""


def find_addressed(text: str) -> Iterator[Span]:
    """The names in `text` after such words; they may overlap. Linear in the text."""
    for match in matches(_SPOKEN_TO, text, _TWO_NAMES):
        if _is_full_name(match["first"], match["last"]):
            yield Span(*match.span("name"), PERSON, ADDRESSED, RECOGNIZER)
    for match in matches(_LOWER, text, _SAID_TO):
        if _is_called(match["name"]):
            yield Span(*match.span("name"), PERSON, ADDRESSED, RECOGNIZER)
    for match in matches(_INTRODUCED, text, _INTRODUCING):
        yield Span(*match.span("name"), PERSON, ADDRESSED, RECOGNIZER)


def _is_called(name: str) -> bool:
    """Whether somebody may be called so who is spoken to: by a listed name, or by what is no word of the language."""
    lists = lexicon()
    return name not in _NOBODY and (name in lists.given_names or name not in lists.common_words)


def _is_full_name(first: str, last: str) -> bool:
    """Whether both words are listed, or a surname follows a word that is one besides: `Go Ito`."""
    lists = lexicon()
    given = first.lower() in lists.given_names or first.lower() in lists.surnames or first.lower() in _ALSO_GIVEN
    surname = last.lower() in lists.surnames or last.lower() in lists.given_names or len(last) == 2
    return given and surname and not lists.names_no_person([first, last])
