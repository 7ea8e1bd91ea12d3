from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from promptguard.configuration.bundle_store import BundleStore
from promptguard.destinations.sightings import Sighting, Sign
from promptguard.runtime.known_services import KnownServices

CONFIG = Path(__file__).parents[2] / "config"


class Seen:
    """Sightings of today."""

    def since(self, day: str) -> Sequence[Sighting]:
        today = datetime.now(UTC).date().isoformat()
        assert day < today
        return [Sighting(Sign.NAME, "chat.new.example", "", today, 2), Sighting(Sign.EMPTY, "x.example", "", today, 1)]


def test_a_service_that_is_written_into_the_files_is_known_at_the_next_look(tmp_path: Path) -> None:
    for each in CONFIG.iterdir():
        if each.name != "destinations":
            (tmp_path / each.name).symlink_to(each)
    (tmp_path / "destinations").mkdir()
    for each in (CONFIG / "destinations").iterdir():
        (tmp_path / "destinations" / each.name).symlink_to(each)
    services = KnownServices(BundleStore(tmp_path), Seen())  # type: ignore[arg-type]
    assert [each.host for each in services.unlisted(7)] == ["chat.new.example"]
    own = tmp_path / "destinations" / "own.yaml"
    own.write_text(
        "destinations: [{id: new, name: New, hosts: [chat.new.example], kind: web_chat, status: approved}]", "utf-8"
    )
    assert services.bundle().registry.names()["new"] == "New"
    assert services.unlisted(7) == []
    own.write_text("destinations: [{id: new, kind: nonsense}]", "utf-8")
    assert services.bundle().registry.names()["new"] == "New"
    assert "own.yaml" in services.problem
