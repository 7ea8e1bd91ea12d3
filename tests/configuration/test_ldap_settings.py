from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from promptguard.configuration.ldap_settings import LdapSettings

WHOLE = {"urls": ["ldaps://dc1.corp.example"], "base": "DC=corp,DC=example"}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"urls": "ldap://dc1.corp.example:389"},
        {"bind_user": "reader@corp.example", "bind_password_file": "password"},
        {"user_filter": "(&(objectClass=inetOrgPerson)(uid={user}))", "user_attribute": "uid"},
    ],
)
def test_what_is_whole(given: dict[str, Any]) -> None:
    assert LdapSettings.model_validate(WHOLE | given, strict=False).urls


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"urls": []}, "at least 1"),
        ({"urls": "dc1.corp.example"}, "write an address such as ldaps://dc1.corp.example"),
        ({"urls": "ldaps://dc1.corp.example/dc=corp"}, "write an address such as"),
        ({"urls": "ldaps://reader:secret@dc1.corp.example"}, "write an address such as"),
        ({"urls": "http://dc1.corp.example"}, "write an address such as"),
        ({"bind_user": "reader"}, "`bind_password_file` is missing"),
        ({"bind_password_file": "password"}, "`bind_user` is missing"),
        ({"user_filter": "(uid=anna)"}, "write a filter with {user} in it"),
        ({"user_filter": "(uid={user}"}, "write a filter with {user} in it"),
        ({"user_filter": "(&(uid={user})(ou={unit}))"}, "the one name in braces"),
        ({"user_attribute": "uid)(cn=*"}, "match pattern"),
    ],
)
def test_mistakes(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        LdapSettings.model_validate(WHOLE | given, strict=False)
