"""`make train-names`: from texts to the weights in the package."""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

# Set before numpy is imported: one thread gives the same sums every time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main(arguments: list[str] | None = None) -> int:
    """Gather, train, export. What is already in the work folder is not done again."""
    from tools.names.data import gather
    from tools.names.encoding import encode, rows_of
    from tools.names.evaluation import scores
    from tools.names.export import export, quantised
    from tools.names.sources import SourceError
    from tools.names.training import Plan, State, Trainer

    from promptguard.detectors.names.network.features import shipped_lists
    from promptguard.detectors.names.network.judge import NamesNetwork

    parser = argparse.ArgumentParser(prog="python -m tools.names", description=__doc__)
    parser.add_argument("sources", type=Path, nargs="+", help="folders with the files that sources.toml lists")
    parser.add_argument("--work", type=Path, default=Path(".make/names"), help="folder for what is kept in between")
    parser.add_argument("--passes", type=int, default=Plan().passes, help="passes over all samples")
    parser.add_argument("--width", type=int, default=Plan().width, help="numbers that stand for a word")
    parser.add_argument("--generate", type=int, default=500_000, help="sentences made from templates")
    parser.add_argument("--minutes", type=float, default=1e9, help="most minutes of training")
    parser.add_argument("--no-export", action="store_true", help="leave the package as it is")
    options = parser.parse_args(arguments)
    options.work.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()

    def log(line: str) -> None:
        print(f"{time.monotonic() - began:7.0f} s  {line}", flush=True)

    plan = replace(Plan(), passes=options.passes, width=options.width)
    log(f"plan: {asdict(plan)}")
    try:
        data = gather(options.sources, options.work, generate=options.generate, seed=plan.seed, log=log)
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1
    encoded = encode(data.training)
    log(f"{len(encoded.starts) - 1} samples, {len(encoded.types)} words, {len(encoded.words)} different")
    lists = shipped_lists()
    known, unknown = (rows_of(encoded.words, lists, known=each) for each in (True, False))
    checkpoint = options.work / "state.npz"
    trainer = Trainer(encoded, known, unknown, plan, State.load(checkpoint) if checkpoint.exists() else None)
    log(f"{trainer.steps} steps, {trainer.steps_a_pass} a pass")
    trainer.run(lambda step, loss: log(f"step {step}: loss {loss:.4f}"), checkpoint, options.minutes)
    trainer.state.save(options.work / "trained.npz")
    model = NamesNetwork(quantised(trainer.state), lists)
    for score in scores(model, data.held_back):
        log(f"held back, words: {score.label} recall {score.recall:.3f}, precision {score.precision:.3f}")
    if not options.no_export:
        log(f"exported: {export(trainer.state)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
