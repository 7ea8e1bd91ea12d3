from pathlib import Path

import pytest

from promptguard.storage.cache import cache_folder


def test_the_cache_lies_in_the_data_unless_told_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROMPTGUARD_CACHE", raising=False)
    assert cache_folder(tmp_path) == tmp_path / "cache"
    monkeypatch.setenv("PROMPTGUARD_CACHE", str(tmp_path / "elsewhere"))
    assert cache_folder(tmp_path) == tmp_path / "elsewhere"
