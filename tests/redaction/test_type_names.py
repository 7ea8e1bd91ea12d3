from __future__ import annotations

import pytest

from promptguard.redaction.type_names import is_type, names_of, words_of


@pytest.mark.parametrize(
    ("entity_type", "name"),
    [
        ("EMAIL_ADDRESS", "EMAIL ADDRESS"),
        ("EMAIL_ADDRESS", "EmailAddress"),
        ("EMAIL_ADDRESS", "address"),
        ("EMAIL_ADDRESS", "E-Mail-Adresse"),
        ("EMAIL_ADDRESS", "ADRESSE_ELECTRONIQUE"),
        ("TENANT_EMAIL", "correo electrónico"),
        ("TENANT_NAME", "Kunde"),
        ("PERSON", "姓名"),
        ("DE_TAX_ID", "tax id"),
        ("DE_TAX_ID", "Steuernummer"),
        ("DATE_OF_BIRTH", "Geburtsdatum"),
        ("COMPANY_THING", "company_thing"),
    ],
)
def test_names_of_types(entity_type: str, name: str) -> None:
    assert words_of(name) in names_of(entity_type)


@pytest.mark.parametrize(
    ("entity_type", "name"), [("EMAIL_ADDRESS", "person"), ("PERSON", "the name"), ("URL", "link")]
)
def test_no_names_of_types(entity_type: str, name: str) -> None:
    assert words_of(name) not in names_of(entity_type)


@pytest.mark.parametrize(
    ("text", "words"),
    [("", ""), ("E-Mail_Adresse", "e mail adresse"), ("ÉLÉ\u0301", "ele"), ("Straße", "strasse"), ("メール", "メール")],
)
def test_words_are_compared_without_case_and_accents(text: str, words: str) -> None:
    assert words_of(text) == words


def test_types_by_their_own_names() -> None:
    assert is_type("person")
    assert not is_type("kunde")
