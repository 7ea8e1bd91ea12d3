"""Fuzzes one target here: `python -m benchmarks.fuzz.run TARGET CONFIG FOLDER SECONDS [libFuzzer option…]`."""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path


def main() -> None:
    """Run until the time is over; whatever a target raises ends the process with a status that is not 0."""
    name, config, folder, seconds, *options = sys.argv[1:]
    if importlib.util.find_spec("atheris"):
        _with_atheris(name, Path(config), Path(folder), options)
    else:
        _with_hypothesis(name, Path(config), Path(folder), float(seconds))


def _with_atheris(name: str, config: Path, folder: Path, options: list[str]) -> None:
    import atheris

    with atheris.instrument_imports(include=["promptguard"]):
        from benchmarks.fuzz.targets import TARGETS

        target = TARGETS[name](config, folder)
    seeds = folder / "seeds"
    seeds.mkdir()
    for number, seed in enumerate(target.seeds()):
        (seeds / str(number)).write_bytes(seed)
    atheris.Setup([sys.argv[0], *options, f"-max_len={target.longest}", str(seeds)], target.run)
    atheris.Fuzz()


def _with_hypothesis(name: str, config: Path, folder: Path, seconds: float) -> None:
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st

    from benchmarks.fuzz.targets import TARGETS

    target = TARGETS[name](config, folder)
    seeds = list(target.seeds())
    end = time.monotonic() + seconds
    pieces = st.one_of(st.binary(max_size=60), st.sampled_from(seeds), st.text(max_size=40).map(_encoded))

    @settings(max_examples=500, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(pieces, max_size=8).map(b"".join))
    def try_many(data: bytes) -> None:
        if time.monotonic() < end:
            target.run(data[: target.longest])

    while time.monotonic() < end:
        try_many()


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


if __name__ == "__main__":
    main()
