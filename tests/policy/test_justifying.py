from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from promptguard.model import DataClass
from promptguard.policy.justifying import GrantScope, Justifications


def test_as_shipped_no_reason_lets_credentials_and_customers_data_pass() -> None:
    section = Justifications()
    assert section.never == (DataClass.CREDENTIALS, DataClass.TENANT_DATA)
    assert section.scopes == (GrantScope.FINDING,)


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        ({"free_text": False}, "no reason could be given"),
        ({"scopes": ()}, "a reason would hold for nothing"),
        ({"minutes": 0}, "greater than or equal to 1"),
        ({"hours": 200}, "less than or equal to 168"),
        ({"reasons": {"Not a name": "x"}}, "match pattern"),
        ({"reasons": {"a": "x" * 101}}, "at most 100 characters"),
    ],
)
def test_what_cannot_be_meant(section: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        Justifications.model_validate(section)


@pytest.mark.parametrize(
    ("said", "id"),
    [
        ("asked", "asked"),
        ("The customer asked for it", "asked"),
        (" the  customer asked\tfor it ", "asked"),
        ("The customer", ""),
        ("", ""),
    ],
)
def test_listed_reasons_are_known_by_their_names_and_their_words(said: str, id: str) -> None:
    assert Justifications(reasons={"asked": "The customer asked for it"}).reason_id(said) == id
