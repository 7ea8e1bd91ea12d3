from pathlib import Path

from promptguard.configuration.settings import Names, Settings
from promptguard.detectors.names.configured import names_detector


def test_names_are_looked_for_unless_switched_off(tmp_path: Path) -> None:
    assert names_detector(Settings(names=Names(enabled=False)), tmp_path) is None
    detector = names_detector(Settings(names=Names(workers=2)), tmp_path)
    assert detector is not None
    assert detector.worker_pids == []
