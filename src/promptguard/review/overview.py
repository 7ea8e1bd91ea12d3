"""How many decisions there were, of what kind, and what has changed: of the whole installation, never of a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, literal_column, select

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
        step = "%Y-%m-%dT%H" if hours <= 72 else "%Y-%m-%d"
        steps = list(dict.fromkeys(_moment(hour).strftime(step) for hour in _hours(period)))
        counts = self._counts(period, len(steps[0]))
        return Overview(
            period,
            _totals((action, inspection, count) for (_, _, action, inspection), count in counts),
            _totals(self._actions(before)),
            _by_action(((step, action, count) for (step, _, action, _), count in counts), steps),
            _most_first(_by_action((name, action, count) for (_, name, action, _), count in counts)),
            _most_first(_by_action(self._classes(period))),
        )

    def by_destination(self, now: datetime, hours: int) -> dict[str, dict[str, int]]:
        """Of each service, how often each action was taken in the last so many hours; most first."""
        columns = hour_count.c
        period = hours_until(now, hours)
        statement = (
            select(columns.destination, columns.action, func.sum(columns["count"]))
            .where(columns.hour >= period.since, columns.hour < period.until)
            .group_by(columns.destination, columns.action)
        )
        with self._database.reading() as connection:
            rows = [(row[0], row[1], int(row[2])) for row in connection.execute(statement)]
        return _most_first(_by_action(rows))

    def _counts(self, period: Period, width: int) -> list[tuple[tuple[str, str, str, str], int]]:
        """How often each step of time (so many characters of the hour), destination, action and inspection was."""
        columns = hour_count.c
        step = func.substr(columns.hour, literal_column("1"), literal_column(str(width)))
        keys = (step, columns.destination, columns.action, columns.inspection)
        statement = (
            select(*keys, func.sum(columns["count"]))
            .where(columns.hour >= period.since, columns.hour < period.until)
            .group_by(*keys)
        )
        with self._database.reading() as connection:
            return [((row[0], row[1], row[2], row[3]), int(row[4])) for row in connection.execute(statement)]

    def _actions(self, period: Period) -> list[tuple[str, str, int]]:
        columns = hour_count.c
        statement = (
            select(columns.action, columns.inspection, func.sum(columns["count"]))
            .where(columns.hour >= period.since, columns.hour < period.until)
            .group_by(columns.action, columns.inspection)
        )
        with self._database.reading() as connection:
            return [(row[0], row[1], int(row[2])) for row in connection.execute(statement)]

    def _classes(self, period: Period) -> list[tuple[str, str, int]]:
        columns = hour_class_count.c
        statement = (
            select(columns.data_class, columns.action, func.sum(columns["count"]))
            .where(columns.hour >= period.since, columns.hour < period.until)
            .group_by(columns.data_class, columns.action)
        )
        with self._database.reading() as connection:
            return [(row[0], row[1], int(row[2])) for row in connection.execute(statement)]


def _totals(counts: Iterable[tuple[str, str, int]]) -> Totals:
    actions: Counter[str] = Counter()
    not_inspected = 0
    for action, inspection, count in counts:
        actions[action] += count
        not_inspected += count if inspection != "inspected" else 0
    return Totals(dict(actions), not_inspected)


def _by_action(counts: Iterable[tuple[str, str, int]], names: Iterable[str] = ()) -> dict[str, dict[str, int]]:
    """Of each name, how often each action was taken. Those in `names` are there, even without any."""
    found: dict[str, dict[str, int]] = {name: {} for name in names}
    for name, action, count in counts:
        actions = found.setdefault(name, {})
        actions[action] = actions.get(action, 0) + count
    return found


def _most_first(counts: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    return dict(sorted(counts.items(), key=lambda item: (-sum(item[1].values()), item[0])))


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
