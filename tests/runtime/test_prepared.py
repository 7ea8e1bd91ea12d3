from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from promptguard.configuration.bundle import Bundle, load_bundle
from promptguard.detectors.patterns import prefilter
from promptguard.detectors.patterns.detector import PatternDetector
from promptguard.errors import ConfigError
from promptguard.installation.shipped import shipped_configuration
from promptguard.model import Segment
from promptguard.runtime.prepared import prepare, prepared_folder, take_prepared
from promptguard.runtime.recognizers import recognizers_of

RECOGNIZERS = """\
recognizers:
  - name: Ticket
    supported_entity: TICKET
    data_class: confidential_records
    patterns: [{name: number, regex: 'TICKET-\\d{4}', score: 0.8}]
    examples: {match: [TICKET-1234], no_match: [TICKET-99]}
"""


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    config = tmp_path / "config"
    for name in ("policy.yaml", "destinations", "notices", "never_decrypt.yaml"):
        config.mkdir(exist_ok=True)
        (config / name).symlink_to(shipped_configuration() / name)
    (config / "promptguard.yaml").write_text("names: {model: compact}\n")
    (config / "recognizers").mkdir()
    (config / "recognizers" / "own.yaml").write_text(RECOGNIZERS)
    return load_bundle(config)


@pytest.fixture
def prepared(bundle: Bundle, tmp_path: Path) -> Path:
    folder = tmp_path / "share" / "prepared"
    prepare(bundle, folder)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def found(bundle: Bundle, cache: Path) -> int:
    detector = PatternDetector(recognizers_of(bundle, cache), cache)
    return len(asyncio.run(detector.find([Segment((), "about TICKET-4711")]))[0])


def test_a_start_compiles_nothing_that_was_prepared(
    bundle: Bundle, prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "data" / "cache"
    take_prepared(cache, prepared)
    assert contents(cache) == contents(prepared) != {}
    monkeypatch.delattr(prefilter, "_compile")
    assert found(bundle, cache) == 1


def test_what_does_not_fit_is_made_by_the_start(bundle: Bundle, prepared: Path, tmp_path: Path) -> None:
    for file in prepared.iterdir():
        file.write_bytes(file.read_bytes()[:-9] + b"of another")  # as a library of another kind would write it
    take_prepared(tmp_path / "cache", prepared)
    assert found(bundle, tmp_path / "cache") == 1


def test_a_changed_recognizer_is_compiled_by_the_start(bundle: Bundle, prepared: Path, tmp_path: Path) -> None:
    file = bundle.recognizers_folder / "own.yaml"
    file.write_text(RECOGNIZERS.replace("TICKET-\\d{4}", "TICKET-[0-9]{4}"))
    take_prepared(tmp_path / "cache", prepared)
    assert found(bundle, tmp_path / "cache") == 1


def test_what_a_start_has_made_stays(tmp_path: Path) -> None:
    prepared, cache = tmp_path / "prepared", tmp_path / "cache"
    for folder, content in ((prepared, b"prepared"), (cache, b"made")):
        folder.mkdir()
        (folder / "one").write_bytes(content)
    (prepared / "two").write_bytes(b"prepared")
    take_prepared(cache, prepared)
    assert contents(cache) == {"one": b"made", "two": b"prepared"}


def test_without_anything_prepared_nothing_is_made(tmp_path: Path) -> None:
    take_prepared(tmp_path / "cache", tmp_path / "nowhere")
    assert not (tmp_path / "cache").exists()


def test_preparing_takes_the_place_of_what_was_there(bundle: Bundle, prepared: Path) -> None:
    before = contents(prepared)
    (prepared / "of an earlier version").touch()
    prepare(bundle, prepared)
    assert contents(prepared).keys() == before.keys()
    assert {file.stat().st_mode & 0o777 for file in prepared.iterdir()} == {0o644}
    assert [each.name for each in prepared.parent.iterdir()] == [prepared.name]


def test_a_mistake_in_a_recognizer_loses_nothing(bundle: Bundle, prepared: Path) -> None:
    before = contents(prepared)
    (bundle.recognizers_folder / "own.yaml").write_text(RECOGNIZERS.replace("\\d{4}", "(\\d{4}"))
    with pytest.raises(ConfigError, match=r"own\.yaml:5"):
        prepare(bundle, prepared)
    assert contents(prepared) == before
    assert [each.name for each in prepared.parent.iterdir()] == [prepared.name]


def test_it_belongs_to_the_environment() -> None:
    assert prepared_folder().is_relative_to(sys.prefix)
