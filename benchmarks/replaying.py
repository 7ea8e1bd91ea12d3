"""How long a trial of a policy takes on many recorded decisions: `promptguard policy try`, from its start to its end.

    python -m benchmarks.replaying [--decisions 1000000] [--only sqlite]

Decisions are brought into an installation in files, and into one on a PostgreSQL server in a temporary folder. The
policy that is tried blocks what the one in force replaces. The program is one of its own, as somebody at a shell starts
it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.review.decisions import DAYS
from benchmarks.review.installations import Filled, on_postgresql, on_sqlite

INSTALLATIONS = {"sqlite": on_sqlite, "postgresql": on_postgresql}


def main() -> None:
    """Measure, and print a line for each kind of database."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--decisions", type=int, default=1_000_000)
    parser.add_argument("--only", choices=INSTALLATIONS, help="one kind of database")
    asked = parser.parse_args()
    for name, installation in INSTALLATIONS.items():
        if asked.only in (None, name):
            with (
                tempfile.TemporaryDirectory(prefix="promptguard-bench-") as folder,
                installation(Path(folder), asked.decisions, datetime.now(UTC)) as filled,
            ):
                measure(filled, asked.decisions, Path(folder))


def measure(filled: Filled, count: int, folder: Path) -> None:
    """Try a stricter policy on all of it, and say how long that took by the clock and in processor time."""
    stricter = folder / "stricter.yaml"
    in_force = (filled.config / "policy.yaml").read_text("utf-8")
    stricter.write_text(in_force.replace("action: redact", "action: block"), "utf-8")
    words = ["policy", "try", str(stricter), "--since", f"{DAYS + 1}d"]
    words += ["--config", str(filled.config), "--data", str(filled.data)]
    load, started = os.getloadavg()[0], time.perf_counter()
    program = shutil.which("promptguard", path=str(Path(sys.executable).parent)) or "promptguard"
    process = os.posix_spawn(program, [program, *words], os.environ)
    _, status, used = os.wait4(process, 0)
    seconds, ended = time.perf_counter() - started, os.waitstatus_to_exitcode(status)
    print(
        f"{filled.name}: {count:,} decisions in {seconds:.1f} s, of which {used.ru_utime + used.ru_stime:.1f} s of"
        f" processor time; exit status {ended}; load before {load:.1f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
