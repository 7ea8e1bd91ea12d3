"""`make train-names`: from texts to the weights in the package."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.names.recipe import Stage

# Set before numpy is imported: one thread gives the same sums every time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main(arguments: list[str] | None = None) -> int:
    """Draw, train, take the mean, export. What is already in the work folder is not done again."""
    from tools.names.evaluation import scores
    from tools.names.export import export, quantised
    from tools.names.recipe import RECIPE, RecipeError, mean, stages
    from tools.names.sources import SourceError
    from tools.names.training import State, Trainer

    from promptguard.detectors.names.network.features import shipped_lists
    from promptguard.detectors.names.network.judge import NamesNetwork
    from tools.names import drawings

    parser = argparse.ArgumentParser(prog="python -m tools.names", description=__doc__)
    parser.add_argument("sources", type=Path, nargs="+", help="folders with the files that sources.toml lists")
    parser.add_argument("--work", type=Path, default=Path(".make/names"), help="folder for what is kept in between")
    parser.add_argument("--recipe", type=Path, default=RECIPE, help="another file with stages")
    parser.add_argument("--no-export", action="store_true", help="leave the package as it is")
    options = parser.parse_args(arguments)
    options.work.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()

    def log(line: str) -> None:
        print(f"{time.monotonic() - began:7.0f} s  {line}", flush=True)

    def kept(stage: str) -> Path:
        return options.work / f"{stage}.npz"

    def train(stage: Stage, drawing: Path) -> None:
        state = stage.begin(State.load(kept(stage.after)) if stage.after else None)
        trainer = Trainer(*drawings.load(drawing), stage.plan(), state)
        log(f"{stage.name}: {trainer.steps} steps, {len(trainer.data.types)} words")
        trainer.run(lambda step, loss: log(f"{stage.name}, step {step}: loss {loss:.4f}"))
        trainer.state.save(kept(stage.name))

    try:
        recipe = stages(options.recipe)
        missing = [stage for stage in recipe if not kept(stage.name).exists()]
        # The next stage's sentences are drawn beside the training, on a core of their own where there is one.
        with ProcessPoolExecutor(1, get_context("spawn"), drawings.prepare, (options.sources,)) as beside:
            _each(missing, options.work, beside, train)
            held_back = beside.submit(drawings.held_back).result()
    except (SourceError, RecipeError) as error:
        print(error, file=sys.stderr)
        return 1
    state = mean([(State.load(kept(stage.name)), stage.mean) for stage in recipe if stage.mean])
    state.save(options.work / "mean.npz")
    model = NamesNetwork(quantised(state), shipped_lists())
    for score in scores(model, held_back):
        log(f"held back, words: {score.label} recall {score.recall:.3f}, precision {score.precision:.3f}")
    if not options.no_export:
        log(f"exported: {export(state)}")
    return 0


def _each(
    missing: Sequence[Stage], work: Path, beside: ProcessPoolExecutor, train: Callable[[Stage, Path], None]
) -> None:
    """Train each stage with its drawing, while the next one's is made."""
    from tools.names import drawings

    pending: list[Future[Path]] = [beside.submit(drawings.make, stage, work) for stage in missing[:1]]
    for index, stage in enumerate(missing):
        drawing = pending.pop().result()
        pending += [beside.submit(drawings.make, each, work) for each in missing[index + 1 : index + 2]]
        train(stage, drawing)
        drawing.unlink()


if __name__ == "__main__":
    sys.exit(main())
