"""How many machines a company needs: `docs/capacity.md`.

python -m benchmarks.capacity                 # compute and simulate; writes the page
python -m benchmarks.capacity measure         # measure costs first: some minutes
python -m benchmarks.capacity replay          # send the busiest minutes of a day to the real proxy
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import fields

from benchmarks.capacity.costs import MEASURED, Costs
from benchmarks.capacity.page import PAGE, SEED, tables, written
from benchmarks.capacity.workload import Workload


def main() -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=["page", "measure", "replay"], default="page")
    parser.add_argument("--count", type=int, default=300, help="requests of each kind to measure")
    parser.add_argument("--people", type=int, default=1_000, help="whose requests are sent to the real proxy")
    parser.add_argument("--minutes", type=float, default=3.0)
    given = parser.parse_args()
    if given.what == "measure":
        from benchmarks.capacity.measuring import measure

        measure(given.count).save()
        print(f"Written to {MEASURED}.", file=sys.stderr)
    if given.what == "replay":
        from benchmarks.capacity.replay import replay

        done = replay(given.people, given.minutes, Workload(), Costs.load(), SEED)
        for each in fields(done):
            print(f"{each.name:20}{getattr(done, each.name):12,.1f}")
        return 0
    made = tables(Costs.load(), Workload())
    PAGE.write_text(written(PAGE.read_text("utf-8"), made), "utf-8")
    print("\n".join(made.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
