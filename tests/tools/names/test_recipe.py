"""The recipe of the shipped weights, what is wrong in others, and the mean of states."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tools.names.recipe import RecipeError, mean, stages
from tools.names.training import Plan, fresh

ALL = """
[all]
share = 0.5
sentences = 10
rate = [0.002, 0.0]
table_rate = [0.06, 0.0]
unknown = [0.1, 0.3, 0.3]
weights = [1.0, 1.5, 1.2]
"""


def recipe(folder: Path, text: str) -> Path:
    file = folder / "recipe.toml"
    file.write_text(ALL + text, "utf-8")
    return file


def test_no_two_stages_of_the_shipped_recipe_see_the_same_sentences() -> None:
    listed = stages()
    assert len({stage.seed for stage in listed}) == len({stage.name for stage in listed}) == len(listed)


def test_rates_go_on_where_they_were_and_end_at_nothing() -> None:
    listed = {stage.name: stage for stage in stages()}
    for stage in listed.values():
        if stage.after:
            assert stage.rate[0] == listed[stage.after].rate[1]
            assert stage.table_rate[0] == listed[stage.after].table_rate[1]
        if stage.mean:
            assert stage.rate[1] == stage.table_rate[1] == 0


def test_a_stage_has_what_all_have_unless_it_says_otherwise(tmp_path: Path) -> None:
    first, second = stages(
        recipe(
            tmp_path,
            '[[stage]]\nname = "a"\nseed = 1\n[[stage]]\nname = "b"\nafter = "a"\nseed = 2\nshare = 1.0\nmean = 2.0\n',
        )
    )
    assert (first.after, first.share, first.mean) == (None, 0.5, 0.0)
    assert (second.after, second.share, second.mean) == ("a", 1.0, 2.0)
    assert second.plan() == replace(Plan(), unknown=(0.1, 0.3, 0.3), weights=(1.0, 1.5, 1.2), seed=2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[stage]]\nname = "a"\nmean = 1.0\n', "stage 1: .*'seed'"),
        ('[[stage]]\nname = "a"\nseed = 1\nspeed = 3\nmean = 1.0\n', "stage 1: .*'speed'"),
        ('[[stage]]\nname = "a"\nafter = "b"\nseed = 1\nmean = 1.0\n', "stage a: no stage b comes before it"),
        ('[[stage]]\nname = "a"\nseed = 1\n', "no stage counts in the mean"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        stages(recipe(tmp_path, text))


def test_a_later_stage_counts_its_own_steps(tmp_path: Path) -> None:
    first, second = stages(
        recipe(tmp_path, '[[stage]]\nname = "a"\nseed = 1\n[[stage]]\nname = "b"\nafter = "a"\nseed = 2\nmean = 1.0\n')
    )
    state = first.begin(None)
    state.step, state.passes = 70, 1
    begun = second.begin(state)
    assert (begun.step, begun.earlier, begun.passes) == (70, 70, 0)


def test_the_mean_counts_each_state_as_it_says() -> None:
    one, other = (fresh(replace(Plan(width=4), seed=seed)) for seed in (1, 2))
    taken = mean([(one, 1.0), (other, 3.0)])
    assert np.allclose(taken.table, one.table * 0.25 + other.table * 0.75)
    assert np.allclose(
        taken.parameters["kernel1"], one.parameters["kernel1"] * 0.25 + other.parameters["kernel1"] * 0.75
    )
    assert taken.table.dtype == taken.parameters["head"].dtype == np.float32
