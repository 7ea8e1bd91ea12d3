"""Releases, machines, works and AI tools that are called like people: what is said of the name tells.

`5.0 "Lenny"`, `the repository named Petra`, `a poem called Annabel`, `Jasper AI`.
"""

from __future__ import annotations

import re
from typing import Final

from promptguard.detectors.stems import word_set

_VERSION_BEFORE: Final = re.compile(r"\d\.\d{1,3}(?:\.\d{1,3}){0,2}[ ]?[\"'“”„«»‘(][ \u00a0]?\Z")
_THINGS = (
    r"repositor(?:y|ies)|repos?|releases?|versions?|branch(?:es)?|servers?|hosts?|machines?|computers?|laptops?"
    r"|clusters?"
    r"|containers?|projects?|files?|folders?|scripts?|modules?|packages?|programs?|tools?|apps?|bots?|databases?"
    r"|tables?"
    r"|variables?|functions?|class(?:es)?|themes?|fonts?|poems?|songs?|books?|films?|movies?|novels?|stor(?:y|ies)"
    r"|games?"
    r"|ships?|boats?|compan(?:y|ies)|brands?|bands?|albums?|products?|articles?|papers?|magazines?|restaurants?"
    r"|villages?"
    r"|towns?|dogs?|cats?|planets?|stars?|storms?|hurricanes?|models?|Projekt|Rechner|Datei|Ordner|Skript|Programm"
    r"|Gedicht"
    r"|Lied|Buch|Film|Roman|Spiel|Schiff|Firma|Marke|Album|Artikel|Hund|Kater|Katze|Sturm|projet|fichier|dossier"
    r"|programme"
    r"|poème|chanson|livre|roman|jeu|navire|entreprise|marque|chien|chat|tempête|repositorio|proyecto|fichero|carpeta"
    r"|programa"
    r"|poema|canción|libro|película|novela|juego|barco|empresa|marca|perro|gato|artículo|progetto|cartella|programma"
    r"|poesia"
    r"|canzone|romanzo|gioco|nave|azienda|marchio|cane|gatto|articolo|bestand|map|gedicht|lied|boek|spel|schip"
    r"|bedrijf|merk"
    r"|hond|kat|storm|artikel|projekt|fil|mappe|digt|sang|bog|spil|skib|virksomhed|projeto|arquivo|pasta|canção|livro"
    r"|filme"
    r"|jogo|navio|cachorro"
)
_NAMED = (
    r"named|called|titled|entitled|code-?named|dubbed|namens|genannt|mit dem Namen|mit dem Titel|appelée?s?|nommée?s?"
    r"|intitulée?s?|llamad[oa]s?|titulad[oa]s?|denominad[oa]s?|chiamat[oaie]|intitolat[oa]|di nome|dal titolo|genaamd"
    r"|getiteld|met de naam|kaldet|med titlen|ved navn|chamad[oa]s?|intitulad[oa]s?"
)
_CALLED: Final = re.compile(
    rf"(?<!\w)(?:{_THINGS})[ ](?:(?:is|was|are|ist|war|est|è|es|is)[ ])?(?:{_NAMED})[ ][\"'“”„«‘]?\Z", re.IGNORECASE
)
_MAX_CALLED_LENGTH: Final = 48

_AI_TOOLS: Final = word_set(
    "alice aria claude cody devin freddy jamie jan jasper jenni jules leonardo luma merlin monica nova otter rovo"
    " venice"
    " sidekick sherlock llama gemini"
)
"""Tools of the registry of destinations whose names people bear."""
_OF_AI: Final = re.compile(
    r"['’]?[ ](?:AI|\.ai|chat(?:bot)?s?|API|assistant|copilot|bot|LLM|model|plug-?in|extension|subscription|prompts?)\b"
)


def is_code_name(text: str, start: int, end: int) -> bool:
    """Whether text[start:end], written like a person's name, is what such a thing is called by."""
    if text[start:end].lower() in _AI_TOOLS and _OF_AI.match(text, end):
        return True
    if _VERSION_BEFORE.search(text, max(0, start - 16), start):
        return True
    return _CALLED.search(text, max(0, start - _MAX_CALLED_LENGTH), start) is not None
