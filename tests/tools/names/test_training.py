"""A tiny training: what it learns, and that it can be interrupted and repeated."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tools.names.encoding import IGNORED, NO_PERSON, Encoded, encode, rows_of
from tools.names.evaluation import scores
from tools.names.export import Adjustment, export, quantised
from tools.names.samples import Sample
from tools.names.training import Plan, State, Trainer, _gradients, fresh

from promptguard.detectors.names.network.features import Lists
from promptguard.detectors.names.network.judge import NamesNetwork
from promptguard.detectors.names.network.weights import load_weights

LISTS = Lists(*[frozenset[str]()] * 6)
PLAN = Plan(width=16, words_a_step=256, passes=12, dropout=0.0, rate=(1e-2, 0.0), table_rate=(0.2, 0.0))


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    chance = random.Random(4)
    made = []
    for _ in range(300):
        name = "".join(chance.choice("aeiou") + chance.choice("lmnrst") for _ in range(3)).capitalize()
        text = chance.choice((f"please ask {name} about it", f"the {name} of the house", f"we live in {name} now"))
        start = text.index(name)
        label = {"please": (("PERSON"),), "we": ("LOCATION",)}.get(text.split()[0], ())
        made.append(Sample(text, tuple((start, start + len(name), each) for each in label)))
    return made


@pytest.fixture(scope="module")
def encoded(samples: list[Sample]) -> Encoded:
    return encode(samples)


def trainer(encoded: Encoded, plan: Plan = PLAN, state: State | None = None) -> Trainer:
    known, unknown = (rows_of(encoded.words, LISTS, known=each) for each in (True, False))
    return Trainer(encoded, known, unknown, plan, state)


def trained(encoded: Encoded, plan: Plan = PLAN, state: State | None = None, checkpoint: Path | None = None) -> State:
    run = trainer(encoded, plan, state)
    run.run(lambda step, loss: None, checkpoint)
    return run.state


def test_it_learns_by_what_stands_around(samples: list[Sample], encoded: Encoded) -> None:
    model = NamesNetwork(quantised(trained(encoded)), LISTS)
    for score in scores(model, samples):
        assert score.recall > 0.95, score
        assert score.precision > 0.95, score
    words = model.words("please ask Zoborlunk about it")
    assert [word.label for word in words] == ["O", "O", "PERSON", "O", "O"]


class Stopped(Exception):
    """As by a person's Ctrl-C."""


def test_an_interrupted_training_ends_with_the_same_weights(
    encoded: Encoded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.names.training.REPORT_EVERY", 1)
    file = tmp_path / "state.npz"
    interrupted = trainer(encoded)

    def report(step: int, loss: float) -> None:
        if step > interrupted.steps_a_pass * 2 + 1:
            raise Stopped

    with pytest.raises(Stopped):
        interrupted.run(report, file)
    resumed = trained(encoded, state=State.load(file))
    whole = trained(encoded)
    assert resumed.step == whole.step
    assert np.array_equal(resumed.table, whole.table)
    assert np.array_equal(resumed.parameters["kernel2"], whole.parameters["kernel2"])


def test_gradients_are_those_of_the_loss() -> None:
    chance = np.random.default_rng(7)
    parameters = {name: value.astype(np.float64) for name, value in fresh(PLAN).parameters.items()}
    mask = np.ones((40, 1))
    mask[10:18] = 0
    x = chance.standard_normal((40, PLAN.width)) * mask
    classes = chance.integers(0, 3, 40)
    classes[10:19] = IGNORED
    classes[20:26] = NO_PERSON
    weights = np.array([1.0, 1.5, 1.0])
    _, gradients, dx = _gradients(parameters, x, mask, classes, weights)

    def slope(values: np.ndarray, place: tuple[int, ...]) -> float:
        losses = []
        for step in (1e-5, -2e-5):
            values[place] += step
            losses.append(_gradients(parameters, x, mask, classes, weights)[0])
        values[place] += 1e-5
        return (losses[0] - losses[1]) / 2e-5

    for name in ("kernel0", "kernel4", "bias2", "head", "head_bias"):
        place = tuple(int(chance.integers(0, size)) for size in parameters[name].shape)
        assert gradients[name][place] == pytest.approx(slope(parameters[name], place), rel=0.05, abs=1e-5), name
    assert dx[5, 3] == pytest.approx(slope(x, (5, 3)), rel=0.05, abs=1e-5)


def test_what_is_exported_is_what_is_loaded(encoded: Encoded, tmp_path: Path) -> None:
    state = trained(encoded, replace(PLAN, passes=1))
    digest = export(state, tmp_path)
    assert f'SHA256 = "{digest}"' in (tmp_path / "digest.py").read_text("utf-8")
    assert export(state, tmp_path) == digest
    loaded = load_weights(tmp_path / "weights.bin", digest)
    assert np.array_equal(loaded.table, quantised(state).table)
    # Eight bits are close enough to what was trained.
    learned = state.table_squares[:, 0] > 0
    assert np.abs(loaded.table[learned] * loaded.scales[learned] - state.table[learned]).max() < 0.01


def test_an_adjustment_changes_how_sure_it_is_and_not_what_it_knows(encoded: Encoded) -> None:
    state = trained(encoded, replace(PLAN, passes=1))
    text = "please ask Zoborlunk about it"
    plain, wary, sharp = (
        NamesNetwork(quantised(state, adjustment), LISTS).words(text)[2].person
        for adjustment in (Adjustment(), Adjustment(person=-1.0), Adjustment(temperature=0.5))
    )
    assert wary < plain
    assert abs(sharp - 0.5) > abs(plain - 0.5)
