from __future__ import annotations

from typing import Any

import pytest

from promptguard.audit.usage import usage_of


def events(
    purpose: str, *days: int, times: int = 1, inspection: str = "inspected", body_bytes: int = 70, route: str = ""
) -> list[dict[str, Any]]:
    return [
        {
            "destination": "acme",
            "purpose": purpose,
            "time": f"2026-11-{day:02}T10:00:00.000Z",
            "inspection": inspection,
            "body_bytes": body_bytes,
            "route": route,
        }
        for day in days
        for _ in range(times)
    ]


def test_counts() -> None:
    found = usage_of(
        [
            *events("prompt", 1, 2, times=3),
            *events("upload", 2, inspection="not_inspected"),
            *events("account", 3),
            *events("prompt", 3, body_bytes=0),
            *events("prompt", 2, body_bytes=0, route="/search*"),
            {**events("prompt", 4)[0], "destination": "other"},
        ]
    )
    acme = found["acme"]
    assert (acme.prompts, acme.not_inspected, acme.others, acme.last_prompt) == (8, 1, 2, "2026-11-02")
    assert found["other"].prompts == 1


@pytest.mark.parametrize(
    ("recorded", "since"),
    [
        (events("prompt", 1, 2, 3) + events("account", 4, 5, 6, 7, times=5), "2026-11-03"),
        (events("prompt", 1, 2, 3) + events("telemetry", 4, 5, 6, 7, times=5), "2026-11-03"),
        (events("prompt", 1, 2, 3) + events("prompt", 4, 5, 6, 7, times=5, body_bytes=0), "2026-11-03"),
        (events("prompt", 1, 2, 3) + events("account", 4, 5, times=50), ""),
        (events("prompt", 1, 2, 3) + events("account", 4, 5, 6, 7), ""),
        (events("prompt", 1, 2, 3, 7) + events("account", 4, 5, 6, 7, times=5), ""),
        (events("prompt", 1) + events("account", 4, 5, 6, 7, times=5), ""),
        (events("account", 4, 5, 6, 7, times=5), ""),
        (events("prompt", 1, 2, 3), ""),
    ],
    ids=[
        "account",
        "statistics",
        "pages",
        "a weekend",
        "a few requests",
        "came back",
        "tried once",
        "never",
        "given up",
    ],
)
def test_a_service_that_went_silent(recorded: list[dict[str, Any]], since: str) -> None:
    assert usage_of(recorded)["acme"].silent_since == since
