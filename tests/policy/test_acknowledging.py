from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from promptguard.model import IdentityClass
from promptguard.policy.acknowledging import Acknowledging
from promptguard.policy.policy import Policy
from promptguard.policy.schema import PolicyFile


def test_as_shipped_nobody_has_to_and_programs_never() -> None:
    section = Acknowledging()
    assert not section.document
    assert section.applies_to == (IdentityClass.EMPLOYEE, IdentityClass.CONTRACTOR)


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        ({"document": "https://example.com/policy"}, "needs its SHA-256"),
        ({"document": "policy.md", "sha256": "0" * 64}, "of a file is computed"),
        ({"version": "2", "earlier_versions": ("2",)}, "this is the version itself"),
        ({"sha256": "abc"}, "match pattern"),
        ({"every_days": 7}, "cannot be reminded of before that"),
        ({"every_days": 2000}, "less than or equal to 1096"),
    ],
)
def test_what_cannot_be_meant(section: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        Acknowledging.model_validate(section)


def test_policies_without_the_section_keep_their_hash() -> None:
    rules = '"rules": [{"id": "rest", "action": "allow", "reason": "x"}]'

    def hashed(section: str) -> str:
        return Policy(PolicyFile.model_validate_json(f'{{"version": "1", {section}{rules}}}')).hash

    assert hashed("") == hashed('"acknowledgement": {}, ') != hashed('"acknowledgement": {"document": "a.md"}, ')
