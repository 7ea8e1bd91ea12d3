"""The vault that outlives the process: originals encrypted, scopes as keyed hashes, everything with an end.

Several processes may share the database. What one of them has remembered, the others know at once: each read asks the
database whether the scope was written since it was read last, and reads it anew only then.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from promptguard.errors import StorageAway, StorageError
from promptguard.keys import derive
from promptguard.model import Mark, Original
from promptguard.redaction.known import Known
from promptguard.redaction.scope_originals import Held
from promptguard.redaction.vault import (
    BLOCKED_LIFETIME,
    MAX_MARKS_PER_SCOPE,
    PLACEHOLDER_LIFETIME,
    Vault,
    mark_lifetime,
)
from promptguard.storage.open_database import OpenDatabase
from promptguard.storage.spool.owned import OwnedFiles
from promptguard.storage.vault.cipher import VaultCipher
from promptguard.storage.vault.kept_scope import KeptScope
from promptguard.storage.vault.lookups import Lookups
from promptguard.storage.vault.rows import AWAY, Kept, VaultRows
from promptguard.storage.vault.scope_cache import ScopeCache
from promptguard.storage.vault.spooled_rows import SpooledRows

logger = logging.getLogger(__name__)

FLUSH_SECONDS = 0.5
"""For which marks learned from answers may wait to be written. This process knows them at once, others after that."""

_LEARNED = frozenset({Mark.SEALED, Mark.ANSWERED})

_PROLONGED = 25 / 24
"""Lifetimes as written, in proportion to those promised: what is used all the time is not written each time."""


class DatabaseVault(Vault):
    """A vault in the database. What was used lately is also kept in memory, so that its rows are not read again.

    Originals are encrypted with AES-256-GCM; scope, placeholder and data class are bound to the ciphertext, so rows
    cannot be exchanged. The database shows placeholders (with their entity types), data classes, the lengths of
    originals, and when they expire.
    """

    def __init__(
        self,
        database: OpenDatabase,
        lookups: Lookups,
        key: bytes,
        *,
        placeholder_lifetime: float = PLACEHOLDER_LIFETIME,
        blocked_lifetime: float = BLOCKED_LIFETIME,
        cached_entries: int = 100_000,
        clock: Callable[[], float] = time.time,
        spool: OwnedFiles | None = None,
    ) -> None:
        """Open the vault in `database`.

        Args:
            lookups: asks `database` for little; closed with the vault.
            key: 32 bytes, `Keys.vault`.
            placeholder_lifetime: seconds for which an original is kept after its placeholder was last issued. It may
                be a 24th more, so that a placeholder that is issued again and again is not written each time.
            blocked_lifetime: the same for marks of what was blocked or refused.
            cached_entries: how many originals, and how many marks, are kept in memory, at most.
            clock: seconds since 1970.
            spool: where is kept what cannot be written while the database is away; None lets writes fail then.

        Raises:
            StorageError: the vault was written with another key, or cannot be read.
        """
        self._cipher = VaultCipher(key)
        self._spooled = SpooledRows(database, self._cipher, clock, spool) if spool else None
        self._rows = self._spooled or VaultRows(database, self._cipher, clock)
        self._rows.check_key(derive(key, "check").hex())
        self._lookups = lookups
        self._placeholder_lifetime = placeholder_lifetime
        self._blocked_lifetime = blocked_lifetime
        self._clock = clock
        self._originals: ScopeCache[bytes, KeptScope] = ScopeCache(cached_entries)
        self._marks: ScopeCache[tuple[bytes, Mark], dict[str, float]] = ScopeCache(cached_entries)
        self._learned: dict[tuple[bytes, Mark], dict[str, float]] = {}
        """What was learned from answers and is not written yet, with the time at which it expires."""
        self._flush: asyncio.TimerHandle | None = None
        # One thread each: reads do not wait for a disk that is flushed, nor behind other users of a shared pool.
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="promptguard-vault-read")
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="promptguard-vault-write")
        if self._spooled is not None and self._spooled.waiting:
            self.deliver()

    async def remember(self, scope: str, issued: Mapping[str, Original]) -> None:
        if not issued:
            return
        key = self._cipher.scope(scope)
        known = self._originals.get(key)  # what is in memory was written, whatever others have written since
        if known is None:
            known = await self._known(key)
        until = self._clock() + self._placeholder_lifetime
        expires = self._clock() + self._placeholder_lifetime * _PROLONGED
        fresh = {
            placeholder: Kept(original, expires)
            for placeholder, original in issued.items()
            if not _lasts(known.originals.entries.get(placeholder), original, until)
        }
        if fresh:
            before, revision = await _run(self._writer, self._rows.write, key, fresh)
            cached = self._originals.peek(key)
            # Had another process written in between, the next read would find the revision changed.
            if cached is not None and before in (cached.revision, AWAY):
                cached.add(fresh)
                cached.revision = cached.revision if before == AWAY else revision
                self._originals.put(key, cached)

    async def issued(self, scope: str) -> Known:
        known = await self._known(self._cipher.scope(scope))
        return known.known(self._clock())

    async def blocked(self, scope: str) -> frozenset[str]:
        known = await self._known(self._cipher.scope(scope))
        return known.blocked(self._clock())

    async def remember_marks(self, scope: str, mark: Mark, hashes: Iterable[str]) -> None:
        key = self._cipher.scope(scope)
        known = self._marks.peek((key, mark)) or {}
        lifetime = mark_lifetime(mark, self._blocked_lifetime)
        until, expires = self._clock() + lifetime, self._clock() + lifetime * _PROLONGED
        fresh = [each for each in dict.fromkeys(hashes) if known.get(each, 0.0) < until][-MAX_MARKS_PER_SCOPE:]
        if not fresh:
            return
        self._note(key, mark, dict.fromkeys(fresh, expires))
        if mark in _LEARNED:
            self._write_soon(key, mark, fresh, expires)
        else:
            await _run(self._writer, self._rows.write_marks, key, mark, fresh, expires)

    async def marked(self, scope: str, mark: Mark, hashes: Collection[str]) -> frozenset[str]:
        # A mark that is known stays; of one that is not, another process may know more by now.
        if not hashes:
            return frozenset()
        key = self._cipher.scope(scope)
        now = self._clock()
        known = self._marks.get((key, mark)) or {}
        marked = {each for each in hashes if known.get(each, 0.0) > now}
        rest = [each for each in dict.fromkeys(hashes) if each not in marked]
        if rest:
            found = self._lookups.marks(key, mark, rest, now)
            if found is None:
                found = await _run(self._reader, self._rows.read_marks, key, mark, rest)
            self._note(key, mark, found)
            marked.update(found)
        return frozenset(marked)

    async def forget_expired(self) -> None:
        now = self._clock()
        for key in self._originals.snapshot():
            originals = self._originals.peek(key)
            if originals is not None and any(kept.expires <= now for kept in originals.originals.entries.values()):
                self._originals.drop(key)
            await asyncio.sleep(0)  # requests go on between two scopes
        for place in self._marks.snapshot():
            marks = self._marks.peek(place)
            if marks is not None and any(expires <= now for expires in marks.values()):
                self._marks.drop(place)
            await asyncio.sleep(0)
        await _run(self._writer, self._rows.delete_expired)

    async def flush(self) -> None:
        """Write what was learned from answers now, and return when other processes know it."""
        await _run(self._writer, self._write_learned)

    def close(self) -> None:
        """Finish what is being written. The database stays open."""
        if self._flush:
            self._flush.cancel()
        self._writer.shutdown(wait=True)
        self._write_learned()
        if self._spooled is not None:
            self._spooled.close()
        self._reader.shutdown(wait=True)
        self._lookups.close()

    def deliver(self) -> None:
        """Write what was kept while the database was away. Returns at once; can be called from any thread."""
        with contextlib.suppress(RuntimeError):  # it is closed
            self._writer.submit(self._deliver_some)

    def _deliver_some(self) -> None:
        assert self._spooled is not None
        try:
            if self._spooled.deliver():
                self.deliver()
        except StorageError as error:
            logger.error("What was replaced while the database was away could not be written, and is kept: %s", error)

    def _write_soon(self, key: bytes, mark: Mark, hashes: Iterable[str], expires: float) -> None:
        """Write what was learned from answers together: one by one it would cost more than reading the answers does."""
        if not self._learned:
            loop = asyncio.get_running_loop()
            self._flush = loop.call_later(FLUSH_SECONDS, self._writer.submit, self._write_learned)
        self._learned.setdefault((key, mark), {}).update(dict.fromkeys(hashes, expires))

    def _write_learned(self) -> None:
        """Runs in the thread that writes, or after its end. What cannot be written is known to this process alone."""
        learned, self._learned = self._learned, {}
        try:
            for (key, mark), hashes in learned.items():
                self._rows.write_marks(key, mark, list(hashes)[-MAX_MARKS_PER_SCOPE:], max(hashes.values()))
        except StorageError as error:
            if self._spooled is not None and isinstance(error, StorageAway):
                return  # told already, and nobody else misses it for long
            logger.error("What services answered could not be kept: %s", error)

    async def _known(self, key: bytes) -> KeptScope:
        """What was issued in a scope: from memory, unless somebody has written since."""
        cached = self._originals.get(key)
        if cached is not None and cached.revision == await self._lookups.revision(key):
            return cached
        if cached is None:
            fresh = await _run(self._reader, lambda: KeptScope(self._rows.read(key)))
            cached = self._originals.peek(key)
            if cached is None or cached.revision < fresh.revision:
                self._originals.put(key, fresh)
                return fresh
            return cached  # read, or written by ourselves, while the database was read
        read = await _run(self._reader, self._rows.read, key)
        cached = self._originals.peek(key) or KeptScope(read)
        if read.revision == AWAY:  # what is known here, and what was written here since
            cached.add_missing(read)
        elif cached.revision <= read.revision:  # else written by ourselves while the database was read
            cached.replace(read)
        self._originals.put(key, cached)
        return cached

    def _note(self, key: bytes, mark: Mark, marks: Mapping[str, float]) -> None:
        """Keep in memory what is marked."""
        if not marks:
            return
        known = self._marks.peek((key, mark))
        if known is None or len(known) > MAX_MARKS_PER_SCOPE:
            known = {}
        known.update(marks)
        self._marks.put((key, mark), known)


async def _run[**P, R](thread: ThreadPoolExecutor, work: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    return await asyncio.get_running_loop().run_in_executor(thread, lambda: work(*args, **kwargs))


def _lasts(kept: Held | None, original: Original, until: float) -> bool:
    return kept is not None and kept.original == original and kept.expires >= until
