from __future__ import annotations

from typing import Any

import pytest

from promptguard.configuration.device_sign_in_settings import DeviceSignInSettings
from promptguard.device_sign_in.admission import policy_groups_in, user_in
from promptguard.device_sign_in.failures import NotAdmitted
from promptguard.openid.failures import InvalidToken

NEEDED = {
    "issuer": "https://login.example.com",
    "client_id": "promptguard",
    "listen": "127.0.0.1:8443",
    "url": "https://proxy.example:8443",
}


def settings(**changed: Any) -> DeviceSignInSettings:
    return DeviceSignInSettings.model_validate({**NEEDED, **changed})


@pytest.mark.parametrize(
    ("changed", "claims", "user"),
    [
        ({}, {"preferred_username": " Anna "}, "anna"),
        ({}, {"preferred_username": "Anna@corp.example"}, "anna@corp.example"),
        ({"domains": ["Corp.example"]}, {"preferred_username": "Anna@CORP.example"}, "anna"),
        ({"name_claim": "email"}, {"email": "a@corp.example"}, "a@corp.example"),
        ({"name_claim": "email"}, {"email": "a@corp.example", "email_verified": True}, "a@corp.example"),
    ],
)
def test_who_it_is(changed: dict[str, Any], claims: dict[str, Any], user: str) -> None:
    assert user_in(claims, settings(**changed)) == user


@pytest.mark.parametrize(
    ("changed", "claims", "error"),
    [
        ({}, {}, InvalidToken),
        ({}, {"preferred_username": " "}, InvalidToken),
        ({}, {"preferred_username": ["anna"]}, InvalidToken),
        ({}, {"preferred_username": "an\nna"}, InvalidToken),
        ({}, {"preferred_username": "a" * 201}, InvalidToken),
        ({"domains": ["corp.example"]}, {"preferred_username": "anna"}, NotAdmitted),
        ({"domains": ["corp.example"]}, {"preferred_username": "@corp.example"}, NotAdmitted),
        ({"domains": ["corp.example"]}, {"preferred_username": "anna@evil.example"}, NotAdmitted),
        ({"domains": ["corp.example"]}, {"preferred_username": "anna@corp.example@evil.example"}, NotAdmitted),
        ({"name_claim": "email"}, {"email": "a@corp.example", "email_verified": False}, NotAdmitted),
    ],
)
def test_who_is_nobody_here(changed: dict[str, Any], claims: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        user_in(claims, settings(**changed))


@pytest.mark.parametrize(
    ("changed", "claims", "groups"),
    [
        ({}, {"groups": ["a", "b", 1]}, {"a", "b"}),
        ({}, {"groups": "a"}, {"a"}),
        ({}, {}, set()),
        ({"groups": {"0f3c": ["it", "staff"]}}, {"groups": ["0f3c", "other"]}, {"it", "staff"}),
        ({"groups_claim": "realm.roles"}, {"realm": {"roles": ["a"]}}, {"a"}),
    ],
)
def test_groups_as_policies_call_them(changed: dict[str, Any], claims: dict[str, Any], groups: set[str]) -> None:
    assert policy_groups_in(claims, settings(**changed)) == groups


def test_groups_that_are_told_elsewhere_are_not_taken_for_none() -> None:
    with pytest.raises(InvalidToken, match="too many groups"):
        policy_groups_in({"_claim_names": {"groups": "src1"}}, settings())
