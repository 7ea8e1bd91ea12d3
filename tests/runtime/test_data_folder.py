from __future__ import annotations

from pathlib import Path

import pytest

from promptguard.runtime.data_folder import DataFolder

FOLDER = DataFolder(Path("/srv/promptguard"))


@pytest.mark.parametrize(
    ("configured", "found"),
    [("promptguard.db", "/srv/promptguard/promptguard.db"), ("/mnt/records/a.db", "/mnt/records/a.db")],
)
def test_relative_paths_of_the_settings_start_here(configured: str, found: str) -> None:
    assert FOLDER.at(Path(configured)) == Path(found)


def test_what_can_be_made_anew_may_stand_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROMPTGUARD_CACHE", raising=False)
    assert FOLDER.cache == Path("/srv/promptguard/cache")
    monkeypatch.setenv("PROMPTGUARD_CACHE", "/var/cache/promptguard")
    assert FOLDER.cache == Path("/var/cache/promptguard")


def test_the_key_of_the_ca_stands_beside_its_certificate() -> None:
    assert FOLDER.ca_key.parent == FOLDER.ca_certificate.parent == FOLDER.trusted.parent == FOLDER.ca


def test_naming_a_path_makes_nothing(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    assert not folder.keys.exists() and not folder.path.exists()
