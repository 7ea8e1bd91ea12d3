"""How many machines a company needs: `docs/capacity.md`.

python -m benchmarks.capacity                 # compute and simulate; writes the page
python -m benchmarks.capacity measure         # measure costs first
python -m benchmarks.capacity processes       # measure first what a further process on the same port adds
python -m benchmarks.capacity replay          # first send the busiest minutes of a day to the real proxy
python -m benchmarks.capacity all             # all of it: a quarter of an hour of a machine that does nothing else
"""

from __future__ import annotations

import argparse
import os
import sys

from benchmarks.capacity.costs import MEASURED, Costs
from benchmarks.capacity.page import PAGE, SEED, tables, written
from benchmarks.capacity.runs import PROCESSES, REPLAYED, Processes, Replayed
from benchmarks.capacity.workload import Workload


def main() -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=["page", "measure", "processes", "replay", "all"], default="page")
    parser.add_argument("--count", type=int, default=300, help="requests of each kind to measure")
    parser.add_argument("--prompts", type=int, default=3_000, help="to each number of processes")
    parser.add_argument("--people", type=int, default=1_000, help="whose requests are sent to the real proxy")
    parser.add_argument("--minutes", type=float, default=3.0)
    given = parser.parse_args()
    busy = round(os.getloadavg()[0], 1)  # before anything of ours runs
    if given.what in ("measure", "all"):
        from benchmarks.capacity.measuring import measure

        measure(given.count, busy).save()
        print(f"Written to {MEASURED}.", file=sys.stderr)
    if given.what in ("processes", "all"):
        from benchmarks.capacity.processes import measure as measure_processes

        measure_processes(given.prompts, busy).save()
        print(f"Written to {PROCESSES}.", file=sys.stderr)
    if given.what in ("replay", "all"):
        from benchmarks.capacity.replay import replay

        replay(given.people, given.minutes, Workload(), Costs.load(), SEED, busy).save()
        print(f"Written to {REPLAYED}.", file=sys.stderr)
    made = tables(Costs.load(), Workload(), Processes.load(), Replayed.load())
    PAGE.write_text(written(PAGE.read_text("utf-8"), made), "utf-8")
    print("\n".join(made.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
