from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

import pytest

from promptguard.configuration.identities import Identities, IdentitiesFile
from promptguard.proxy.addons.admission import Admission


def admission(*, htpasswd: str | None = None, unknown: bool = False, override: bool | None = None) -> Admission:
    settings = SimpleNamespace(identity=SimpleNamespace(allow_unknown_clients=unknown, asks=htpasswd is not None))
    identities = Identities(IdentitiesFile.model_validate({"users": {"anna": ()}, "addresses": {"192.0.2.17": "anna"}}))
    service = SimpleNamespace(settings=settings, identities=identities)
    gateway: Any = SimpleNamespace(service=service, allow_unknown_clients=override)
    return Admission(gateway)


def error_of(door: Admission, address: str) -> str | None:
    client: Any = SimpleNamespace(peername=(address, 50000), error=None)
    door.client_connected(client)
    return client.error


@pytest.mark.parametrize(
    ("options", "address", "welcome"),
    [
        ({}, "127.0.0.1", True),
        ({}, "::1", True),
        ({}, "192.0.2.17", True),
        ({}, "192.0.2.18", False),
        ({"unknown": True}, "192.0.2.18", True),
        ({"unknown": True, "override": False}, "192.0.2.18", False),
        ({"override": True}, "192.0.2.18", True),
        ({"htpasswd": "users"}, "192.0.2.18", True),
    ],
)
def test_who_may_connect(options: dict[str, Any], address: str, welcome: bool) -> None:
    assert (error_of(admission(**options), address) is None) is welcome


def test_a_machine_that_is_turned_away_is_told_in_the_log_once(caplog: pytest.LogCaptureFixture) -> None:
    door = admission()
    with caplog.at_level(logging.WARNING):
        for address in ("192.0.2.18", "192.0.2.18", "192.0.2.19"):
            assert error_of(door, address) == "This machine is not known to PromptGuard."
    assert [record.getMessage().split()[0] for record in caplog.records] == ["192.0.2.18", "192.0.2.19"]
    assert "identities.yaml" in caplog.text


def test_nobody_is_let_in_where_it_cannot_be_told() -> None:
    client: Any = SimpleNamespace(peername=None, error=None)
    admission().client_connected(client)
    assert client.error == "PromptGuard could not tell who connects."
