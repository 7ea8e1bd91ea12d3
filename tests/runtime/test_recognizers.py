from dataclasses import replace
from pathlib import Path

import pytest

from promptguard.detectors.recognizers.loading import RecognizerSet, load_recognizers
from promptguard.errors import ConfigError
from promptguard.runtime.recognizers import not_fewer

TICKET = """
recognizers:
  - name: {name}
    type: custom
    supported_entity: TICKET
    data_class: confidential_records
    enabled: {enabled}
    patterns: [{{name: ticket, regex: 'T-[0-9]{{4}}', score: 0.9}}]
"""


def loaded(folder: Path, **switched: bool) -> RecognizerSet:
    folder.mkdir()
    for name, enabled in switched.items():
        (folder / f"{name}.yaml").write_text(TICKET.format(name=name, enabled=str(enabled).lower()))
    return load_recognizers(folder)


def test_fewer_only_where_somebody_said_so(tmp_path: Path) -> None:
    before = loaded(tmp_path / "before", One=True, Two=True)
    not_fewer(before, loaded(tmp_path / "off", One=True, Two=False), tmp_path)
    not_fewer(before, loaded(tmp_path / "more", One=True, Two=True, Three=True), tmp_path)
    with pytest.raises(ConfigError, match="gone while they are in use: Two"):
        not_fewer(before, loaded(tmp_path / "after", One=True, Three=True), tmp_path)
    with pytest.raises(ConfigError, match="One, Two"):
        not_fewer(before, replace(before, recognizers=()), tmp_path)
