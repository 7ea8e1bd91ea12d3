"""The configurations that decided, in a database: the same in every kind of it."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson
from sqlalchemy import Connection, delete, insert, select, update

from promptguard.audit.events import timestamp
from promptguard.keys import SealingCipher
from promptguard.policy.versions import ConfigurationText, PolicyRun, PolicyVersion, PolicyVersionStore
from promptguard.storage.changes import Topic
from promptguard.storage.open_database import OpenDatabase
from promptguard.storage.tables import policy_ruleset, policy_run, policy_version

MAX_FILES_BYTES: Final = 64 * 2**20
"""Of a configuration, unpacked."""

KEPT_DAYS: Final = 7
"""How long a process is remembered that was not seen to end."""

_LOCK: Final = b"policy versions"

_VERSION = tuple(policy_version.c[name] for name in ("hash", "policy_hash", "policy_name", "first_seen", "last_seen"))


class DatabasePolicyVersions(PolicyVersionStore):
    """See `PolicyVersionStore`.

    Args:
        key: `Keys.configuration`.
    """

    def __init__(self, database: OpenDatabase, key: bytes) -> None:
        self._database = database
        self._cipher = SealingCipher(key)

    def keep(self, text: ConfigurationText, ruleset_version: str, *, process: str, machine: str, now: str) -> None:
        kept = {
            "policy_hash": text.policy_hash,
            "policy_name": _storable(text.policy_name)[:100],
            "first_seen": now,
            "last_seen": now,
            "sealed": self._sealed(text),
        }
        run = {"machine": _storable(machine)[:253], "hash": text.hash, "since": now, "seen": now}
        with self._database.writing() as connection:
            self._database.lock(connection, _LOCK)
            _put(connection, policy_version, {"hash": text.hash}, kept, {"last_seen": now})
            key = {"ruleset_version": ruleset_version[:64], "hash": text.hash}
            _put(connection, policy_ruleset, key, {"first_seen": now}, {})
            _put(connection, policy_run, {"process": process[:64]}, run, run)
            connection.execute(delete(policy_run).where(policy_run.c.seen < _days_before(now, KEPT_DAYS)))
            self._database.announce(connection, Topic.POLICY)

    def still(self, process: str, now: str) -> None:
        with self._database.writing() as connection:
            mine = policy_run.c.process == process[:64]
            connection.execute(update(policy_run).where(mine).values(seen=now))
            run = select(policy_run.c.hash).where(mine).scalar_subquery()
            connection.execute(update(policy_version).where(policy_version.c.hash == run).values(last_seen=now))

    def ended(self, process: str) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(policy_run).where(policy_run.c.process == process[:64]))

    def all(self) -> Sequence[PolicyVersion]:
        taken_up = select(*_VERSION).order_by(policy_version.c.last_seen.desc(), policy_version.c.first_seen.desc())
        with self._database.reading() as connection:
            return [PolicyVersion(*row) for row in connection.execute(taken_up)]

    def files(self, hash: str) -> Mapping[str, str] | None:
        with self._database.reading() as connection:
            sealed = connection.scalar(select(policy_version.c.sealed).where(policy_version.c.hash == hash))
        return None if sealed is None else self._opened(hash, sealed)

    def of_decision(self, policy_hash: str, ruleset_version: str, time: str) -> PolicyVersion | None:
        same_policy = select(*_VERSION).where(policy_version.c.policy_hash == policy_hash)
        with_detection = same_policy.join(policy_ruleset, policy_ruleset.c.hash == policy_version.c.hash).where(
            policy_ruleset.c.ruleset_version == ruleset_version
        )
        with self._database.reading() as connection:
            for statement in (with_detection, same_policy):
                rows = connection.execute(statement.order_by(policy_version.c.first_seen)).all()
                if rows:
                    before = [row for row in rows if row.first_seen <= time]
                    return PolicyVersion(*(before[-1] if before else rows[0]))
        return None

    def running(self, since: str) -> Sequence[PolicyRun]:
        columns = policy_run.c
        statement = (
            select(columns.process, columns.machine, columns.hash, columns.since, columns.seen)
            .where(columns.seen >= since)
            .order_by(columns.machine, columns.process)
        )
        with self._database.reading() as connection:
            return [PolicyRun(*row) for row in connection.execute(statement)]

    def _sealed(self, text: ConfigurationText) -> bytes:
        packed = zlib.compress(orjson.dumps(dict(text.files)), 6)
        return self._cipher.seal(packed, text.hash.encode())

    def _opened(self, hash: str, sealed: bytes) -> Mapping[str, str] | None:
        try:
            packed = self._cipher.open(sealed, hash.encode())
            unpacked = zlib.decompressobj().decompress(packed, MAX_FILES_BYTES)
            return {str(name): str(text) for name, text in orjson.loads(unpacked).items()}
        except (ValueError, zlib.error):
            return None


def _put(connection: Connection, table: Any, key: dict[str, str], new: dict[str, Any], changed: dict[str, Any]) -> None:
    """Change the row of a key, or insert it. Under a lock, so that nobody else does in between."""
    row = [table.c[name] == value for name, value in key.items()]
    if connection.execute(select(table.c[next(iter(key))]).where(*row)).first() is None:
        connection.execute(insert(table).values(**key, **new))
    elif changed:
        connection.execute(update(table).where(*row).values(**changed))


def _storable(text: str) -> str:
    """As every database takes it."""
    return text.encode("utf-8", "replace").decode().replace("\0", "?")


def _days_before(time: str, days: int) -> str:
    return timestamp(datetime.fromisoformat(time).astimezone(UTC) - timedelta(days=days))
