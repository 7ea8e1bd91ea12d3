"""A book of incidents with a clock that is set by hand, and people who work with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.samples.reviewing import Installation

from promptguard.review.accounts import Account, Accounts
from promptguard.review.incidents.book import IncidentBook
from promptguard.review.incidents.kinds import IncidentsFile
from promptguard.review.ledger import Ledger
from promptguard.review.roles import Role
from promptguard.typed_yaml.reading import load

BEGIN = 1_772_357_400  # 2026-03-01 09:30:00 UTC
SHIPPED = load(Path(__file__).parents[3] / "config" / "incidents.yaml", IncidentsFile)


@dataclass
class Clock:
    """Seconds since 1970."""

    at: float = BEGIN

    def __call__(self) -> float:
        return self.at

    def pass_(self, minutes: float) -> None:
        self.at += 60 * minutes


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(installation: Installation) -> Ledger:
    return Ledger(installation.database, installation.keys)


@pytest.fixture
def book(installation: Installation, ledger: Ledger, clock: Clock) -> IncidentBook:
    return IncidentBook(installation.database, SHIPPED, ledger, clock)


@pytest.fixture
def account(installation: Installation) -> Callable[[str], Account]:
    accounts = Accounts(installation.database, installation.keys.second_factor)
    return lambda name: accounts.make(name, [Role.ANALYST])
