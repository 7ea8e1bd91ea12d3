"""Names in machine text, under a label that says whose they are: `first_name=Jane`, `<lastName>Roe</lastName>`.

The model reads prose. What forms, records, queries and environments say of a person is told by the label alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from promptguard.detectors.names.lexicon import lexicon
from promptguard.detectors.names.lines import any_of, matches, where
from promptguard.detectors.names.spans import PERSON, Span

RECOGNIZER: Final = "LabelledName"
LABELLED: Final = 0.8

_PART = (
    r"(?:(?:first|last|full|given|family|sur|fore|middle|maiden|nick|legal|preferred|patient|customer|client|employee"
    r"|contact|guest|student|member|tenant|payee|payer|cardholder|card_?holder|account_?holder|applicant|borrower|insured"
    r"|driver|passenger|recipient|sender|beneficiary|emergency_?contact|billing|shipping|spouse|guardian|parent|doctor"
    r"|physician|teacher)[ _-]?names?|givenname|familyname|surname|(?<![A-Za-z])(?:fname|lname|sn|cn)"
    r"|vorname|nachname|familienname|pr[ée]nom|nom[ _-]de[ _-]famille|apellidos?|cognome|voornaam|achternaam|fornavn"
    r"|efternavn|sobrenome|imi[ęe]|nazwisko|jm[ée]no|p[řr][íi]jmen[íi]|f[öo]rnamn|efternamn)"
)
_WORD = r"[^\W\d_]+(?:['’\-][^\W\d_]+)*\.?"
_VALUE = rf"(?P<value>{_WORD}(?:[ _+]{{1,2}}{_WORD}){{0,4}}|{_WORD},[ ]{_WORD}(?:[ ]{_WORD})?)"
_END = r"(?=\\?[\"'`]|[ \t]{0,8}(?:[<&,;|)\]}\r\n]|\Z)|[ \t]{2})"
_LABELLED = re.compile(
    rf"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))(?i:{_PART})(?:_?\d)?"
    rf"(?:\\?[\"'`\])*]{{0,3}}[ \t]{{0,4}}(?:=>|:=|=|:|->|\|)[ \t]{{0,4}}[*_]{{0,2}}[ \t]{{0,2}}\\?[\"'`\[(]{{0,2}}"
    rf"|>[ \t]{{0,4}}|[\"'][^<>\n]{{0,80}}?\bvalue=[\"'])"
    rf"{_VALUE}{_END}"
)
_VCARD = re.compile(r"^N(?:;[^:\n]{0,60})?:(?P<value>[^\W\d_][^;:\n]{0,40};[^\W\d_][^;:\n]{0,40})(?=;|$)", re.MULTILINE)
_PERSON = re.compile(
    r"(?<![A-Za-z])(?i:customer|client|patient|employee|author|assignee|reporter|owner|approver|reviewer|manager|contact"
    r"|requester|created_?by|updated_?by|approved_?by|assigned_?to|submitted_?by|signed_?by|user|name)"
    r"\\?[\"'`\]]{0,2}[ \t]{0,2}[=:][ \t]{0,2}\\?[\"'`]?"
    r"(?P<value>[A-Z][a-z]+(?:[_ +.][A-Z]\.?)?[_ +.][A-Z][a-z]+(?:-[A-Z][a-z]+)?)(?![\w(./\\])"
)
"""`Customer=Jane_Roe`: weaker words, for what is written like a full name of which a half is listed."""
_BIBLIOGRAPHY = re.compile(
    r"^[ \t]{0,8}(?i:author|editor)[ \t]{0,12}=[ \t]{0,4}[{\"](?P<value>[^{}\"\n]{3,200})[}\"]", re.MULTILINE
)
_AND = re.compile(r"[ ]and[ ]")
_NO_NAMES: Final = frozenset(
    [
        *("unknown", "anonymous", "none", "null", "test", "default", "string", "varchar", "unbekannt", "inconnu"),
        *("corp", "inc", "ltd", "llc", "gmbh", "ag", "co", "company", "group", "bank", "bv", "sa", "sas", "srl", "kg"),
    ]
)
"""What stands for a name where there is none, and how companies are called."""


_LABELS: Final = any_of(
    [
        *(
            "name",
            "sn",
            "cn",
            "nom",
            "apellido",
            "naam",
            "navn",
            "namn",
            "imi\u0119",
            "imie",
            "nazwisko",
            "m\u00e9no",
            "meno",
        ),
        *("jmen", "jmeni", "jmen\u00ed"),
    ]
)
"""A part of each of the labels that `_PART` has."""
_NAME_AFTER_SIGN: Final = where(re.compile(r"[=:][ \t]{0,2}\\?[\"'`]?[A-Z][a-z]+(?:[_ +.][A-Z]\.?)?[_ +.][A-Z][a-z]"))
"""What `_PERSON` needs: a sign, and what is written like a full name."""


def find_labelled(text: str) -> Iterator[Span]:
    """The names under labels in `text`; they may overlap."""
    for match in matches(_LABELLED, text, _LABELS):
        if _is_name(match["value"]):
            yield Span(*match.span("value"), PERSON, LABELLED, RECOGNIZER)
    for match in _VCARD.finditer(text):
        yield Span(*match.span("value"), PERSON, LABELLED, RECOGNIZER)
    if "{" in text:
        yield from _in_bibliographies(text)
    for match in matches(_PERSON, text, _NAME_AFTER_SIGN):
        if _is_listed(match["value"]):
            yield Span(*match.span("value"), PERSON, LABELLED, RECOGNIZER)


def _in_bibliographies(text: str) -> Iterator[Span]:
    """The names in the fields of BibTeX: `author = {Jane Roe and Max Doe}`."""
    for match in _BIBLIOGRAPHY.finditer(text):
        start = match.start("value")
        for gap in [*_AND.finditer(text, *match.span("value")), None]:
            end = gap.start() if gap else match.end("value")
            if " " in text[start:end] and _is_name(text[start:end]):
                yield Span(start, end, PERSON, LABELLED, RECOGNIZER)
            start = gap.end() if gap else end


def _is_name(value: str) -> bool:
    """Whether a value may be a name: not a word of the language in lower case, a type, a verb of a form."""
    lists = lexicon()
    words = _words(value)
    named = [word for word in words if word.lower() in lists.given_names or word.lower() in lists.surnames]
    if all(word.islower() or word.isupper() for word in words):
        return len(named) == len(words) and any(word.lower() not in lists.common_words for word in named)
    if words[-1].lower() in _NO_NAMES or words[0].lower() in _NO_NAMES:
        return False
    plain = [word for word in words if lists.is_plain(word)]
    return any(word[0].isupper() for word in words) and len(plain) * 2 < len(words)


def _is_listed(value: str) -> bool:
    lists = lexicon()
    words = _words(value)
    first, last = words[0].lower(), words[-1].lower()
    if last in _NO_NAMES or lists.names_no_person(words) or all(word.lower() in lists.common_words for word in words):
        return False
    return first in lists.given_names or (last in lists.surnames and first not in lists.common_words)


def _words(value: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", value)
