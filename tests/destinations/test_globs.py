from __future__ import annotations

import random

import pytest

from promptguard.destinations.globs import Glob, Paths
from promptguard.model import Purpose, Route


def glob(path: str, purpose: Purpose = Purpose.PROMPT, *methods: str) -> Glob:
    return Glob.of(Route(path, "generic", purpose), frozenset(methods))


@pytest.mark.parametrize(
    ("path", "plain", "readings"),
    [
        ("/v1/chat", "/v1/chat", ["/v1/chat"]),
        ("/V1/Chat/", "/V1/Chat/", ["/v1/chat/", "/v1/chat"]),
        ("/v1/%63hat", "/v1/chat", ["/v1/chat"]),
        ("//v1//chat", None, ["/v1/chat"]),
        ("/account/../v1/chat", None, ["/v1/chat"]),
        ("/v1;x=/account/chat;y", None, ["/v1;x=/account/chat;y", "/v1/account/chat"]),
        ("/v1\\chat", None, ["/v1/chat"]),
        ("/account/%2e%2e/v1", None, ["/v1"]),
        ("/account/%252e%252e/v1", None, ["/account/%2e%2e/v1", "/v1"]),
        ("/a%00b", None, ["/a\0b"]),
    ],
)
def test_what_servers_may_read(path: str, plain: str | None, readings: list[str]) -> None:
    paths = Paths.of(path)
    assert (paths.plain, list(paths.readings)) == (plain, readings)


@pytest.mark.parametrize(
    ("pattern", "purpose", "path", "fits"),
    [
        ("/v1/chat", Purpose.PROMPT, "/V1/CHAT", True),
        ("/v1/chat", Purpose.PROMPT, "/account/%2e./v1/chat", True),
        ("/upload/*", Purpose.UPLOAD, "/x/..//Upload/a", True),
        ("/account/*", Purpose.ACCOUNT, "/account/me", True),
        ("/account/*", Purpose.ACCOUNT, "/Account/me", False),
        ("/account/*", Purpose.ACCOUNT, "/account/../v1/chat", False),
        ("/account/*", Purpose.ACCOUNT, "/account/;/v1/chat", False),
        ("/ces/*", Purpose.TELEMETRY, "/ces/%2e%2e/v1/chat", False),
        ("/ces/*", Purpose.TELEMETRY, "/ces/v1/t", True),
        ("/a*b*c", Purpose.PROMPT, "/abc", True),
        ("/a*b*c", Purpose.PROMPT, "/acb", False),
        ("/a*a", Purpose.PROMPT, "/a", False),
        ("*/chat", Purpose.PROMPT, "/v1/chat", True),
    ],
)
def test_weak_routes_match_as_they_are_written(pattern: str, purpose: Purpose, path: str, fits: bool) -> None:
    assert glob(pattern, purpose).matches("POST", Paths.of(path)) is fits


@pytest.mark.parametrize(("methods", "fits"), [((), True), (("POST",), True), (("GET", "PUT"), False)])
def test_methods(methods: tuple[str, ...], fits: bool) -> None:
    assert glob("/v1", Purpose.PROMPT, *methods).matches("POST", Paths.of("/v1")) is fits


def test_what_is_an_account_is_one_in_every_reading() -> None:
    generator = random.Random(7)
    account = glob("/account/*", Purpose.ACCOUNT)
    for _ in range(500):
        path = "/account/" + "".join(generator.choices(["..", "%2e", "%252e", "/", "%2f", "\\", ";", "a"], k=4)) + "/v1"
        if account.matches("POST", Paths.of(path)):
            assert all(reading.startswith("/account/") for reading in Paths.of(path).readings), path
