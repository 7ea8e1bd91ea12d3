from __future__ import annotations

from typing import Any

import pytest
from tests.samples.openid_provider import StandIn

from promptguard.configuration.device_sign_in_settings import DeviceSignInSettings
from promptguard.openid.provider import OpenIDProvider
from promptguard.rollout.sign_on import sign_on


@pytest.mark.parametrize(
    ("metadata", "down", "ok", "said"),
    [
        ({}, False, True, "login.example.com answers, and signs devices in; people begin at https://proxy:8443/device"),
        ({"device_authorization_endpoint": None}, False, False, "no device_authorization_endpoint"),
        ({"issuer": "https://login.example.com/other"}, False, False, "calls itself other"),
        ({}, True, False, "does not answer"),
    ],
)
def test_the_provider_is_asked(metadata: dict[str, Any], down: bool, ok: bool, said: str) -> None:
    company = StandIn(lambda: 0.0)
    company.metadata, company.down = metadata, down
    written = {"issuer": company.issuer, "client_id": "x", "listen": "127.0.0.1:8443", "url": "https://proxy:8443"}
    settings = DeviceSignInSettings.model_validate(written)
    (row,) = sign_on(settings, lambda given: OpenIDProvider(given, "", transport=company))
    assert row.ok is ok and said in row.sentence


def test_where_there_is_none_nobody_is_asked() -> None:
    assert list(sign_on(None)) == []
