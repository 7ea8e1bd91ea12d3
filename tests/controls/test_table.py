from __future__ import annotations

from pathlib import Path

import pytest
from tests.controls import page

from promptguard.controls.assessing import CHECKS
from promptguard.controls.table import PATH, ControlsFile, all_controls
from promptguard.errors import ConfigError
from promptguard.typed_yaml.reading import load

ROOT = Path(__file__).parents[2]


def test_all_38_are_there_in_order() -> None:
    assert [each.id for each in all_controls()] == [f"T{number}" for number in range(1, 39)]


@pytest.mark.parametrize("control", all_controls(), ids=lambda each: each.id)
def test_each_has_its_check_and_its_tests(control) -> None:
    assert not control.check or control.check in CHECKS
    assert bool(control.tests) == bool(control.check)
    assert not [path for path in control.tests if not (ROOT / path).is_file()]


def test_each_check_is_asked_for() -> None:
    assert CHECKS.keys() == {each.check for each in all_controls() if each.check}


def test_the_page_is_what_the_table_says() -> None:
    text = page.PATH.read_text("utf-8")
    assert text == page.replaced(text), "run `make controls-page`"


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("    check: classes_ruled\n", "", "a control has a check, or is out of reach"),
        ("    role: [out_of_reach]\n", "    role: [help]\n", "a control has a check, or is out of reach"),
        ("    policies: [A]\n", "    policies: [D]\n", "‘D’"),
    ],
)
def test_mistakes(tmp_path: Path, old: str, new: str, part: str) -> None:
    (tmp_path / "controls.yaml").write_text(PATH.read_text("utf-8").replace(old, new, 1))
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "controls.yaml", ControlsFile)
    assert part in str(caught.value)
