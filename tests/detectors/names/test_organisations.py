from __future__ import annotations

import pytest

from promptguard.detectors.names.organisations import is_called_organisation, names_organisation


@pytest.mark.parametrize(
    ("name", "after", "organisation"),
    [
        ("Roe", " Ltd", True),
        ("Roe", ", Doe and Sons Ltd", True),
        ("Roe", " & Partners", True),
        ("Roe", " GmbH", True),
        ("Roe", " Insurance wrote", True),
        ("Roe", " Universität", True),
        ("Roe", " Verlag", True),
        ("Roe", " y Doe Ltda", True),
        ("Roe", " Scholarship", True),
        ("Roe", " wrote to the bank", False),
        ("Roe", " and Doe", False),
        ("Roe", "\nResearch department", False),
        ("Roe", " ASking", False),
        ("Roe", "", False),
    ],
)
def test_names_organisation(name: str, after: str, organisation: bool) -> None:
    assert names_organisation(name + after, len(name)) is organisation


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("au Laboratoire Jane Roe", "Jane Roe"),
        ("au Laboratoire Jane Roe", "Laboratoire Jane Roe"),
        ("bei Radio Eriwan", "Radio Eriwan"),
        ("en la Biblioteca de Roe", "Roe"),
        ("Éditions Zorblax, 1998", "Éditions Zorblax"),
        ("at the Bank of Zorblax", "Zorblax"),
        ("bei der Firma Zorblax nicht", "Zorblax"),
    ],
)
def test_called_organisation(text: str, name: str) -> None:
    start = text.index(name)
    assert is_called_organisation(text, start, start + len(name))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Jane Roe wrote", "Jane Roe"),
        ("the library. Roe said", "Roe"),
        ("My company boss Roe", "Roe"),
        ("è in azienda dal 2008. Firma Jane Roe", "Jane Roe"),
    ],
)
def test_not_called_organisation(text: str, name: str) -> None:
    start = text.index(name)
    assert not is_called_organisation(text, start, start + len(name))
