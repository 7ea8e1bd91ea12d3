"""The configurations that were published, in a database: the same in every kind of it."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import orjson
from sqlalchemy import delete, func, insert, select

from promptguard.audit.events import timestamp
from promptguard.errors import StorageError
from promptguard.keys import SealingCipher
from promptguard.policy.publications import Publication, PublicationRun, PublicationStore
from promptguard.storage.changes import Topic
from promptguard.storage.open_database import OpenDatabase
from promptguard.storage.tables import configuration_publication as publications
from promptguard.storage.tables import configuration_run as runs

MAX_FILES_BYTES: Final = 64 * 2**20
"""Of a configuration, unpacked and as JSON."""

KEPT_DAYS: Final = 7
"""How long a process is remembered that was not seen to end."""

_LOCK: Final = b"publications"
_FACTS = tuple(publications.c[name] for name in ("number", "hash", "time", "author", "reason", "restores", "signature"))


class DatabasePublications(PublicationStore):
    """See `PublicationStore`.

    Args:
        key: `Keys.configuration`.
    """

    def __init__(self, database: OpenDatabase, key: bytes) -> None:
        self._database = database
        self._cipher = SealingCipher(key)

    def publish(self, publication: Publication, files: Mapping[str, bytes]) -> None:
        texts = {name: base64.b64encode(content).decode() for name, content in files.items()}
        plain = orjson.dumps(texts)
        if len(plain) > MAX_FILES_BYTES:
            raise StorageError(self._database.place, "The configuration is too long.", "Keep only its own files in it.")
        sealed = self._cipher.seal(zlib.compress(plain, 6), publication.hash.encode())
        facts = {column.name: getattr(publication, column.name) for column in _FACTS}
        with self._database.writing() as connection:
            self._database.lock(connection, _LOCK)
            newest = connection.scalar(select(func.max(publications.c.number))) or 0
            if newest >= publication.number:
                problem = f"Somebody else has just published version {newest} of the configuration."
                raise StorageError(self._database.place, problem, "Look at it, and publish yours again.")
            connection.execute(insert(publications).values(**facts, sealed=sealed))
            self._database.announce(connection, Topic.POLICY)

    def newest(self) -> Publication | None:
        found = select(*_FACTS).order_by(publications.c.number.desc()).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(found).first()
        return None if row is None else Publication(*row)

    def all(self) -> Sequence[Publication]:
        with self._database.reading() as connection:
            rows = connection.execute(select(*_FACTS).order_by(publications.c.number.desc())).all()
        return [Publication(*row) for row in rows]

    def files(self, publication: Publication) -> Mapping[str, bytes] | None:
        with self._database.reading() as connection:
            sealed = connection.scalar(select(publications.c.sealed).where(publications.c.number == publication.number))
        try:
            packed = self._cipher.open(sealed or b"", publication.hash.encode())
            plain = zlib.decompressobj().decompress(packed, MAX_FILES_BYTES)
            return {str(name): base64.b64decode(text) for name, text in orjson.loads(plain).items()}
        except (ValueError, zlib.error):
            return None

    def says(self, process: str, machine: str, *, taken: int, refused: int, now: str) -> None:
        said = {"machine": machine[:253], "taken": taken, "refused": refused, "seen": now}
        oldest = timestamp(datetime.fromisoformat(now).astimezone(UTC) - timedelta(days=KEPT_DAYS))
        with self._database.writing() as connection:
            connection.execute(delete(runs).where((runs.c.process == process[:64]) | (runs.c.seen < oldest)))
            connection.execute(insert(runs).values(process=process[:64], **said))

    def ended(self, process: str) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(runs).where(runs.c.process == process[:64]))

    def running(self, since: str) -> Sequence[PublicationRun]:
        statement = select(runs.c.machine, runs.c.taken, runs.c.refused).where(runs.c.seen >= since)
        with self._database.reading() as connection:
            return [PublicationRun(*row) for row in connection.execute(statement.order_by(runs.c.machine))]
