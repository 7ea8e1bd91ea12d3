from __future__ import annotations

import pytest
from pydantic import ValidationError

from promptguard.configuration.ca_settings import CaSettings


@pytest.mark.parametrize("permitted", [["example.com"], ["a.example.com", "b.example"], "example.com"])
def test_domains_to_come(permitted: object) -> None:
    assert CaSettings.model_validate({"permitted": permitted}).permitted


@pytest.mark.parametrize("permitted", [["*.example.com"], ["https://example.com"], ["Example.com"], ["com"], [""]])
def test_what_is_no_domain_is_told(permitted: object) -> None:
    with pytest.raises(ValidationError, match="no domain; write it in small letters"):
        CaSettings.model_validate({"permitted": permitted})
