from __future__ import annotations

from typing import Any

import pytest

from promptguard.configuration.identity_settings import IdentitySettings

LDAP = {"urls": "ldaps://dc1.corp.example", "base": "dc=corp"}
OPENID = {
    "issuer": "https://login.example.com",
    "client_id": "promptguard",
    "listen": "127.0.0.1:8443",
    "url": "https://proxy.corp.example:8443",
}


@pytest.mark.parametrize(
    ("given", "asks"),
    [
        ({}, False),
        ({"allow_unknown_clients": True}, False),
        ({"htpasswd": "users"}, True),
        ({"ldap": LDAP}, True),
        ({"devices": True}, True),
        ({"openid": OPENID}, True),
    ],
)
def test_whether_everybody_is_asked(given: dict[str, Any], asks: bool) -> None:
    assert IdentitySettings.model_validate(given, strict=False).asks is asks
