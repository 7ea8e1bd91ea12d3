"""The stages of the training, as `recipe.toml` lists them, and the mean of their states."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from tools.names.training import Plan, State, fresh

RECIPE: Final = Path(__file__).with_name("recipe.toml")


class RecipeError(Exception):
    """The recipe is none; the message says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One pass over a drawing of its own: no two stages see the same sentences."""

    name: str
    after: str | None
    """The stage whose state it goes on from; none, and it begins with weights by chance."""
    seed: int
    """Of its drawing and of all that is left to chance."""
    share: float
    """Of the sources' texts, from 0 to 1."""
    sentences: int
    """Made from templates."""
    rate: tuple[float, float]
    table_rate: tuple[float, float]
    unknown: tuple[float, float, float]
    weights: tuple[float, float, float]
    """See `Plan`."""
    mean: float
    """What its state counts in the mean that is shipped."""

    def plan(self) -> Plan:
        """How its pass is trained."""
        return replace(
            Plan(),
            rate=self.rate,
            table_rate=self.table_rate,
            unknown=self.unknown,
            weights=self.weights,
            seed=self.seed,
        )

    def begin(self, before: State | None) -> State:
        """The state at its first step."""
        if before is None:
            return fresh(self.plan())
        before.earlier, before.passes = before.step, 0
        return before


def stages(file: Path = RECIPE) -> list[Stage]:
    """All stages, each after the one it goes on from.

    Raises:
        RecipeError: a stage lacks something, or goes on from one that does not come before it.
    """
    listed = tomllib.loads(file.read_text("utf-8"))
    found: list[Stage] = []
    for number, entry in enumerate(listed["stage"], 1):
        settings = {"after": None, "mean": 0.0, **listed["all"], **entry}
        try:
            pairs = {name: tuple(value) if isinstance(value, list) else value for name, value in settings.items()}
            stage = Stage(**pairs)
        except TypeError as error:
            raise RecipeError(f"{file.name}, stage {number}: {error}") from None
        if stage.after is not None and stage.after not in {each.name for each in found}:
            raise RecipeError(f"{file.name}, stage {stage.name}: no stage {stage.after} comes before it")
        found.append(stage)
    if not any(stage.mean for stage in found):
        raise RecipeError(f"{file.name}: no stage counts in the mean")
    return found


def mean(states: Sequence[tuple[State, float]]) -> State:
    """The mean of states, each with what it counts (Wortsman et al. 2022, Model soups)."""
    total = sum(weight for _, weight in states)

    def of(arrays: Sequence[np.ndarray]) -> np.ndarray:
        return sum(
            array.astype(np.float64) * (weight / total) for array, (_, weight) in zip(arrays, states, strict=True)
        ).astype(np.float32)

    first = states[0][0]
    return State(
        {name: of([state.parameters[name] for state, _ in states]) for name in first.parameters},
        of([state.table for state, _ in states]),
        of([state.table_squares for state, _ in states]),
    )
