from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from promptguard.destinations.sightings import Sighting, Sign
from promptguard.errors import PromptGuardError
from promptguard.runtime.coverage import coverage_of, seen_in, shapes_of
from promptguard.storage.sqlite.backend import SQLiteBackend

CONFIG = Path(__file__).parents[2] / "config"
TODAY = datetime.now(UTC).date().isoformat()


def seen(sign: Sign, host: str, destination: str = "", times: int = 1, outline: str = "", day: str = TODAY) -> Sighting:
    return Sighting(sign, host, destination, day, times, outline)


@pytest.fixture
def keep(tmp_path: Path) -> Callable[..., None]:
    def keep(*sightings: Sighting) -> None:
        with closing(SQLiteBackend.open(tmp_path / "promptguard.db")) as backend:
            backend.sightings().add(sightings)

    return keep


def test_signs_of_services_are_counted_and_those_of_other_hosts_are_not(
    tmp_path: Path, keep: Callable[..., None]
) -> None:
    keep(
        seen(Sign.NAME, "chat.fabrikam.ai", times=9),
        seen(Sign.UNCLAIMED, "pi.ai", "pi", 3, '{"a":"text"}'),
        seen(Sign.UNCLAIMED, "api.pi.ai", "pi", 2, '{"b":"text"}'),
        seen(Sign.EMPTY, "pi.ai", "pi", 1, "{}", day="2020-01-01"),
    )
    (found,) = coverage_of(CONFIG, tmp_path, 14)
    assert (found.destination, dict(found.signs), found.alarm) == ("pi", {Sign.UNCLAIMED: 5}, True)
    assert [(shape.host, shape.times, shape.outline) for shape in shapes_of(CONFIG, tmp_path, 14)] == [
        ("pi.ai", 3, '{"a":"text"}'),
        ("api.pi.ai", 2, '{"b":"text"}'),
    ]
    assert [each.host for each in seen_in(CONFIG, tmp_path, 14) if each.sign is Sign.NAME] == ["chat.fabrikam.ai"]


def test_without_a_record_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(PromptGuardError, match="no record yet"):
        coverage_of(CONFIG, tmp_path, 14)
