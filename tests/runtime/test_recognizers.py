import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from promptguard.configuration.bundle import load_bundle
from promptguard.detectors.recognizers.loading import RecognizerSet, load_recognizers
from promptguard.errors import ConfigError
from promptguard.runtime.recognizers import LastRecognizers, not_fewer

SHIPPED = Path(__file__).parents[2] / "config"

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


def test_those_of_one_version_are_loaded_once(tmp_path: Path) -> None:
    loaded(tmp_path / "recognizers", One=True)
    config, loading = tmp_path / "config", LastRecognizers(tmp_path / "cache")

    def names() -> list[str]:
        return [each.name for each in loading.of(load_bundle(config)).recognizers]

    shutil.copytree(SHIPPED, config, ignore=shutil.ignore_patterns("recognizers", "promptguard.yaml"))
    shutil.move(tmp_path / "recognizers", config / "recognizers")
    found = loading.of(load_bundle(config))
    assert loading.of(load_bundle(config)) is found

    (config / "recognizers" / "Two.yaml").write_text(TICKET.format(name="Two", enabled="true"))
    assert names() == ["One", "Two"]

    settings = config / "promptguard.yaml"
    settings.write_text("detection: {data_classes: {TICKET: credentials}}\n")
    assert loading.of(load_bundle(config)) is not found

    (config / "recognizers" / "Two.yaml").write_text("recognizers: [1]\n")
    with pytest.raises(ConfigError, match=r"Two\.yaml"):
        names()
    with pytest.raises(ConfigError, match=r"Two\.yaml"):
        names()

    there = Path(shutil.copytree(config, tmp_path / "elsewhere"))
    (there / "recognizers" / "Two.yaml").unlink()
    assert [each.file for each in loading.of(load_bundle(there)).recognizers] == [there / "recognizers" / "One.yaml"]
