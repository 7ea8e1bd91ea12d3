"""How many decisions there were, of what kind, and what has changed: of the whole installation, never of a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Table, func, select

from promptguard.review.database import ReviewDatabase
from promptguard.review.tables import hour_class_count, hour_count


@dataclass(frozen=True, slots=True)
class Period:
    """From one hour up to another, which is left out: `2026-03-01T09`, UTC."""

    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Totals:
    """Decisions of a period by what was done, and those that were not inspected."""

    actions: Mapping[str, int]
    not_inspected: int

    @property
    def all(self) -> int:
        """How many there were."""
        return sum(self.actions.values())


@dataclass(frozen=True, slots=True)
class Overview:
    """A period, the one before, and its parts."""

    period: Period
    totals: Totals
    before: Totals
    by_time: Mapping[str, Mapping[str, int]]
    """Of each hour, or day, of the period: actions and how often they were taken. Empty ones are there too."""
    by_destination: Mapping[str, Mapping[str, int]]
    """Most first."""
    by_class: Mapping[str, Mapping[str, int]]


def hours_until(now: datetime, hours: int) -> Period:
    """The period of so many hours that ends with the present one."""
    end = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return Period(_hour(end - timedelta(hours=hours)), _hour(end))


class Counts:
    """The counts of decisions. Can be used from any thread."""

    def __init__(self, database: ReviewDatabase) -> None:
        self._database = database

    def overview(self, now: datetime, hours: int) -> Overview:
        """Of the last so many hours; by hour up to three days, else by day."""
        period = hours_until(now, hours)
        before = hours_until(now - timedelta(hours=hours), hours)
        return Overview(
            period,
            self._totals(period),
            self._totals(before),
            self._by_time(period, "%Y-%m-%dT%H" if hours <= 72 else "%Y-%m-%d"),
            self._grouped(hour_count, "destination", period),
            self._grouped(hour_class_count, "data_class", period),
        )

    def _totals(self, period: Period) -> Totals:
        columns = hour_count.c
        actions: Counter[str] = Counter()
        not_inspected = 0
        statement = (
            select(columns.action, columns.inspection, func.sum(columns["count"]))
            .where(columns.hour >= period.since, columns.hour < period.until)
            .group_by(columns.action, columns.inspection)
        )
        with self._database.reading() as connection:
            for action, inspection, count in connection.execute(statement):
                actions[action] += int(count)
                not_inspected += int(count) if inspection != "inspected" else 0
        return Totals(dict(actions), not_inspected)

    def _by_time(self, period: Period, step: str) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {_moment(hour).strftime(step): {} for hour in _hours(period)}
        width = len(next(iter(found), ""))
        columns = hour_count.c
        at = func.substr(columns.hour, 1, width)
        statement = (
            select(at, columns.action, func.sum(columns["count"]))
            .where(columns.hour >= period.since, columns.hour < period.until)
            .group_by(at, columns.action)
        )
        with self._database.reading() as connection:
            for label, action, count in connection.execute(statement):
                found.setdefault(label, {})[action] = int(count)
        return found

    def _grouped(self, table: Table, name: str, period: Period) -> dict[str, dict[str, int]]:
        columns = table.c
        found: dict[str, dict[str, int]] = {}
        statement = (
            select(columns[name], columns.action, func.sum(columns["count"]))
            .where(columns.hour >= period.since, columns.hour < period.until)
            .group_by(columns[name], columns.action)
        )
        with self._database.reading() as connection:
            for label, action, count in connection.execute(statement):
                found.setdefault(label, {})[action] = int(count)
        return dict(sorted(found.items(), key=lambda item: (-sum(item[1].values()), item[0])))


def _hours(period: Period) -> list[str]:
    hour, found = _moment(period.since), []
    while _hour(hour) < period.until:
        found.append(_hour(hour))
        hour += timedelta(hours=1)
    return found


def _hour(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H")


def _moment(hour: str) -> datetime:
    return datetime.strptime(hour, "%Y-%m-%dT%H").replace(tzinfo=UTC)
