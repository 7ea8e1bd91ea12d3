"""`docs/wire-formats.md` against the formats and their samples."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.wire.formats.samples.interface import Sample
from tests.wire.formats.samples.tables import FORMATS, load_samples, reading_of

from promptguard.model import Nature
from promptguard.wire.framings import load_framings

PAGE = (Path(__file__).parents[3] / "docs" / "wire-formats.md").read_text(encoding="utf-8")
ROWS = {
    cells[0].strip("`"): cells
    for line in re.findall(r"^\| (`.*) \|$", PAGE, re.MULTILINE)
    if (cells := [cell.strip() for cell in line.split(" | ")])
}
HOLDERS = {"f.req", "reasoningText"}
"""Labels of what is sealed that are no names of its own."""
NAME, _, FRAMINGS, _, SEALED, NOTICE = range(6)

every_sample = pytest.mark.parametrize("sample", [pytest.param(each, id=id) for id, each in load_samples().items()])


def names(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


def test_every_format_has_its_row_and_nothing_else_has() -> None:
    assert list(ROWS) == list(FORMATS)
    assert {len(cells) for cells in ROWS.values()} == {6}


@every_sample
def test_framings_are_told(sample: Sample) -> None:
    told = {name for name in names(ROWS[sample.id][FRAMINGS]) if ":" not in name}
    assert told <= load_framings().keys()
    assert sample.answer is None or sample.answer.framing in told


@every_sample
def test_what_is_sealed_is_told(sample: Sample) -> None:
    segments = reading_of(sample).prompt.segments
    sealed = [each for each in segments if each.nature is Nature.SEALED or each.sealed_if_issued]
    assert {each.label for each in sealed if each.label} - names(ROWS[sample.id][SEALED]) - HOLDERS == set()
    assert bool(sealed) is (ROWS[sample.id][SEALED] != "none")


@every_sample
def test_styles_of_the_notice_are_told(sample: Sample) -> None:
    styles = ["body"]
    styles += ["stream"] if "stream" in sample.notice else []
    styles += ["message"] if sample.notice["message"] != [sample.notice["body"]] else []
    assert [style.partition(" ")[0] for style in ROWS[sample.id][NOTICE].split(", ")] == styles
