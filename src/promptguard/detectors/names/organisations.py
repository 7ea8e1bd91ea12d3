"""Companies and institutions that are called after people, by the word before or after the name."""

from __future__ import annotations

import re
from typing import Final

from promptguard.detectors.names.lexicon.sentence_words import languages_of

_LEGAL_FORMS = (
    r"Inc|Incorporated|Ltd|Limited|LLC|LLP|PLC|plc|Corp|Corporation|Co|Company|GmbH|AG|KG|KGaA|OHG|SE|S\.?A|SAS|SARL|SNC"
    r"|S\.?L|S\.?p\.?A|S\.?r\.?l|B\.?V|N\.?V|V\.?O\.?F|A/S|ApS|AB|Oy|Oyj|ASA|AS|Pty|Pte|Ltda|Lda|e\.?V|mbH"
)
_INSTITUTIONS = (
    r"Group|Gruppe|Holdings?|Partners|Associates|Consulting|Foundation|Stiftung|University|Universität|College|Institute"
    r"|Institut|Bank|Insurance|Versicherung(?:en)?|Technolog(?:y|ies)|Systems?|Solutions|Software|Industries|International"
    r"|Services|Capital|Ventures|Media|Labs?|Laboratories|Studios?|Records|Orchestra|Press|Publishing|Hospital|Clinic"
    r"|Airlines|Motors|Pharma|Pharmaceuticals|Logistics|Foods|Energy|Electric|Electronics|Research|Analytics|Networks?"
    r"|Publishers|Verlag|Editions|Éditions|Education|Elementary|Academy|Library|Airways|Bakery|Brewery|Winery|Pharmacy"
    r"|Restaurant|Supermarkets?|Stores?|Hotels?|Resorts?|Awards?|Prize|Medal|Scholarship|Trust|Fund|Society|Association"
    r"|Committee|Memorial|Trophy|Baroque|Ensemble|Quartet|Quartett|Biocombust\w+|Telecom|Airport|Apotheke|Bibliothek|Schule"
    r"|Gymnasium|Klinik|Werke?|Reisen|Immobilien|Fluggesellschaft|Autohaus"
)
_TAIL: Final = re.compile(
    rf"(?:(?:[ \t]*(?:,|and\b|&|und\b|et\b|y\b|e\b|en\b|og\b)){{1,2}}[ \t]*[A-Z][\w'’-]{{1,40}}){{0,3}}"
    rf"[ \t]*,?[ \t]+(?:(?:&|and|und|et|y|e|en|og)[ \t]+)?(?:(?:{_LEGAL_FORMS})(?![\w'’])|(?:{_INSTITUTIONS})\b)"
)
"""What follows the first word of `Roe, Doe and Sons Ltd` or `Roe Insurance`."""

COMPANY: Final = re.compile(rf"(?<![\w'’.])(?:{_LEGAL_FORMS}|{_INSTITUTIONS})(?![\w'’])")
"""A legal form, or another word in the names of companies."""

_HEADS = (
    r"Laboratoire|Laboratorio|Laboratório|Institut|Instituto|Istituto|Instituut|Université|Universidade|Universidad"
    r"|Università|Universität|Radio|Rádio|Éditions|Editions|Edizioni|Ediciones|Editorial|Editora|Edição|Edición|Verlag|Uitgeverij"
    r"|Biblioteca|Bibliothèque|Bibliothek|Fundación|Fundação|Fondation|Fondazione|Stiftung|Stichting|Banco|Banca|Banque|Bankhaus"
    r"|Groupe|Grupo|Gruppo|Collège|Lycée|Colegio|Colégio|Escola|Escuela|Scuola|Liceo|Hospital|Hôpital|Ospedale|Clínica|Clinica"
    r"|Clinique|Restaurant|Restaurante|Ristorante|Pizzeria|Trattoria|Hotel|Hôtel|Gasthof|Gasthaus|Café|Farmacia|Farmácia|Pharmacie"
    r"|Apotheke|Boulangerie|Garage|Autohaus|Teatro|Théâtre|Museo|Museu|Musée|Orquesta|Orchestre|Orchestra|Stiftelsen|Grupa"
    r"|Company|University[ ]of|Bank[ ]of|Institute[ ]of|Society[ ]of|Ministry[ ]of"
)
_HEAD_BEFORE: Final = re.compile(rf"(?<!\w)(?:{_HEADS})[ ](?:(?:de|di|da|do|del|van|von)[ ])?\Z")
_HEAD: Final = re.compile(rf"(?:{_HEADS})[ ]")
_FIRMA: Final = re.compile(r"(?<!\w)Firma[ ]\Z")
"""A company to Germans, a signature to Spaniards and Italians."""
_SIGNED: Final = frozenset({"es", "it"})
_MAX_HEAD_LENGTH: Final = 20


def names_organisation(text: str, end: int) -> bool:
    """Whether what ends at `end` is the beginning of a company's or institution's name, by what follows it."""
    return _TAIL.match(text, end) is not None


def is_called_organisation(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] is the name of one after the word for what it is: `Laboratoire Jane Roe`."""
    low = max(0, start - _MAX_HEAD_LENGTH)
    if _HEAD.match(text, start, end) or _HEAD_BEFORE.search(text, low, start):
        return True
    return _FIRMA.search(text, low, start) is not None and _SIGNED.isdisjoint(languages_of(text))
