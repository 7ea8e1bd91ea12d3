"""A PostgreSQL database: one for the proxies of several machines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from promptguard.audit.sealing.interface import KeyStore
from promptguard.errors import StorageAway, StorageError
from promptguard.evidence.interface import EvidenceStore
from promptguard.keys import Keys
from promptguard.redaction.vault import BLOCKED_LIFETIME, PLACEHOLDER_LIFETIME
from promptguard.storage.acknowledgements import DatabaseAcknowledgements
from promptguard.storage.changes import Topic
from promptguard.storage.data_keys import DatabaseKeys
from promptguard.storage.evidence import DatabaseEvidence
from promptguard.storage.false_alarms import DatabaseFalseAlarms
from promptguard.storage.interface import Backend
from promptguard.storage.justifications import DatabaseJustifications
from promptguard.storage.orders import DatabaseOrders
from promptguard.storage.policy_versions import DatabasePolicyVersions
from promptguard.storage.postgresql.address import Address
from promptguard.storage.postgresql.audit_store import PostgreSQLStore, Spool
from promptguard.storage.postgresql.changes import PostgreSQLChanges
from promptguard.storage.postgresql.database import PostgreSQLDatabase
from promptguard.storage.postgresql.lookups import PostgreSQLLookups
from promptguard.storage.publications import DatabasePublications
from promptguard.storage.sightings import DatabaseSightings
from promptguard.storage.spool.evidence import SpooledEvidence
from promptguard.storage.spool.keys import SpooledKeys
from promptguard.storage.spool.owned import OwnedFiles
from promptguard.storage.spool.records import SpoolFolder
from promptguard.storage.vault.vault import DatabaseVault


class PostgreSQLBackend(Backend):
    """The records and the vault of all installations that share a master key."""

    def __init__(self, database: PostgreSQLDatabase, installation: str, spool: SpoolFolder | None = None) -> None:
        self._database = database
        self._installation = installation
        self._spool = spool
        self._keys = SpooledKeys(lambda: DatabaseKeys(database), spool.keys) if spool else None
        self._evidence = SpooledEvidence(database, spool) if spool else None

    @classmethod
    def open(cls, url: str, installation: str, spool: SpoolFolder | None = None) -> PostgreSQLBackend:
        """Open the database at a URL; its tables are made where there are none.

        Args:
            installation: the id of the data folder, after which its chains are named.
            spool: where records and replaced values wait while the server is away; None refuses them then.

        Raises:
            StorageError: it cannot be reached, and nothing is known of where the record ends; it is not one of ours, or
                was written by a newer PromptGuard.
        """
        address = Address.parse(url)
        if spool is None:
            return cls(PostgreSQLDatabase.open(address), installation)
        database = PostgreSQLDatabase(address, probing=True)
        try:
            database.prepare()
        except StorageError as error:
            if not (isinstance(error, StorageAway) and spool.chains()):
                database.close()
                raise
        return cls(database, installation, spool)

    def audit_store(self) -> PostgreSQLStore:
        if self._spool is None or self._keys is None or self._evidence is None:
            return PostgreSQLStore(self._database, self._installation)
        return PostgreSQLStore(self._database, self._installation, Spool(self._spool, self._keys, self._evidence))

    def key_store(self, keys: Path) -> KeyStore:
        return self._keys or DatabaseKeys(self._database)

    def vault(
        self,
        key: bytes,
        *,
        placeholder_lifetime: float = PLACEHOLDER_LIFETIME,
        blocked_lifetime: float = BLOCKED_LIFETIME,
    ) -> DatabaseVault:
        vault = DatabaseVault(
            self._database,
            PostgreSQLLookups(self._database),
            key,
            placeholder_lifetime=placeholder_lifetime,
            blocked_lifetime=blocked_lifetime,
            spool=OwnedFiles(self._spool, ".vault") if self._spool else None,
        )
        if self._database.reachability is not None:
            self._database.reachability.when_back(vault.deliver)
        return vault

    def sightings(self) -> DatabaseSightings:
        return DatabaseSightings(self._database)

    def evidence(self) -> EvidenceStore:
        return self._evidence or DatabaseEvidence(self._database)

    def policy_versions(self, key: bytes) -> DatabasePolicyVersions:
        return DatabasePolicyVersions(self._database, key)

    def publications(self, key: bytes) -> DatabasePublications:
        return DatabasePublications(self._database, key)

    def false_alarms(self, keys: Keys) -> DatabaseFalseAlarms:
        return DatabaseFalseAlarms(self._database, keys)

    def orders(self, keys: Keys) -> DatabaseOrders:
        return DatabaseOrders(self._database, keys)

    def acknowledgements(self, key: bytes) -> DatabaseAcknowledgements:
        return DatabaseAcknowledgements(self._database, key)

    def justifications(self, key: bytes) -> DatabaseJustifications:
        return DatabaseJustifications(self._database, key)

    def changes(self, *topics: Topic) -> PostgreSQLChanges:
        return self._database.changes(*topics)

    @contextmanager
    def alone(self, name: str, keys: Path) -> Iterator[bool]:
        with self._database.alone(name) as alone:
            yield alone

    def check_in_place(self) -> None:
        problem = self._database.problem
        if problem is not None and not (self._spool and isinstance(problem, StorageAway)):
            raise problem

    def when_overwritten(self, tell: Callable[[StorageError], object]) -> None:
        """Nothing: its files are the server's."""

    def close(self) -> None:
        if self._evidence is not None:
            self._evidence.close()
        self._database.close()
