"""What tests of the bypass report read: made-up lines, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from promptguard.configuration.bundle import load_bundle
from promptguard.rollout.bypass.logs import LineFormat
from promptguard.rollout.bypass.observations import Observation
from promptguard.rollout.bypass.watched import WatchedHosts

CONFIG = Path(__file__).parents[3] / "config"


@cache
def watched() -> WatchedHosts:
    """The hosts of the shipped registry."""
    return WatchedHosts(load_bundle(CONFIG).registry)


def read(kind: type[LineFormat], lines: Iterable[str]) -> list[Observation]:
    """All that lines of one format say."""
    reader = kind()
    found: list[Observation] = []
    for line in lines:
        seen = reader.read(line)
        assert seen is not None, line
        found += seen
    return [*found, *reader.end()]
