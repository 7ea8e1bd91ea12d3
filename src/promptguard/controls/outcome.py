"""How an installation meets a control."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from promptguard.configuration.bundle import Bundle


class Standing(StrEnum):
    """How far a control is met."""

    MET = "met"
    PARTLY = "partly"
    """Something is done, and something is missing or left to people."""
    MISSING = "missing"
    """Nothing is done about it until it is set up."""
    OUT_OF_REACH = "out_of_reach"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check says."""

    standing: Standing
    because: str
    """What meets it, or what is missing: rules and settings by their names, and no value."""


@dataclass(frozen=True, slots=True)
class Installation:
    """What checks look at."""

    bundle: Bundle
    data: Path
    """The data folder; it may be missing."""
    today: str
    """The date, ISO 8601."""


def met(because: str) -> Outcome:
    """It is met."""
    return Outcome(Standing.MET, because)


def partly(because: str) -> Outcome:
    """It is met in part."""
    return Outcome(Standing.PARTLY, because)


def missing(because: str) -> Outcome:
    """It is not met."""
    return Outcome(Standing.MISSING, because)
