"""A provider that can be told to lie, and a clock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.samples.openid_provider import StandIn

from promptguard.configuration.device_sign_in_settings import DeviceSignInSettings
from promptguard.device_sign_in.sign_ins import SignIns
from promptguard.notices.templates import Templates
from promptguard.openid.provider import OpenIDProvider
from promptguard.typed_yaml.reading import load

LANGUAGES = [load(Path(__file__).parents[2] / "config" / "notices" / f"{tag}.yaml", Templates) for tag in ("en", "de")]
KEY = bytes(range(32))

type InForce = list[DeviceSignInSettings | None]


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def company(clock: Clock) -> StandIn:
    return StandIn(clock)


@pytest.fixture
def in_force(company: StandIn) -> InForce:
    """The settings, which a test may change."""
    said = {"issuer": company.issuer, "client_id": "promptguard", "listen": "127.0.0.1:0", "url": "http://127.0.0.1"}
    return [DeviceSignInSettings.model_validate(said)]


@pytest.fixture
def make_sign_ins(company: StandIn, clock: Clock, in_force: InForce) -> Callable[[], SignIns]:
    return lambda: SignIns(
        lambda: in_force[0],
        KEY,
        lambda user: f"p_{len(user)}",
        open=lambda settings: OpenIDProvider(settings, "", transport=company, now=clock),
        now=clock,
    )


@pytest.fixture
def sign_ins(make_sign_ins: Callable[[], SignIns]) -> SignIns:
    return make_sign_ins()
