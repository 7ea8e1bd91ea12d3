"""Which entries of the allow list let something of a decision pass, and who answers for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from promptguard.detectors.false_alarms import FalseAlarm
from promptguard.detectors.recognizers.allow_list import allowances_of, is_allow_list
from promptguard.errors import ConfigError


@dataclass(frozen=True, slots=True)
class LetPass:
    """One entry, and how often it let something of a decision pass."""

    id: str
    count: int
    alarm: FalseAlarm | None = None
    """What reviewers accepted; None for an entry of a file."""
    file: str = ""
    """Of the configuration that decided; empty where its text is not kept."""
    reason: str = ""
    """What the file says of it."""


def let_pass(event: Mapping[str, Any], alarms: Sequence[FalseAlarm], files: Mapping[str, str]) -> list[LetPass]:
    """The entries that a recorded decision names, in the order of the record.

    Args:
        alarms: all that reviewers have answered.
        files: texts of the configuration that decided, by name.
    """
    named = [(str(each["id"]), int(each["count"])) for each in event.get("allowances") or ()]
    if not named:
        return []
    reviewed = {each.id: each for each in alarms}
    listed = _listed(files)
    return [LetPass(id, count, reviewed.get(id), *listed.get(id, ("", ""))) for id, count in named]


def _listed(files: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """File and reason of each entry of the allow lists."""
    found: dict[str, tuple[str, str]] = {}
    for name, text in files.items():
        if is_allow_list(Path(name)):
            try:
                found |= {each.id: (name, each.reason) for each in allowances_of(Path(name), text)}
            except ConfigError:  # of another version of PromptGuard
                continue
    return found
