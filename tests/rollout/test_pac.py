"""The PAC file, asked in a real engine: what browsers are told is what the registry says."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pacparser
import pytest

from promptguard.configuration.destinations import Destinations, load_destinations
from promptguard.rollout.pac import proxy_auto_config
from promptguard.wire.formats import load_formats

CONFIG = Path(__file__).parents[2] / "config"
PROXIES = ("PROXY one.example:8080", "HTTPS two.example:8443")
THROUGH = "PROXY one.example:8080; HTTPS two.example:8443"


@pytest.fixture(scope="module")
def destinations() -> Destinations:
    return load_destinations(CONFIG, load_formats())


@pytest.fixture(autouse=True)
def engine() -> Iterator[None]:
    pacparser.init()
    yield
    pacparser.cleanup()


def asked(text: str, hosts: Sequence[str], scheme: str = "https") -> list[str]:
    pacparser.parse_pac_string(text)
    return [pacparser.find_proxy(f"{scheme}://{host}/", host) for host in hosts]


def hosts_like(patterns: Sequence[str], drawn: random.Random) -> list[str]:
    """Hosts of patterns, beside them, and others: as many again with a letter more, a label less, or one more."""
    hosts = [pattern.replace("*", drawn.choice(["a", "eu-west-1", "x9"])) for pattern in patterns]
    hosts += [pattern.replace("*", "a.b") for pattern in patterns if "*" in pattern]
    beside = [change(host) for host in hosts for change in (lambda h: f"x{h}", lambda h: f"a.{h}", _without_a_label)]
    return drawn.sample(hosts, 300) + drawn.sample(beside, 300)


def _without_a_label(host: str) -> str:
    return host.partition(".")[2]


def test_as_the_registry_says(destinations: Destinations) -> None:
    registry, drawn = destinations.registry, random.Random(7)
    hosts = hosts_like([host for each in registry.destinations for host in each.hosts], drawn)
    hosts += ["example.com", "localhost", "127.0.0.1", "openai.com.example", "constructor", "hasOwnProperty.example"]
    told = asked(proxy_auto_config(registry.destinations, PROXIES), hosts)
    wanted = [
        THROUGH if (found := registry.find_host(host)) is not None and found.enabled else "DIRECT" for host in hosts
    ]
    assert [(host, was) for host, was, right in zip(hosts, told, wanted, strict=True) if was != right] == []
    assert len(hosts) > 500 and {THROUGH, "DIRECT"} == set(wanted)


def test_hosts_besides_go_through_it_too(destinations: Destinations) -> None:
    text = proxy_auto_config(destinations.registry.destinations, PROXIES, besides=["login.example"])
    assert asked(text, ["login.example", "other.example"]) == [THROUGH, "DIRECT"]


@pytest.mark.parametrize("host", ["API.OpenAI.com", "api.openai.com.", "api.openai.com.."])
def test_a_host_is_known_however_it_is_written(destinations: Destinations, host: str) -> None:
    assert asked(proxy_auto_config(destinations.registry.destinations, PROXIES), [host]) == [THROUGH]


@pytest.mark.parametrize(
    ("host", "through"),
    [
        ("example.com", True),
        ("wiki.internal.example", False),
        ("internal.example", True),
        ("build.example", False),
        ("x.build.example", True),
        ("printer", False),
        ("localhost", False),
        ("127.0.0.1", False),
        ("10.0.0.1", True),
        ("api.openai.com", True),
    ],
)
def test_everything_but_what_goes_direct(destinations: Destinations, host: str, through: bool) -> None:
    """An AI service goes through the proxy also where somebody has let its domain pass."""
    options: dict[str, Any] = {"everything": True, "direct": ["*.internal.example", "build.example", "*.openai.com"]}
    text = proxy_auto_config(destinations.registry.destinations, PROXIES, **options)
    assert asked(text, [host]) == [THROUGH if through else "DIRECT"]
    assert asked(text, [host], "http") == [THROUGH if through else "DIRECT"]


def test_it_needs_a_proxy() -> None:
    with pytest.raises(ValueError, match="needs a proxy"):
        proxy_auto_config([], [])


def test_the_language_is_that_of_old_engines(destinations: Destinations) -> None:
    text = proxy_auto_config(destinations.registry.destinations, PROXIES, everything=True)
    assert text.isascii()
    assert not [word for word in ("let ", "const ", "=>", "`", ".includes(", ".endsWith(") if word in text]
