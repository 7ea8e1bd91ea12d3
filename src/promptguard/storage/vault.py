"""The vault that outlives the process: originals encrypted, scopes as keyed hashes, everything with an end."""

from __future__ import annotations

import asyncio
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Table, delete, insert, select

from promptguard.keys import derive
from promptguard.redaction.vault import BLOCKED_LIFETIME, PLACEHOLDER_LIFETIME, Vault
from promptguard.storage.database import Database, blocked_fingerprint, meta, vault_entry
from promptguard.storage.errors import StorageError

_NONCE_BYTES = 12
_SCOPE_BYTES = 16
_KEY_CHECK = "vault_key_check"


@dataclass(slots=True)
class _Scope:
    """What is known of one scope: names (placeholders or fingerprints) with the time at which each expires."""

    originals: dict[str, tuple[str, float]] = field(default_factory=dict)
    blocked: dict[str, float] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.originals) + len(self.blocked)


class SQLiteVault(Vault):
    """A vault in the database. What was used lately is also kept in memory, so that reading it needs no I/O.

    Originals are encrypted with AES-256-GCM; scope and placeholder are bound to the ciphertext, so rows cannot be
    exchanged. The file shows placeholders (with their entity types), the lengths of originals, and when they expire.

    Several processes may share the database. A process sees what another one has added to a scope when it next reads
    the scope from the file.
    """

    def __init__(
        self,
        database: Database,
        key: bytes,
        *,
        placeholder_lifetime: float = PLACEHOLDER_LIFETIME,
        blocked_lifetime: float = BLOCKED_LIFETIME,
        cached_entries: int = 100_000,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Open the vault in `database`.

        Args:
            key: 32 bytes, `Keys.vault`.
            placeholder_lifetime: seconds for which an original is kept after its placeholder was last issued. It may
                be a 24th more, so that a placeholder that is issued again and again is not written each time.
            blocked_lifetime: the same for blocked fingerprints.
            cached_entries: how many entries of either kind are kept in memory, at most.
            clock: seconds since 1970.

        Raises:
            StorageError: the vault was written with another key, or cannot be read.
        """
        self._database = database
        self._cipher = AESGCM(derive(key, "originals"))
        self._scope_key = derive(key, "scopes")
        self._placeholder_lifetime = placeholder_lifetime
        self._blocked_lifetime = blocked_lifetime
        self._cached_entries = cached_entries
        self._clock = clock
        self._cache: OrderedDict[bytes, _Scope] = OrderedDict()
        self._cached = 0
        self._check_key(derive(key, "check").hex())
        # One thread: its jobs see each other's results, and do not queue behind other users of a shared pool.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="promptguard-vault")

    async def remember(self, scope: str, issued: Mapping[str, str]) -> None:
        if not issued:
            return
        key = self._hash(scope)
        known = (await self._scope(key)).originals
        now = self._clock()
        expires = now + self._placeholder_lifetime * 25 / 24
        fresh = {
            placeholder: (original, expires)
            for placeholder, original in issued.items()
            if not _lasts(known.get(placeholder), original, now + self._placeholder_lifetime)
        }
        if fresh:
            await self._run(self._write_originals, key, fresh)
            self._update(key, _Scope(originals=fresh))

    async def issued(self, scope: str) -> Mapping[str, str]:
        known = (await self._scope(self._hash(scope))).originals
        now = self._clock()
        return {placeholder: original for placeholder, (original, expires) in known.items() if expires > now}

    async def remember_blocked(self, scope: str, fingerprints: Iterable[str]) -> None:
        key = self._hash(scope)
        known = (await self._scope(key)).blocked
        now = self._clock()
        expires = now + self._blocked_lifetime * 25 / 24
        fresh = {
            fingerprint: expires
            for fingerprint in fingerprints
            if known.get(fingerprint, 0.0) < now + self._blocked_lifetime
        }
        if fresh:
            await self._run(self._write_blocked, key, fresh)
            self._update(key, _Scope(blocked=fresh))

    async def blocked(self, scope: str) -> frozenset[str]:
        known = (await self._scope(self._hash(scope))).blocked
        now = self._clock()
        return frozenset(fingerprint for fingerprint, expires in known.items() if expires > now)

    async def forget_expired(self) -> None:
        now = self._clock()
        for key in list(self._cache):
            scope = self._cache.get(key)
            if scope is not None:
                before = scope.size
                scope.originals = {name: entry for name, entry in scope.originals.items() if entry[1] > now}
                scope.blocked = {name: expires for name, expires in scope.blocked.items() if expires > now}
                self._cached -= before - scope.size
                if not scope.size:
                    del self._cache[key]
            await asyncio.sleep(0)  # requests go on between two scopes
        await self._run(self._delete_expired, now)

    def close(self) -> None:
        """Finish what is being written. The database stays open."""
        self._thread.shutdown(wait=True)

    def _hash(self, scope: str) -> bytes:
        return hmac.digest(self._scope_key, scope.encode("utf-8", "surrogatepass"), "sha256")[:_SCOPE_BYTES]

    async def _run[**P, R](self, work: Callable[P, R], /, *arguments: P.args, **options: P.kwargs) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: work(*arguments, **options))

    async def _scope(self, key: bytes) -> _Scope:
        """What is known of a scope, from memory where possible."""
        cached = self._cache.get(key)
        if cached is not None:
            self._cache.move_to_end(key)
            return cached
        return self._merge(key, await self._run(self._read, key))

    def _update(self, key: bytes, news: _Scope) -> None:
        """Add what was just written, if the scope is in memory. Else its next use reads all of it from the file."""
        if key in self._cache:
            self._merge(key, news)

    def _merge(self, key: bytes, news: _Scope) -> _Scope:
        """Add to a scope in memory. Nothing is replaced by something older, so the order of arrival does not matter."""
        scope = self._cache.setdefault(key, _Scope())
        self._cache.move_to_end(key)
        before = scope.size
        for placeholder, entry in news.originals.items():
            if placeholder not in scope.originals or scope.originals[placeholder][1] <= entry[1]:
                scope.originals[placeholder] = entry
        for fingerprint, expires in news.blocked.items():
            scope.blocked[fingerprint] = max(expires, scope.blocked.get(fingerprint, 0.0))
        # An empty scope counts as one, or they could fill the memory.
        self._cached += scope.size - before
        while len(self._cache) > 1 and self._cached + len(self._cache) > self._cached_entries:
            _, dropped = self._cache.popitem(last=False)
            self._cached -= dropped.size
        return scope

    # What follows runs in the thread.

    def _read(self, key: bytes) -> _Scope:
        entries, blocked = vault_entry.c, blocked_fingerprint.c
        now = self._clock()
        with self._database.reading() as connection:
            rows = connection.execute(
                select(entries.placeholder, entries.nonce, entries.ciphertext, entries.expires).where(
                    entries.scope == key, entries.expires > now
                )
            ).all()
            fingerprints = connection.execute(
                select(blocked.fingerprint, blocked.expires).where(blocked.scope == key, blocked.expires > now)
            ).all()
        return _Scope(
            originals={
                placeholder: (self._decrypt(key, placeholder, nonce, ciphertext), float(expires))
                for placeholder, nonce, ciphertext, expires in rows
            },
            blocked={fingerprint: float(expires) for fingerprint, expires in fingerprints},
        )

    def _write_originals(self, key: bytes, originals: Mapping[str, tuple[str, float]]) -> None:
        rows = []
        for placeholder, (original, expires) in originals.items():
            nonce = secrets.token_bytes(_NONCE_BYTES)
            text = original.encode("utf-8", "surrogatepass")
            rows.append(
                {
                    "scope": key,
                    "placeholder": placeholder,
                    "nonce": nonce,
                    "ciphertext": self._cipher.encrypt(nonce, text, key + placeholder.encode()),
                    "expires": int(expires),
                }
            )
        with self._database.writing() as connection:
            _replace(connection, vault_entry, "placeholder", rows)

    def _write_blocked(self, key: bytes, blocked: Mapping[str, float]) -> None:
        rows = [
            {"scope": key, "fingerprint": fingerprint, "expires": int(expires)}
            for fingerprint, expires in blocked.items()
        ]
        with self._database.writing() as connection:
            _replace(connection, blocked_fingerprint, "fingerprint", rows)

    def _delete_expired(self, now: float) -> None:
        with self._database.writing() as connection:
            deleted = sum(
                connection.execute(delete(table).where(table.c.expires <= now)).rowcount
                for table in (vault_entry, blocked_fingerprint)
            )
        if deleted:
            self._database.empty_log()

    def _decrypt(self, key: bytes, placeholder: str, nonce: bytes, ciphertext: bytes) -> str:
        try:
            return self._cipher.decrypt(nonce, ciphertext, key + placeholder.encode()).decode("utf-8", "surrogatepass")
        except InvalidTag:
            raise StorageError(
                self._database.path,
                "An entry of the vault has been changed or was written with another key.",
                "Restore the database and the master key from the same backup.",
            ) from None

    def _check_key(self, check: str) -> None:
        with self._database.writing() as connection:
            stored = connection.scalar(select(meta.c.value).where(meta.c.name == _KEY_CHECK))
            if stored is None:
                connection.execute(insert(meta).values(name=_KEY_CHECK, value=check))
                stored = check
        if not hmac.compare_digest(stored, check):
            raise StorageError(
                self._database.path,
                "The vault in this database was written with another master key.",
                "Restore the master key that belongs to it, or move the database aside to start anew.",
            )


def _lasts(entry: tuple[str, float] | None, original: str, until: float) -> bool:
    return entry is not None and entry[0] == original and entry[1] >= until


def _replace(connection: Connection, table: Table, name: str, rows: list[dict[str, object]]) -> None:
    """Insert rows in place of those with the same scope and name. Databases do not agree on how to spell an upsert."""
    scope = rows[0]["scope"]
    names = [row[name] for row in rows]
    for start in range(0, len(names), 500):  # SQLite takes a limited number of parameters in a statement
        chunk = names[start : start + 500]
        connection.execute(delete(table).where(table.c.scope == scope, table.c[name].in_(chunk)))
    connection.execute(insert(table), rows)
