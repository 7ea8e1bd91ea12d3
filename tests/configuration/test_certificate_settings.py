from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from promptguard.configuration.certificate_settings import CertificateSettings


@pytest.mark.parametrize("given", [{}, {"named_by": "email", "domains": "corp.example"}, {"required": True}])
def test_what_is_whole(given: dict[str, Any]) -> None:
    assert CertificateSettings.model_validate({"ca_file": "ca.pem"} | given, strict=False).ca_file


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"named_by": "upn"}, "`domains` is missing"),
        ({"domains": "corp.example"}, "a common name has no domain"),
        ({"named_by": "subject"}, "common_name"),
    ],
)
def test_mistakes(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        CertificateSettings.model_validate({"ca_file": "ca.pem"} | given, strict=False)
