from __future__ import annotations

from typing import Any

import pytest

from promptguard.configuration.identity_settings import IdentitySettings

LDAP = {"urls": "ldaps://dc1.corp.example", "base": "dc=corp"}


@pytest.mark.parametrize(
    ("given", "asks"),
    [
        ({}, False),
        ({"allow_unknown_clients": True}, False),
        ({"htpasswd": "users"}, True),
        ({"ldap": LDAP}, True),
        ({"devices": True}, True),
    ],
)
def test_whether_everybody_is_asked(given: dict[str, Any], asks: bool) -> None:
    assert IdentitySettings.model_validate(given, strict=False).asks is asks
