"""Sightings in a database: the same in every kind of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import Connection, and_, delete, func, insert, select, update

from promptguard.destinations.sightings import Sighting, SightingStore, Sign
from promptguard.storage.open_database import OpenDatabase
from promptguard.storage.tables import sighting

MAX_PER_DAY: Final = 10_000
"""Different sightings of one day that are kept. Whoever makes up hosts does not fill the disk."""

_COLUMNS = sighting.c
_LOCK: Final = b"sightings"


class DatabaseSightings(SightingStore):
    """See `SightingStore`."""

    def __init__(self, database: OpenDatabase) -> None:
        self._database = database

    def add(self, sightings: Iterable[Sighting]) -> None:
        with self._database.writing() as connection:
            self._database.lock(connection, _LOCK)
            left: dict[str, int] = {}
            for each in map(_storable, sightings):
                if each.day not in left:
                    left[each.day] = MAX_PER_DAY - _count(connection, each.day)
                if not _add_to(connection, each) and left[each.day] > 0:
                    left[each.day] -= 1
                    connection.execute(insert(sighting).values(**each._asdict(), shape_id=each.shape_id))

    def since(self, day: str) -> Sequence[Sighting]:
        columns = (
            _COLUMNS.sign,
            _COLUMNS.host,
            _COLUMNS.destination,
            _COLUMNS.day,
            _COLUMNS.times,
            _COLUMNS.outline,
        )
        with self._database.reading() as connection:
            rows = connection.execute(
                select(*columns)
                .where(_COLUMNS.day >= day)
                .order_by(_COLUMNS.day, _COLUMNS.sign, _COLUMNS.host, _COLUMNS.shape_id)
            ).all()
        return [Sighting(Sign(sign), *rest) for sign, *rest in rows]

    def forget_before(self, day: str) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(sighting).where(_COLUMNS.day < day))


def _storable(each: Sighting) -> Sighting:
    """With a host that every database takes: whoever makes one up must not keep the others from being kept."""
    return each._replace(host=each.host.encode("utf-8", "replace").decode().replace("\0", "?"))


def _count(connection: Connection, day: str) -> int:
    return connection.scalar(select(func.count()).select_from(sighting).where(_COLUMNS.day == day)) or 0


def _add_to(connection: Connection, each: Sighting) -> bool:
    """Add to the row that is there; whether there is one."""
    same = and_(
        _COLUMNS.day == each.day,
        _COLUMNS.sign == str(each.sign),
        _COLUMNS.host == each.host,
        _COLUMNS.shape_id == each.shape_id,
    )
    return bool(connection.execute(update(sighting).where(same).values(times=_COLUMNS.times + each.times)).rowcount)
