from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from promptguard.configuration.kerberos_settings import KerberosSettings

WHOLE = {"keytab": "proxy.keytab", "realms": "CORP.EXAMPLE"}


@pytest.mark.parametrize("given", [{}, {"principal": "HTTP/proxy.corp.example"}, {"principal": "HTTP/p@CORP.EXAMPLE"}])
def test_what_is_whole(given: dict[str, Any]) -> None:
    assert KerberosSettings.model_validate(WHOLE | given, strict=False).realms == ("CORP.EXAMPLE",)


@pytest.mark.parametrize(
    ("given", "told"),
    [({"realms": []}, "at least 1"), ({"principal": "proxy.corp.example"}, "pattern"), ({"keytab": None}, "path")],
)
def test_mistakes(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        KerberosSettings.model_validate(WHOLE | given, strict=False)
