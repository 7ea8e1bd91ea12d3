"""Signing in on another device, with a provider that can be told to lie."""

from __future__ import annotations

from typing import Any

import pytest
from joserfc.jwk import RSAKey
from tests.samples.openid_provider import ISSUER, StandIn, settings, unsigned

from promptguard.openid.device_flow import DeviceCode, Unfinished, begin, finish
from promptguard.openid.failures import InvalidToken, ProviderFailed
from promptguard.openid.provider import OpenIDProvider

NOW = 1_800_000_000.0


@pytest.fixture
def stand_in() -> StandIn:
    return StandIn(lambda: NOW)


@pytest.fixture
def provider(stand_in: StandIn) -> OpenIDProvider:
    return OpenIDProvider(settings(), "", transport=stand_in, now=lambda: NOW)


def test_somebody_signs_in_elsewhere(stand_in: StandIn, provider: OpenIDProvider) -> None:
    begun = begin(provider)
    complete = f"{ISSUER}/activate?c=BCDF-GHJK"
    assert begun == DeviceCode("device-0", "BCDF-GHJK", f"{ISSUER}/activate", complete, 600, 2)
    assert "device-0" not in repr(begun)
    assert finish(provider, begun.device_code) is Unfinished.PENDING
    stand_in.devices[begun.device_code] = "approved"
    claims = finish(provider, begun.device_code)
    assert isinstance(claims, dict) and claims["preferred_username"] == "jane"
    assert finish(provider, begun.device_code) is Unfinished.USED


def test_each_code_is_one_sign_in(stand_in: StandIn, provider: OpenIDProvider) -> None:
    one, two = begin(provider).device_code, begin(provider).device_code
    stand_in.devices[two] = "approved"
    assert finish(provider, one) is Unfinished.PENDING
    assert isinstance(finish(provider, two), dict)


@pytest.mark.parametrize("why", [why for why in Unfinished if why is not Unfinished.USED])
def test_why_there_is_nothing(stand_in: StandIn, provider: OpenIDProvider, why: Unfinished) -> None:
    code = begin(provider).device_code
    stand_in.devices[code] = why.value
    assert finish(provider, code) is why


@pytest.mark.parametrize(
    "changed",
    [
        {"device_code": None},
        {"device_code": ""},
        {"user_code": "A\nB"},
        {"verification_uri": "javascript:alert(1)"},
        {"verification_uri": "http://login.example.com/activate"},
        {"expires_in": "600"},
        {"expires_in": 0},
        {"interval": "5"},
    ],
)
def test_an_answer_that_leads_nowhere(stand_in: StandIn, provider: OpenIDProvider, changed: dict[str, Any]) -> None:
    stand_in.device_answer = changed
    with pytest.raises(ProviderFailed, match="no code and address"):
        begin(provider)


def test_what_is_left_out_and_what_is_too_long(stand_in: StandIn, provider: OpenIDProvider) -> None:
    stand_in.device_answer = {"interval": None, "verification_uri_complete": "javascript:1", "expires_in": 10**9}
    begun = begin(provider)
    assert (begun.interval, begun.verification_uri_complete, begun.expires_in) == (5, "", 1800)


def test_a_provider_without_the_flow(stand_in: StandIn, provider: OpenIDProvider) -> None:
    stand_in.metadata = {"device_authorization_endpoint": None}
    with pytest.raises(ProviderFailed, match="device flow"):
        begin(provider)


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"iss": "https://login.example.com/other"}, "iss"),
        ({"aud": "another-client"}, "aud"),
        ({"aud": ["promptguard", "another"]}, "azp"),
        ({"azp": "another"}, "azp"),
        ({"exp": int(NOW) - 3600}, "exp"),
        ({"iat": int(NOW) - 3600}, "iat"),
        ({"sub": None}, "sub"),
    ],
)
def test_a_token_that_is_not_for_this_client_or_too_old(
    stand_in: StandIn, provider: OpenIDProvider, claims: dict[str, Any], why: str
) -> None:
    code = begin(provider).device_code
    stand_in.devices[code], stand_in.claims = "approved", claims
    with pytest.raises(InvalidToken, match=why):
        finish(provider, code)


def test_a_token_that_is_not_the_providers(stand_in: StandIn, provider: OpenIDProvider) -> None:
    one, two = begin(provider).device_code, begin(provider).device_code
    stand_in.devices |= {one: "approved", two: "approved"}
    stand_in.forge = unsigned
    with pytest.raises(InvalidToken, match="algorithm"):
        finish(provider, one)
    stand_in.forge = str
    stand_in.key = RSAKey.generate_key(2048, {"kid": "one"}, auto_kid=False)
    with pytest.raises(InvalidToken, match="signature"):
        finish(provider, two)
