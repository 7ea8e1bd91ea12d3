"""What a company changes in recognizers that it did not write: `config/recognizers/tuning.yaml`.

A list `tuning`, of which each item names a `recognizer` and has one or more of `threshold`, `context` (words added to
its own) and `enabled`. So shipped files stay as they are, and can be replaced by newer ones.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from promptguard.detectors.recognizers.yaml_entries import YamlEntry, read_yaml

TUNING_FILE = "tuning.yaml"

_KEYS = {"recognizer", "threshold", "context", "enabled", "reason"}


@dataclass(frozen=True, slots=True)
class Change:
    """What one item changes; None where it leaves a thing as it is."""

    threshold: float | None = None
    context: tuple[str, ...] = ()
    enabled: bool | None = None
    entry: YamlEntry | None = None

    def unknown(self, name: str, known: Iterable[str]) -> None:
        """Report that there is no recognizer of that name.

        Raises:
            ConfigError: always.
        """
        assert self.entry is not None
        near = difflib.get_close_matches(name, list(known), n=1)
        self.entry.fail(
            "recognizer",
            f"there is no recognizer ‘{name}’",
            f"did you mean ‘{near[0]}’?" if near else "`promptguard recognizers list` shows all names",
        )


def load_tuning(file: Path) -> dict[str, Change]:
    """The changes by recognizers' names; a file that does not exist changes nothing.

    Raises:
        ConfigError: the file cannot be read, or says something that is not understood.
    """
    if not file.exists():
        return {}
    document = read_yaml(file)
    document.only({"tuning"})
    changes: dict[str, Change] = {}
    for entry in document.entries("tuning", default=()):
        entry.only(_KEYS)
        name = entry.string("recognizer")
        if name in changes:
            entry.fail("recognizer", f"‘{name}’ stands in this file twice", "put all changes into one item")
        if not any(key in entry for key in ("threshold", "context", "enabled")):
            entry.fail(None, "an item that changes nothing", "add `threshold`, `context` or `enabled`")
        changes[name] = Change(
            threshold=entry.fraction("threshold") if "threshold" in entry else None,
            context=entry.strings("context", default=()),
            enabled=entry.boolean("enabled", True) if "enabled" in entry else None,
            entry=entry,
        )
    return changes
