"""How many decisions there were, of what kind, and what has changed: of the whole installation, never of a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Column, CompoundSelect, Connection, Select, Table, func, literal_column, select, union_all

from promptguard.review.database import ReviewDatabase
from promptguard.review.tables import day_class_count, day_count, hour_class_count, hour_count

_HOURS_SHOWN: Final = 72
"""Up to so many are shown one by one."""
_DAY: Final = len("2026-03-01")


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
        by_hour = hours <= _HOURS_SHOWN
        counted = _in_hours(hour_count, period.since, period.until) if by_hour else _decisions(period)
        with self._database.reading() as connection:
            return Overview(
                period,
                _totals(_summed(connection, counted, "action", "inspection")),
                _totals(_summed(connection, _decisions(before), "action", "inspection")),
                _by_action(_summed(connection, counted, "step", "action"), _steps(period, by_hour=by_hour)),
                _most_first(_by_action(_summed(connection, counted, "destination", "action"))),
                _most_first(_by_action(_summed(connection, _classes(period), "data_class", "action"))),
            )

    def by_destination(self, now: datetime, hours: int) -> dict[str, dict[str, int]]:
        """Of each service, how often each action was taken in the last so many hours; most first."""
        counted = _decisions(hours_until(now, hours))
        with self._database.reading() as connection:
            return _most_first(_by_action(_summed(connection, counted, "destination", "action")))


def _summed(
    connection: Connection, counted: Select[Any] | CompoundSelect[Any], name: str, other: str
) -> list[tuple[str, str, int]]:
    """The sums of counts by two columns."""
    columns = counted.subquery().c
    keys = (columns[name], columns[other])
    rows = connection.execute(select(*keys, func.sum(columns["count"])).group_by(*keys))
    return [(row[0], row[1], int(row[2])) for row in rows]


def _decisions(period: Period) -> Select[Any] | CompoundSelect[Any]:
    return _counted(hour_count, day_count, period)


def _classes(period: Period) -> Select[Any] | CompoundSelect[Any]:
    return _counted(hour_class_count, day_class_count, period)


def _counted(by_hour: Table, by_day: Table, period: Period) -> Select[Any] | CompoundSelect[Any]:
    """The counts of a period by day: its whole days from their own table, the hours around them from that of hours."""
    first, last = _first_day(period.since), period.until[:10]
    if first >= last:
        return _in_hours(by_hour, period.since, period.until, width=_DAY)
    days = select(by_day.c.day.label("step"), *_rest(by_day, "day")).where(by_day.c.day >= first, by_day.c.day < last)
    # `2026-03-02` stands before `2026-03-02T00`.
    before = _in_hours(by_hour, period.since, first, width=_DAY)
    return union_all(before, days, _in_hours(by_hour, last, period.until, width=_DAY))


def _in_hours(by_hour: Table, since: str, until: str, *, width: int | None = None) -> Select[Any]:
    hour = by_hour.c.hour
    step = hour if width is None else func.substr(hour, literal_column("1"), literal_column(str(width)))
    return select(step.label("step"), *_rest(by_hour, "hour")).where(hour >= since, hour < until)


def _rest(table: Table, time: str) -> list[Column[Any]]:
    """The columns beside that of the time, in the order of their names."""
    return [table.c[name] for name in sorted(table.c.keys()) if name != time]


def _first_day(hour: str) -> str:
    """The first day that begins at this hour, or later."""
    moment = _moment(hour)
    return (moment if moment.hour == 0 else moment + timedelta(days=1)).strftime("%Y-%m-%d")


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


def _steps(period: Period, *, by_hour: bool) -> list[str]:
    """The hours of a period, or its days, the first and the last of which may be there in part."""
    step = timedelta(hours=1) if by_hour else timedelta(days=1)
    moment = _moment(period.since) if by_hour else _moment(f"{period.since[:_DAY]}T00")
    end, found = _moment(period.until), []
    while moment < end:
        found.append(_hour(moment) if by_hour else _hour(moment)[:_DAY])
        moment += step
    return found


def _hour(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H")


def _moment(hour: str) -> datetime:
    return datetime.strptime(hour, "%Y-%m-%dT%H").replace(tzinfo=UTC)
