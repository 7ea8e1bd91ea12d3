"""The order of drawing and training."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from tools.names.__main__ import _each, main
from tools.names.recipe import Stage, stages

from tools.names import drawings


class AtOnce:
    """Runs what is submitted at once, in this process."""

    def submit(self, function: Any, *arguments: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(function(*arguments))
        return done


def test_each_stage_gets_its_drawing_while_the_next_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []

    def make(stage: Stage, work: Path) -> Path:
        events.append(f"draw {stage.name}")
        file = work / stage.name
        file.touch()
        return file

    def train(stage: Stage, drawing: Path) -> None:
        assert drawing.exists()
        events.append(f"train {stage.name}")

    monkeypatch.setattr(drawings, "make", make)
    first, second, third = stages()[:3]
    _each([first, second, third], tmp_path, AtOnce(), train)  # type: ignore[arg-type]  # as much of a pool as it needs
    one, two, three = first.name, second.name, third.name
    assert events == [f"draw {one}", f"draw {two}", f"train {one}", f"draw {three}", f"train {two}", f"train {three}"]
    assert not list(tmp_path.iterdir())


def test_a_wrong_recipe_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "own.toml"
    file.write_text("stage = []\nall = {}\n", "utf-8")
    assert main([str(tmp_path), "--work", str(tmp_path / "work"), "--recipe", str(file)]) == 1
    assert "own.toml: no stage counts in the mean" in capsys.readouterr().err
