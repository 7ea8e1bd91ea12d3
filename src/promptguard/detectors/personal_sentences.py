"""Whether a sentence speaks of somebody: words for persons, and voices that tell of themselves.

`my sister`, `the tenant`, `Mrs`, `she moved`: what such a sentence says of a place, it says of a person. `Plan a trip
to Lisbon` and `which trains go to Lyon?` say nothing of anybody.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final


@dataclass(frozen=True, slots=True)
class _Words:
    """Regexes for one language, to be matched as whole words without regard to case."""

    others: str
    """Of the third person, what people are to each other and to a company, forms of address, and what companies have
    and do at places."""
    own: str
    """Of the first person, which in a question or a request says nothing: `which pass do I need?`"""
    requests: str
    """What follows or stands before a word of the first person in a request: `I need help`."""


_WORDS: Final[Mapping[str, _Words]] = {
    "en": _Words(
        others=(
            r"he|she|him|his|her|hers|they (?:are|were)|(?:he|she|they)['’](?:s|d|ll|re)|who['’]s"
            r"|customer|client|patient|tenant|employee|colleague"
            r"|co-?worker|friend|boss|guest|caller|neighbou?r|landlord|landlady|husband|wife|son|daughter"
            r"|mother|father"
            r"|mum|mom|dad|brother|sister|uncle|aunt|cousin|grandmother|grandfather|boyfriend|girlfriend|applicant"
            r"|candidate|claimant|passenger|holder|nurse|widow|widower|Mr|Mrs|Ms|Dr|with me|from me|to me"
            r"|branch|subsidiary|supplier|depot|plant|serving|serves|operates|operating|headquarters"
            r"|works|worked|studies|stays|arrived|returned|flew|travelled|landed|emigrated"
        ),
        own=r"(?-i:I)|i am|I['’](?:m|ve|ll|d)|my|mine",
        requests=(
            r"(?:need|want|wish|would like|have to|am looking|am writing|am going to write|first|next|task|prompt"
            r"|request)"
        ),
    ),
    "de": _Words(
        others=(
            r"kund(?:e|in|en)|patient(?:in|en)?|mandant(?:in|en)?|mieter(?:in|s)?|mitarbeiter(?:in|s)?|kolleg(?:e|in|en)"
            r"|freund(?:in)?|chef(?:in)?|nachbar(?:in|n)?|mutter|vater|tochter|sohn|bruder|schwester|tante"
            r"|onkel|oma|opa"
            r"|schwieger\w+|herr|herrn|frau|er|arbeitet|studiert|mit mir|zu mir|filiale|niederlassung"
            r"|tochtergesellschaft|lieferant(?:en)?"
        ),
        own=r"ich|mein(?:e[mnrs]?)?",
        requests=r"(?:brauche|möchte|will|hätte|benötige|suche|schreibe|muss)",
    ),
    "fr": _Words(
        others=(
            r"cliente?|patiente?|collègue|amie?|locataire|salariée?|voisine?|mère|père|fille|fils|frère|sœur|soeur|oncle"
            r"|tante|cousine?|mari|femme|elle|lui|travaille|étudie|madame|monsieur|mme|mlle|avec moi|chez moi"
            r"|agence|filiale|succursale"
            r"|fournisseur"
        ),
        own=r"je|j['’]\w+|mon|ma|mes",
        requests=r"(?:voudrais|veux|souhaite|cherche|dois|besoin|aimerais)",
    ),
    "es": _Words(
        others=(
            r"client[ea]|paciente|inquilin[oa]|emplead[oa]|compañer[oa]|amig[oa]|vecin[oa]|jef[ea]|madre|padre|hij[oa]"
            r"|herman[oa]|tí[oa]|prim[oa]|suegr[oa]|abuel[oa]|marido|mujer|esposa|ella|él|trabaja|estudia"
            r"|señora?|sra?|conmigo|sucursal"
            r"|filial|proveedor"
        ),
        own=r"yo|mi|mis|soy|estoy|vivo|voy|tengo|trabajo",
        requests=r"(?:necesito|quiero|quisiera|busco|gustaría|ayuda)",
    ),
    "it": _Words(
        others=(
            r"cliente|paziente|inquilin[oa]|dipendente|colleg[ah]|amic[oa]|vicin[oa] di casa|madre|padre|figli[oa]"
            r"|fratello|sorella|zi[oa]|cugin[oa]|suocer[oa]|nonn[oa]|marito|moglie|lei|lui|lavora|studia"
            r"|signora?|sig|con me|filiale"
            r"|fornitore"
        ),
        own=r"io|mio|mia|miei|mie|abito|vivo|vado|lavoro",
        requests=r"(?:bisogno|vorrei|voglio|cerco|devo|puoi|aiut\w+)",
    ),
    "nl": _Words(
        others=(
            r"klant|patiënte?|huurder|medewerk(?:er|ster)|collega|vriend(?:in)?|buur(?:man|vrouw)|baas|moeder|vader|zoon"
            r"|dochter|broer|zus|oom|tante|neef|nicht|oma|opa|man|vrouw|hij|haar|werkt|studeert|hem|mevrouw"
            r"|meneer|dhr|mevr|met mij"
            r"|filiaal|vestiging|leverancier"
        ),
        own=r"ik|mijn",
        requests=r"(?:wil|zou|zoek|moet|heb .{0,12}nodig|graag)",
    ),
    "da": _Words(
        others=(
            r"kunden?|patienten?|lejeren?|medarbejderen?|kollegaen?|kollega|ven(?:inde)?|naboen?|chefen?|mor|far|søn|datter"
            r"|bror|søster|onkel|tante|svigermor|svigerfar|kone|kæreste|hun|han|arbejder|studerer|hans|hendes"
            r"|hende|ham|fru|hr|med mig"
            r"|afdelingen|filialen|leverandøren"
        ),
        own=r"jeg|min|mit|mine",
        requests=r"(?:vil|skal|søger|brug for|ønsker)",
    ),
    "pt": _Words(
        others=(
            r"client[ea]|paciente|inquilin[oa]|funcionári[oa]|colega|amig[oa]|vizinh[oa]|chefe|mãe|pai|filh[oa]|irmã|irmão"
            r"|ti[oa]|prim[oa]|sogr[oa]|avó|avô|marido|esposa|ela|ele|trabalha|estuda|senhora?|sra?|comigo"
            r"|filial|fornecedor"
        ),
        own=r"eu|meu|minha|meus|minhas|sou|estou|moro|vou|trabalho",
        requests=r"(?:preciso|quero|gostaria|busco|procuro|ajuda)",
    ),
}

_ANYBODY: Final = (
    r"(?<![\w@])@[\w-]+|[\w.+-]@[\w-]+\.\w|\+\d[\d ()/-]{7,}|\d(?:[ ./()-]?\d){8,}"
    r"|(?<!\w)(?:born|geb\.|geboren|née?|nacid[oa]|nat[oa]|født|nascid[oa])(?!\w)|[*†][ ]?\d{1,2}[./]"
)
"""Mailboxes, mentions, long numbers (of phones, cards, accounts) and births."""

_REACH: Final = 140
"""Characters before and after a place in which its sentence is looked at."""
_ENDS: Final = re.compile(r"[.!?]['\"”»)]*(?=\s)(?<!\b\w\.)(?<!\b(?:Mr|Ms|Dr|St)\.)(?<!\bMrs\.)|\n[ \t]*\n")


type Place = tuple[int, int]
"""Offsets of a place in its text."""


def speaks_of_person(text: str, start: int, end: int, languages: Iterable[str] = ()) -> bool:
    """Whether the sentence around text[start:end] is about a person; `languages` as in `speak_of_persons`."""
    low = max(0, start - _REACH)
    return _Sentences(text[low : end + _REACH], languages).speak_of_person(start - low, end - low)


def speak_of_persons(text: str, places: Sequence[Place], languages: Iterable[str] = ()) -> list[bool]:
    """Of each place whether the sentence around it is about a person.

    Args:
        text: where the places stand.
        places: in any order.
        languages: in which the text may be (BCP 47); none is all of the names model.
    """
    if len(places) * 2 * _REACH < len(text):
        return [speaks_of_person(text, start, end, languages) for start, end in places]
    sentences = _Sentences(text, languages)
    return [sentences.speak_of_person(start, end) for start, end in places]


class _Sentences:
    """A text that is searched once, however many places stand in it."""

    def __init__(self, text: str, languages: Iterable[str] = ()) -> None:
        others, own = _regexes(tuple(languages))
        self._text = text
        self._others = [found.span() for found in others.finditer(text)]
        self._own = [found.span() for found in own.finditer(text)]
        self._ends = [found.end() for found in _ENDS.finditer(text)]

    def speak_of_person(self, start: int, end: int) -> bool:
        before, after = bisect_right(self._ends, start), bisect_left(self._ends, end)
        first = max(start - _REACH, self._ends[before - 1] if before else 0)
        last = min(end + _REACH, self._ends[after] if after < len(self._ends) else len(self._text))
        if _has_one(self._others, first, last):
            return True
        is_question = "?" in self._text[end:last] or "¿" in self._text[max(0, first) : start]
        return not is_question and _has_one(self._own, first, last)


def _has_one(spans: Sequence[tuple[int, int]], first: int, last: int) -> bool:
    index = bisect_left(spans, (first, first))
    return index < len(spans) and spans[index][1] <= last


@lru_cache
def _regexes(languages: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = [_WORDS[language] for language in languages if language in _WORDS] or list(_WORDS.values())
    others = "|".join(each.others for each in words)
    own = "|".join(rf"(?:{each.own})(?![\w'’-])(?![ ]{each.requests}\b)" for each in words)
    return (
        re.compile(rf"(?<![\w'’-])(?:{others})(?![\w-])|{_ANYBODY}", re.IGNORECASE),
        re.compile(rf"(?<![\w'’-])(?:{own})", re.IGNORECASE),
    )
