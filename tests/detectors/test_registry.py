import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pytest

from promptguard.configuration.names_settings import Names
from promptguard.configuration.settings import Settings
from promptguard.detectors.interface import Detector, DetectorContext, DetectorFactory
from promptguard.detectors.recognizers.loading import RecognizerSet, load_recognizers
from promptguard.detectors.registry import checked, create_detectors, factories, idle_allowances
from promptguard.keys import Keys
from promptguard.model import Match, Segment


class Silent(Detector):
    version = "1"

    def __init__(self, name: str, *, lasting: bool = False) -> None:
        self.id = name
        self.lasting = lasting

    async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
        return [[] for _ in segments]


@pytest.fixture
def context(tmp_path: Path) -> DetectorContext:
    return DetectorContext(
        Settings(), Keys.load_or_create(tmp_path / "keys"), RecognizerSet((), "1"), tmp_path, tmp_path.joinpath
    )


def test_all_detectors_are_found() -> None:
    assert [each.id for each in factories()] == [
        "access_logs",
        "credential_tables",
        "documents",
        "names",
        "patterns",
        "private_keys",
        "sources",
        "tenants",
    ]


def test_a_factory_makes_the_detector_that_it_names(context: DetectorContext) -> None:
    assert [each.id for each in create_detectors(context)] == [each.id for each in factories()]


def test_ids_are_taken_once() -> None:
    twice = DetectorFactory("a", lambda _: None)
    with pytest.raises(ValueError, match="two detectors have one id: a, a"):
        checked([twice, twice])


def test_what_lasts_is_taken_over_and_the_rest_made_anew(context: DetectorContext) -> None:
    first = {each.id: each for each in create_detectors(context)}
    second = {each.id: each for each in create_detectors(context, first.values())}
    kept = {name for name, each in first.items() if second[name] is each}
    assert kept == {"documents", "names", "sources", "tenants"}


def test_what_is_left_out_or_switched_off_is_not_made(context: DetectorContext) -> None:
    without = dataclasses.replace(context, settings=Settings(names=Names(enabled=False)))
    ids = {each.id for each in create_detectors(without, left_out=("tenants",))}
    assert not ids & {"names", "tenants"}


def test_a_detector_that_is_being_started_is_taken_over(context: DetectorContext) -> None:
    starting = Silent("names", lasting=True)
    assert starting in create_detectors(context, [starting])


def test_an_allowance_for_what_nothing_finds_is_told(tmp_path: Path) -> None:
    (tmp_path / "allow.yaml").write_text("allow:\n  - values: [x]\n    entity_types: [IP_ADRESS, EMAIL_ADDRESS]\n")
    (tmp_path / "a.yaml").write_text(
        "recognizers:\n  - name: A\n    supported_entity: EMAIL_ADDRESS\n    data_class: personal_data\n"
        "    patterns: [{name: a, regex: 'a@b', score: 0.9}]\n"
    )
    (told,) = idle_allowances(load_recognizers(tmp_path))
    assert (told.file.name, told.line) == ("allow.yaml", 3)
    assert "‘IP_ADRESS’" in told.problem
