from __future__ import annotations

import itertools
from typing import Any

import orjson
import pytest

from promptguard.destinations.entries import RegistryFile
from promptguard.destinations.registry import Registry
from promptguard.proxy.names import target_of


def entry(id: str, status: str) -> dict[str, Any]:
    return {"id": id, "name": id, "hosts": [f"api.{id}.com", f"*.{id}.net"], "kind": "api", "status": status}


STATUSES = ("approved", "approved_with_limits", "under_review", "unreviewed", "prohibited")
ENTRIES = [entry(status.replace("_", "-"), status) for status in STATUSES]


@pytest.fixture
def registry() -> Registry:
    return Registry(RegistryFile.model_validate_json(orjson.dumps({"destinations": ENTRIES})).entries())


@pytest.mark.parametrize(
    ("names", "host"),
    [
        (("api.approved.com", None), "api.approved.com"),
        (("10.1.2.3", "api.approved.com"), "api.approved.com"),
        (("harmless.example", "api.approved.com"), "api.approved.com"),
        (("api.approved.com", "harmless.example"), "api.approved.com"),
        (("API.Approved.com.", "api.approved.com:443"), "API.Approved.com."),
        (("api.approved.com", "files.approved.net"), "api.approved.com"),
    ],
)
def test_any_name_of_an_ai_service_makes_a_request_one_to_it(
    registry: Registry, names: tuple[str | None, ...], host: str
) -> None:
    target = target_of(registry, names)
    assert target is not None
    assert (target.destination.id, target.host, target.ambiguous) == ("approved", host, False)


@pytest.mark.parametrize("names", [(), (None, None), ("harmless.example", None), ("", "10.1.2.3")])
def test_other_names_are_none(registry: Registry, names: tuple[str | None, ...]) -> None:
    assert target_of(registry, names) is None


@pytest.mark.parametrize(("milder", "stricter"), list(itertools.combinations(range(len(STATUSES)), 2)))
def test_of_several_services_the_least_approved_counts(registry: Registry, milder: int, stricter: int) -> None:
    hosts = [f"api.{STATUSES[index].replace('_', '-')}.com" for index in (milder, stricter)]
    for names in (hosts, hosts[::-1], [hosts[0], "harmless.example", hosts[1]]):
        target = target_of(registry, names)
        assert target is not None
        assert (str(target.destination.status), target.host) == (STATUSES[stricter], hosts[1])
        assert target.ambiguous
