from typing import Any

import pytest

from promptguard.configuration.console_settings import ConsoleSettings
from promptguard.console.place import Place, place_of
from promptguard.errors import PromptGuardError


@pytest.mark.parametrize(
    ("place", "url", "good", "bad"),
    [
        (Place("127.0.0.1", 8081, False), "http://127.0.0.1:8081", "localhost:8081", "127.0.0.1"),
        (Place("::1", 8081, False), "http://[::1]:8081", "[::1]:8081", "::1"),
        (Place("0.0.0.0", 443, True), "https://127.0.0.1:443", "127.0.0.1", "guard.example.com"),
        (
            Place("0.0.0.0", 8081, True, ("Guard.Example.com",)),
            "https://Guard.Example.com:8081",
            "guard.example.com",
            "x",
        ),
        (
            Place("0.0.0.0", 8081, False, published=("127.0.0.1", 9081)),
            "http://127.0.0.1:9081",
            "localhost:9081",
            "promptguard:8081",
        ),
        (Place("0.0.0.0", 8081, False, published=("::1", 9081)), "http://[::1]:9081", "[::1]:9081", "172.17.0.2:8081"),
        (
            Place("0.0.0.0", 8443, True, ("guard.example.com",), published=("192.0.2.1", 443)),
            "https://guard.example.com:443",
            "guard.example.com",
            "192.0.2.1",
        ),
        (
            Place("0.0.0.0", 8443, True, published=("192.0.2.1", 9443)),
            "https://192.0.2.1:9443",
            "192.0.2.1:9443",
            "192.0.2.2:9443",
        ),
        (
            Place("127.0.0.1", 8081, False, before="https://Guard.example.com"),
            "http://127.0.0.1:8081",
            "guard.example.com:443",
            "guard.example.com:8081",
        ),
        (
            Place("127.0.0.1", 8081, False, before="https://guard.example.com:8443"),
            "http://127.0.0.1:8081",
            "guard.example.com",
            "guard.example.com:443",
        ),
    ],
)
def test_under_which_names_it_is_reached(place: Place, url: str, good: str, bad: str) -> None:
    assert place.url == url
    assert good in place.hosts
    assert bad not in place.hosts


@pytest.mark.parametrize(
    ("place", "inside"),
    [
        (Place("0.0.0.0", 8081, False, published=("127.0.0.1", 9081)), "127.0.0.1:8081"),
        (Place("::", 8081, False), "[::1]:8081"),
        (Place("192.0.2.1", 8081, True), "192.0.2.1:8081"),
    ],
)
def test_where_programs_beside_it_reach_it(place: Place, inside: str) -> None:
    assert place.inside == inside


ALL, HERE, THERE = ("0.0.0.0", 8081), ("127.0.0.1", 8081), ("192.0.2.1", 8081)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"listen": ALL}, "does not listen on 0.0.0.0"),
        ({"listen": ALL, "published": ALL}, "is not published on 0.0.0.0"),
        ({"listen": ALL, "published": THERE}, "is not published on 192.0.2.1"),
        ({"published": THERE}, "is not published on 192.0.2.1"),
        ({"listen": ALL, "published": HERE}, ""),
        ({"listen": HERE}, ""),
        ({}, ""),
    ],
)
def test_without_a_certificate_only_this_machine_reaches_it(asked: dict[str, Any], told: str) -> None:
    if told:
        with pytest.raises(PromptGuardError, match=told):
            place_of(ConsoleSettings(), **asked)
    else:
        assert place_of(ConsoleSettings(), **asked).url == "http://127.0.0.1:8081"


def test_people_are_led_to_what_stands_before_it() -> None:
    settings = ConsoleSettings(url="https://guard.example.com/")
    assert place_of(settings).public_url == "https://guard.example.com"
    assert place_of(ConsoleSettings()).public_url == "http://127.0.0.1:8081"


@pytest.mark.parametrize(
    ("place", "secure"),
    [
        (Place("127.0.0.1", 8081, False), set()),
        (Place("127.0.0.1", 8081, False, before="http://guard.example.com"), set()),
        (Place("127.0.0.1", 8081, False, before="https://localhost:8081"), {"localhost"}),
        (
            Place("127.0.0.1", 8081, False, ("guard.example.com",), before="https://guard.example.com"),
            {"guard.example.com", "guard.example.com:443"},
        ),
    ],
)
def test_where_browsers_reach_it_over_tls(place: Place, secure: set[str]) -> None:
    assert place.secure_hosts == secure


def test_with_a_certificate_all_is_over_tls() -> None:
    place = Place("0.0.0.0", 8443, True, ("guard.example.com",))
    assert place.secure_hosts == place.hosts
