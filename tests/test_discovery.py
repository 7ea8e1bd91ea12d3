from collections.abc import Sequence
from types import ModuleType

import pytest

from promptguard import detectors
from promptguard.detectors.interface import Detector
from promptguard.detectors.recognizers import types
from promptguard.discovery import classes_in, defined_in, detector_modules, modules_of
from promptguard.model import Match, Segment


class Own(Detector):
    id = "own"

    async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
        return [[] for _ in segments]


@pytest.fixture
def module() -> ModuleType:
    made = ModuleType(Own.__module__)
    made.__dict__.update(first=1, text="x", _hidden=2, second=3, Own=Own, Detector=Detector)
    return made


def test_values_are_found_by_their_type_in_order(module: ModuleType) -> None:
    assert list(defined_in(module, int)) == [1, 3]


def test_classes_that_a_module_imports_are_not_its_own(module: ModuleType) -> None:
    assert list(classes_in(module, Detector)) == [Own]


def test_modules_of_a_folder_are_imported_in_the_order_of_their_names() -> None:
    names = [each.__name__.rpartition(".")[2] for each in modules_of(types)]
    assert names == sorted(names)
    assert "phone" in names


def test_every_folder_with_a_detector_is_found() -> None:
    folders = {each.__name__.split(".")[2] for each in detector_modules(detectors)}
    assert {"patterns", "names", "access_logs"} <= folders
    assert "validators" not in folders
