"""Fuzz what meets hostile bytes, and see that time grows no faster than the text.

    python -m benchmarks.fuzz [--seconds 60] [--only text,request,files,framings,restoring,growth] [--output FILE]

Each target runs in a process of its own under atheris (libFuzzer), guided by coverage; where atheris does not run, on
other systems than Linux on x86-64, hypothesis takes its place. Inputs that fail are kept in the folder that is printed.
The exit status is 1 after any failure.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.fuzz.growth import WORST, measure_growth

ROOT = Path(__file__).parents[2]
_TARGETS = ("text", "request", "files", "framings", "restoring")
_INPUT_SECONDS = 10
"""Longest time for one input: a short input that takes so long hangs."""
_MEGABYTES = 2_500
_LAST_LINES = 40
"""Of the log, shown after a failure."""


def main() -> int:
    """Run all targets, then measure growth."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--only", default=",".join((*_TARGETS, "growth")), help="targets, separated by commas")
    parser.add_argument("--config", type=Path, default=ROOT / "config", help="the configuration folder")
    parser.add_argument("--output", type=Path, help="the JSON file to write growth to")
    arguments = parser.parse_args()
    chosen = arguments.only.split(",")
    failed = [name for name in _TARGETS if name in chosen and not _fuzz(name, arguments.config, arguments.seconds)]
    if "growth" in chosen and not _grow(arguments.config, arguments.output):
        failed.append("growth")
    print(f"failed: {', '.join(failed)}" if failed else "no defect found")
    return int(bool(failed))


def _fuzz(name: str, config: Path, seconds: int) -> bool:
    if name == "files" and importlib.util.find_spec("promptguard.files") is None:
        return True
    artifacts = Path(tempfile.mkdtemp(prefix=f"promptguard-fuzz-{name}-"))
    print(f"{name}: {seconds} s, log and inputs that fail in {artifacts}", flush=True)
    runner = [sys.executable, "-m", "benchmarks.fuzz.run", name, str(config.resolve()), str(artifacts)]
    options = [
        f"-max_total_time={seconds}", f"-timeout={_INPUT_SECONDS}", f"-rss_limit_mb={_MEGABYTES}",
        f"-artifact_prefix={artifacts}/", "-print_final_stats=1", "-verbosity=0",
    ]  # fmt: skip
    log = artifacts / "log.txt"
    with log.open("wb") as output:
        done = subprocess.run([*runner, str(seconds), *options], cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    shown = [line for line in lines if line.startswith("stat::")] if done.returncode == 0 else lines[-_LAST_LINES:]
    print("\n".join(f"  {line}" for line in shown), flush=True)
    return done.returncode == 0


def _grow(config: Path, output: Path | None) -> bool:
    print("growth: time for twice the text, by structure", flush=True)
    with tempfile.TemporaryDirectory(prefix="promptguard-fuzz-") as data:
        growths = measure_growth(config, Path(data))
    for growth in growths:
        ratio = f"{growth.ratio:.2f}" if growth.ratio else "  – "
        print(f"  {growth.structure:20} {ratio}  {growth.kilobytes_per_second:9,.0f} KB/s")
    if output:
        rows = {each.structure: {"seconds": each.seconds, "ratio": each.ratio} for each in growths}
        output.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    return all(growth.ratio <= WORST for growth in growths)


if __name__ == "__main__":
    sys.exit(main())
