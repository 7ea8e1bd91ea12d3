"""Words that say that a person is named: what people are to each other and to a company, and verbs of naming.

In the seven languages that the names model knows.
"""

from __future__ import annotations

import re
from typing import Final

_PEOPLE: Final = {
    "en": (
        r"customers?|clients?|patients?|users?|employees?|colleagues?|co-?workers?|callers?|contacts?"
        r"|contact persons?|tenants?|guests?|members?|subscribers?|applicants?|candidates?|students?|pupils?"
        r"|teachers?|managers?|supervisors?|boss|owners?|founders?|directors?|ceo|cto|cfo|authors?|physicians?"
        r"|doctors?|nurses?|lawyers?|attorneys?|representatives?|advis[eo]rs?|secretary|husband|wife|son|daughter"
        r"|mother|father|brother|sister|partner|friend|present|attend(?:ees|ed by|ing)|participants?|residents?"
        r"|policyholders?|insured|claimants?|borrowers?|account holders?|recipients?|senders?|passengers?|person"
        r"|assistant (?:of|to|for)|on behalf of|report(?:s|ing)? to|work(?:s|ing)? for|escalate to|hand over to"
        r"|led by|run by"
    ),
    "de": (
        r"Kund(?:e|en|in|innen)|Mandant(?:en|in)?|Klient(?:en|in)?|Patient(?:en|in)?|(?:Be)?[Nn]utzer(?:in|s)?"
        r"|Anwender(?:in|s)?|Mitarbeiter(?:in|s)?|Angestellte[rn]?|Kolleg(?:e|en|in)|Chef(?:in|s)?"
        r"|Vorgesetzte[rn]?|Ansprechpartner(?:in|s)?|Inhaber(?:in|s)?|Gründer(?:in|s)?|Geschäftsführer(?:in|s)?"
        r"|Leiter(?:in|s)?|Mieter(?:in|s)?|Anwesende?|Teilnehmer(?:in|innen|s)?|Schüler(?:in|s)?|Lehrer(?:in|s)?"
        r"|Bewerber(?:in|s)?|Versicherte[rn]?|Gast|Mitglied|Anrufer(?:in|s)?|Assistent(?:in)? (?:von|für)"
        r"|im Auftrag von|im Namen von|arbeitest für"
    ),
    "fr": (
        r"client(?:e|s)?|patient(?:e|s)?|utilisat(?:eur|rice)s?|employée?s?|salariée?s?|collègues?|responsable"
        r"|direct(?:eur|rice)|gérante?|fondat(?:eur|rice)|locataire|élève|étudiante?|candidate?|adhérente?"
        r"|assurée?|abonnée?|présentes?|présents|participant(?:e|s|es)?|interlocut(?:eur|rice)"
        r"|assistante? (?:de|pour)|au nom de|pour le compte de"
    ),
    "es": (
        r"client[ea]s?|pacientes?|usuari[oa]s?|emplead[oa]s?|compañer[oa]s?|responsable|director[a]?|gerente"
        r"|dueñ[oa]|asistentes|presentes|participantes|fundador[a]?|inquilin[oa]|alumn[oa]|estudiante|candidat[oa]"
        r"|soci[oa]|asegurad[oa]|titular|contacto|asistente de|en nombre de|trabajas para"
    ),
    "it": (
        r"client[ei]|pazient[ei]|utent[ei]|dipendent[ei]|colleg(?:a|hi|he)|responsabile|dirett(?:ore|rice)"
        r"|titolare|presenti|partecipant[ei]|fondat(?:ore|rice)|inquilin[oa]|alunn[oa]|student(?:e|essa)"
        r"|candidat[oa]|soci[oa]|assicurat[oa]|referente|assistente di|per conto di|a nome di|lavori per"
    ),
    "nl": (
        r"klant(?:en)?|cliënte?n?|patiënte?n?|gebruikers?|medewerk(?:er|ster)|werknemer|collega|chef|baas"
        r"|eigena(?:ar|resse)|aanwezig(?:en)?|deelnemers?|oprichter|directeur|huurder|leerling|student(?:e)?"
        r"|sollicitant|verzekerde|lid|contactpersoon|assistente? van|namens|werkt voor"
    ),
    "da": (
        r"kunde[nr]?|klient(?:en)?|patient(?:en)?|bruger(?:en)?|medarbejder(?:en)?|kollega(?:en)?|chef(?:en)?"
        r"|leder(?:en)?|til stede|deltagere?|ejer(?:en)?|stifter(?:en)?|direktør(?:en)?|lejer(?:en)?|elev(?:en)?"
        r"|studerende|ansøger(?:en)?|medlem(?:met)?|kontaktperson(?:en)?|assistent for|på vegne af|arbejder for"
    ),
}
_SPEAKS_OF_PEOPLE: Final = re.compile(rf"(?<!\w)(?:{'|'.join(_PEOPLE.values())})(?!\w)", re.IGNORECASE)
_NAMING: Final = (
    r"named|called|names? (?:is|are)|name's|i am|i'm|known as|goes by|signed|written by|prepared for|addressed to"
    r"|speak(?:ing)? (?:to|with)|talk(?:ing)? (?:to|with)|chat(?:ting)? with|help(?:ing)?|heißt|heisst|namens"
    r"|Name ist|sprichst mit|hilfst|s['’]appelle|nommée?|au nom de|parles? (?:à|avec)|aides?|se llama|llamad[oa]"
    r"|nombre es|hablas con|ayudas a|si chiama|di nome|nome è|parli con|aiuti|heet|genaamd|naam is|spreekt met"
    r"|helpt|hedder|ved navn|navn er|taler med|hjælper"
)
_CUE: Final = re.compile(
    rf"(?<!\w)(?:(?i:{'|'.join(_PEOPLE.values())}|{_NAMING})(?:['’]s)?)(?!\w)(?:[^.!?\n]|\bdr\.){{0,40}}\Z",
)
_MAX_CUE_LENGTH: Final = 80
_AFTER: Final = re.compile(
    r"\s?,?\s?(?:\(?(?:born|née?|geb\.|geboren|nacid[oa]|nat[oa]|født|aged|wohnhaft|residing|domicilié)\b"
    r"|[(<]\s?[\w.+-]{1,64}@|['’]s (?:account|order|phone|address|calendar|inbox|manager|team|file|record|appointment))"
)
_LABEL_WORDS: Final = (
    r"(?:full|first|last|given|family|middle|sur|user|display|legal|contact|billing|shipping|account|card)?[ _-]?name"
    r"|customer|client|patient|employee|contact|person|author|owner|assignee|reporter|manager|recipient|sender|attendees?"
    r"|participants?|from|to|cc|kunde|kundin|vorname|nachname|ansprechpartner|patientin|mitarbeiter|nom|prénom|nombre"
    r"|apellidos?|cliente|paciente|cognome|nome|paziente|naam|voornaam|achternaam|klant|navn|fornavn|efternavn"
)
_SURE_LABEL_WORDS: Final = (
    r"(?:full|first|last|given|family|sur|patient|customer|client|employee|contact|guest|student)[ _-]?name"
    r"|vorname|nachname|familienname|prénom|nom de famille|apellidos?|nombre de pila|cognome|voornaam|achternaam"
    r"|fornavn|efternavn|patient(?:in)?|customer|employee|kunde|kundin|mandant(?:in)?|paciente|paziente|klant"
)
_SURE_LABEL: Final = re.compile(
    rf"[\"'](?:[\w-]*[_-])?(?:{_SURE_LABEL_WORDS})[\"']\s?[:=]|<(?:[\w-]*[_-])?(?:{_SURE_LABEL_WORDS})>", re.IGNORECASE
)
_RECORD: Final = 120
"""Characters before and after a name in which the other fields of its record stand."""
_LABEL: Final = re.compile(rf"(?:.*[ _.\-])?(?:{_LABEL_WORDS})(?:[ _\-]?\d{{1,2}})?", re.IGNORECASE)
_TOOL_LABELS: Final = frozenset({"tool_name", "file_name", "function_name", "filename", "toolname", "display_name"})


def speaks_of_people(text: str) -> bool:
    """Whether there is a word in it for what people are to each other or to a company."""
    return _SPEAKS_OF_PEOPLE.search(text) is not None


def is_introduced(text: str, start: int, end: int) -> bool:
    """Whether the words around text[start:end] say that a person is named there."""
    before = text[max(0, start - _MAX_CUE_LENGTH) : start]
    return _CUE.search(before) is not None or _AFTER.match(text, end) is not None


def in_record_of_person(text: str, start: int, end: int) -> bool:
    """Whether fields beside text[start:end] say that a record is of a person: `"vorname": "Jane"`."""
    return _SURE_LABEL.search(text, max(0, start - _RECORD), end + _RECORD) is not None


def is_person_label(label: str) -> bool:
    """Whether a field of this name holds a person's name."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", label.strip())
    return spaced.lower() not in _TOOL_LABELS and _LABEL.fullmatch(spaced) is not None
