"""Hold what is put back against real renderers.

    python -m benchmarks.rendering [--count 20000] [--seed 1]

The exit status is 1 if a value stands in what is fetched, linked or submitted, or was left out of an ordinary answer.
"""

from __future__ import annotations

import argparse
import sys

from benchmarks.rendering.check import check, install, shortest


def main() -> int:
    """Make answers, restore them, render them, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000, help="answers, a quarter of them ordinary")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    reason = install()
    if reason:
        print(reason, file=sys.stderr)
        return 2
    result = check(arguments.count, arguments.seed)
    print(f"attacks: {result.attacks:,}, with {result.put_back:,} values put back; leaks: {len(result.leaks)}")
    print(f"ordinary answers: {result.ordinary:,}; not restored completely: {len(result.kept)}")
    for found in (*shortest(result.leaks), *shortest(result.kept)):
        print(f"  {found}")
    return int(bool(result.leaks or result.kept))


if __name__ == "__main__":
    sys.exit(main())
