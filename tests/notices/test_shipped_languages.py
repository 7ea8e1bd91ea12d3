"""The language files that are shipped: none lacks a text, says it with other names in braces, or says it in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
import yaml

from promptguard.model import (
    Action,
    Circumstances,
    DataClass,
    Decision,
    Destination,
    Finding,
    Identity,
    Kind,
    Prompt,
    Purpose,
    Role,
    Ruling,
    Segment,
    Status,
)
from promptguard.notices.templates import Templates
from promptguard.notices.writer import NoticeWriter
from promptguard.reasons import Code
from promptguard.typed_yaml.reading import load

FOLDER = Path(__file__).parents[2] / "config" / "notices"
LANGUAGES = ("da", "de", "es", "fr", "it", "nl")
SECTIONS = (
    "titles", "paragraphs", "words", "advice", "layer", "copying", "device", "acknowledging", "justifying",
    "staff", "recorded", "employee_notice",
)  # fmt: skip


def texts(language: str) -> dict[str, str]:
    """All texts of a language by where they stand: `paragraphs.remove.1`."""

    def within(place: str, value: object) -> Iterator[tuple[str, str]]:
        if isinstance(value, dict):
            for key, each in value.items():
                yield from within(f"{place}.{key}" if place else str(key), each)
        elif isinstance(value, list):
            for number, each in enumerate(value):
                yield from within(f"{place}.{number}", each)
        else:
            yield place, str(value)

    return dict(within("", yaml.safe_load((FOLDER / f"{language}.yaml").read_text("utf-8"))))


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


ENGLISH = {place: text for place, text in texts("en").items() if place != "language"}


def test_these_languages_are_shipped() -> None:
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(("en", *LANGUAGES))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_missing(language: str) -> None:
    assert not ENGLISH.keys() - texts(language).keys()


@pytest.mark.parametrize("language", ("en", *LANGUAGES))
def test_no_text_is_filled_in_in_english(language: str) -> None:
    templates = load(FOLDER / f"{language}.yaml", Templates)
    assert templates.language == language
    for section in SECTIONS:
        part = getattr(templates, section)
        assert not set(type(part).model_fields) - part.model_fields_set, section
    assert not {str(code) for code in Code} - templates.problems.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_names_in_braces_are_those_of_the_english_text(language: str) -> None:
    there = texts(language)
    assert {place: names_in(there[place]) for place in ENGLISH} == {
        place: names_in(text) for place, text in ENGLISH.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_the_english_one(language: str) -> None:
    """Words may be the same: a token is a token. Three in a row are English."""
    there = texts(language)
    same = [place for place, text in ENGLISH.items() if there[place] == text]
    assert not [place for place in same if len(re.findall(r"[^\W\d_]+", re.sub(r"{\w+}", "", ENGLISH[place]))) > 2]


@pytest.mark.parametrize(
    ("language", "one", "several"),
    [
        ("da", "1 e-mailadresse og 1 API-nøgle til OpenAI i din besked", "2 e-mailadresser i din besked"),
        ("de", "1 E-Mail-Adresse und 1 API-Schlüssel von OpenAI in Ihrer Nachricht", "2 E-Mail-Adressen in Ihrer"),
        ("es", "1 dirección de correo electrónico y 1 clave de API de OpenAI en su mensaje", "2 direcciones de correo"),
        ("fr", "1 adresse e-mail et 1 clé d'API OpenAI dans votre message", "2 adresses e-mail dans votre message"),
        ("it", "1 indirizzo e-mail e 1 chiave API di OpenAI nel suo messaggio", "2 indirizzi e-mail nel suo"),
        ("nl", "1 e-mailadres en 1 API-sleutel van OpenAI in uw bericht", "2 e-mailadressen in uw bericht"),
    ],
)
def test_one_and_several(language: str, one: str, several: str) -> None:
    writer = NoticeWriter(load(FOLDER / f"{language}.yaml", Templates), None, {})
    destination = Destination("chat", "Some Chat", ("chat.example",), Kind.WEB_CHAT, Status.APPROVED)
    circumstances = Circumstances(Identity("anna", "p_1"), destination, Purpose.PROMPT)
    prompt = Prompt(destination, Purpose.PROMPT, "generic", (Segment((0,), "x" * 90, Role.USER),))

    def found(entity_type: str, data_class: DataClass, value: str) -> Finding:
        return Finding(0, 0, 9, entity_type, data_class, 0.9, "Detector", value)

    def said(*findings: Finding) -> str:
        rulings = tuple(Ruling(Action.BLOCK, "rule", "Why.", True) for _ in findings)
        decision = Decision(Action.BLOCK, "rule", "Why.", rulings=rulings)
        return writer.refused("pg-1", decision, circumstances, findings, prompt).text

    mail = found("EMAIL_ADDRESS", DataClass.PERSONAL_DATA, "v")
    key = found("OPENAI_API_KEY", DataClass.CREDENTIALS, "k")
    assert one in said(mail, key)
    assert several in said(mail, found("EMAIL_ADDRESS", DataClass.PERSONAL_DATA, "w"))
