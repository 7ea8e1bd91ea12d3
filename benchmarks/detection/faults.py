"""Score the detectors on a file of cases, each of a kind of fault that users report of tools like this one.

python -m benchmarks.detection.faults FILE [--only KIND,…] [--no-names] [--failures FILE]

FILE (or the environment's PROMPTGUARD_FAULTS) holds one JSON object a line, gzip-compressed or not: `kind`, `text`, and
`expected`: a list of `{"type", "value"}`, or "none". A case passes when findings cover every letter and digit of each
expected value, or when nothing is found where "none" is expected.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.detection.engines import open_promptguard
from benchmarks.detection.performance import ROOT
from benchmarks.detection.sample import Gold, Sample

ENVIRONMENT_VARIABLE = "PROMPTGUARD_FAULTS"

BATCH = 64
"""Cases under way at once."""


@dataclass(frozen=True, slots=True)
class Case:
    """A text and what is to be found in it."""

    kind: str
    text: str
    values: tuple[str, ...]
    """Empty where nothing may be found."""


@dataclass(slots=True)
class Scores:
    """Cases and passed cases by kind, and the failures with what was found."""

    total: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[Case, list[Gold]]] = field(default_factory=list)

    def add(self, case: Case, found: Sequence[Gold]) -> None:
        """Judge one case."""
        self.total[case.kind] += 1
        if passes(case, found):
            self.passed[case.kind] += 1
        else:
            self.failures.append((case, list(found)))

    def lines(self) -> Iterator[str]:
        """A line a kind that is not perfect, the worst first, and the sum."""
        for kind in sorted(self.total, key=lambda kind: (self.passed[kind] - self.total[kind], kind)):
            if self.passed[kind] < self.total[kind]:
                yield f"{self.passed[kind]:5}/{self.total[kind]:<5} {kind}"
        passed, total = self.passed.total(), self.total.total()
        yield f"{passed:5}/{total:<5} all ({passed / max(total, 1):.1%})"


def passes(case: Case, found: Sequence[Gold]) -> bool:
    """Whether each expected value is covered wherever its text stands first uncovered, or nothing is found at all."""
    if not case.values:
        return not found
    covered = bytearray(len(case.text))
    for each in found:
        covered[each.start : each.end] = b"\1" * (each.end - each.start)
    return all(_is_covered(case.text, value, covered) for value in case.values)


def _is_covered(text: str, value: str, covered: bytearray) -> bool:
    start = text.find(value)
    while start >= 0:
        if all(covered[at] for at in range(start, start + len(value)) if text[at].isalnum()):
            return True
        start = text.find(value, start + 1)
    return False


def read_cases(file: Path) -> Iterator[Case]:
    """The cases of a file."""
    content = file.read_bytes()
    for line in (gzip.decompress(content) if file.suffix == ".gz" else content).splitlines():
        row: dict[str, Any] = json.loads(line)
        expected = row["expected"]
        values = () if expected == "none" else tuple(each["value"] for each in expected)
        yield Case(row["kind"], row["text"], values)


async def _score(arguments: argparse.Namespace, cases: Sequence[Case], data: Path) -> Scores:
    scores = Scores()
    async with open_promptguard(arguments.config, data, names=not arguments.no_names) as engine:
        for first in range(0, len(cases), BATCH):
            batch = cases[first : first + BATCH]
            samples = [Sample(str(number), case.text, group=case.kind) for number, case in enumerate(batch, first)]
            for case, found in zip(batch, (await engine.find(samples)).findings, strict=True):
                scores.add(case, found)
    return scores


def _write_failures(file: Path, scores: Scores) -> None:
    rows = (
        {
            "kind": case.kind,
            "text": case.text,
            "values": case.values,
            "found": [[each.label, case.text[each.start : each.end]] for each in found],
        }
        for case, found in scores.failures
    )
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given = os.environ.get(ENVIRONMENT_VARIABLE)
    parser.add_argument("file", type=Path, nargs="?", default=Path(given) if given else None, help="the cases")
    parser.add_argument("--config", type=Path, default=ROOT / "config", help="the configuration folder")
    parser.add_argument("--only", default="", help="kinds that start with one of these, separated by commas")
    parser.add_argument("--no-names", action="store_true", help="without the names tier")
    parser.add_argument("--failures", type=Path, help="write the cases that fail here; not into the repository")
    arguments = parser.parse_args()
    if arguments.file is None:
        parser.error(f"name the file of cases, or set {ENVIRONMENT_VARIABLE}")
    return arguments


def main() -> int:
    """Print the scores; the exit status is 0 whatever they are."""
    arguments = _arguments()
    prefixes = tuple(arguments.only.split(","))
    cases = [case for case in read_cases(arguments.file) if case.kind.startswith(prefixes)]
    with tempfile.TemporaryDirectory(prefix="promptguard-faults-") as folder:
        scores = asyncio.run(_score(arguments, cases, Path(folder)))
    for line in scores.lines():
        print(line)
    if arguments.failures:
        _write_failures(arguments.failures, scores)
    return 0


if __name__ == "__main__":
    sys.exit(main())
