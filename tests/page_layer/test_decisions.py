from __future__ import annotations

import pytest

from promptguard.page_layer.decisions import MAX_DECISIONS, MAX_TEXT, TTL_SECONDS, Decisions, Told, asked_by_layer

TOLD = Told("pg-1", "somebody|chatgpt", "Nothing was sent.", "Mail [EMAIL_ADDRESS]")
BY_LAYER = {"sec-fetch-site": "same-origin", "sec-fetch-dest": "empty", "sec-fetch-mode": "cors"}


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_only_the_same_person_at_the_same_service_is_told() -> None:
    decisions = Decisions()
    decisions.keep(TOLD)
    assert decisions.find("pg-1", "somebody|chatgpt") == TOLD
    assert decisions.find("pg-1", "somebody-else|chatgpt") is None
    assert decisions.find("pg-1", "somebody|claude") is None
    assert decisions.find("pg-2", "somebody|chatgpt") is None


def test_what_is_kept_is_forgotten_and_bounded() -> None:
    clock = Clock()
    decisions = Decisions(clock)
    decisions.keep(TOLD)
    for number in range(MAX_DECISIONS - 1):
        decisions.keep(Told(f"n{number}", "s", ""))
    assert decisions.find("pg-1", TOLD.scope)
    decisions.keep(Told("one more", "s", ""))
    assert decisions.find("pg-1", TOLD.scope) is None
    clock.now += TTL_SECONDS
    assert decisions.find("one more", "s") is None


def test_a_long_text_is_not_kept() -> None:
    decisions = Decisions()
    decisions.keep(Told("pg-1", "s", "notice", "a" * (MAX_TEXT + 1)))
    assert decisions.find("pg-1", "s") == Told("pg-1", "s", "notice")


@pytest.mark.parametrize(
    ("method", "changed", "expected"),
    [
        ("GET", {}, True),
        ("GET", {"sec-fetch-mode": "same-origin"}, True),
        ("POST", {}, False),
        ("GET", {"sec-fetch-site": "same-site"}, False),
        ("GET", {"sec-fetch-site": "cross-site"}, False),
        ("GET", {"sec-fetch-site": "none"}, False),
        ("GET", {"sec-fetch-dest": "script"}, False),
        ("GET", {"sec-fetch-mode": "no-cors"}, False),
        ("GET", {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}, False),
    ],
)
def test_only_scripts_of_the_same_origin_ask(method: str, changed: dict[str, str], expected: bool) -> None:
    assert asked_by_layer(method, BY_LAYER | changed) is expected
