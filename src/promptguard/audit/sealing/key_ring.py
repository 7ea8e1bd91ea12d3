"""Seals events before they are stored, and opens them for those who read."""

from __future__ import annotations

import contextlib
import hmac
import logging
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from time import monotonic, time
from typing import Final, NamedTuple

import orjson

from promptguard.audit.events import timestamp
from promptguard.audit.interface import Record, RecordDamaged
from promptguard.audit.retention.classes import retention_class
from promptguard.audit.sealing import envelope
from promptguard.audit.sealing.interface import DataKey, KeptKey, KeyStore
from promptguard.errors import StorageAway
from promptguard.keys import SealingCipher, derive

log = logging.getLogger(__name__)

MAX_KEYS: Final = 10_000
"""Keys in memory."""

RENEW_SECONDS: Final = 60.0
"""How long a key may still open what it sealed, in a process that had it before it was deleted."""

_DAY_SECONDS: Final = 86_400
_SALT_BYTES: Final = 16


class _Known(NamedTuple):
    key: bytes | None
    """None of a key that was deleted."""
    since: float
    complete: bool = True
    """Whether all keys of single records are there that were kept when it was deleted, or what is left of them."""


class _Today(NamedTuple):
    kept: DataKey
    key: bytes
    since: float
    """When it was last seen to be kept, in seconds of `monotonic`."""

    @property
    def is_fresh(self) -> bool:
        return monotonic() - self.since <= RENEW_SECONDS


class KeyRing:
    """The data keys of an installation. For any thread.

    A hash in the chain is over the event as it is when opened. So that nothing can be guessed by it once the event is
    gone, each event is given a random member, `salt`.
    """

    def __init__(
        self, store: KeyStore, secret: bytes, newest: Callable[[], int], now: Callable[[], float] = time
    ) -> None:
        """`secret` is `Keys.records`; `newest` says the highest position of the record; `now` is seconds since 1970."""
        self.store = store
        """Where they are kept."""
        self._wrapping = SealingCipher(derive(secret, "data keys"))
        self._mac_key = derive(secret, "expiry")
        self._newest = newest
        self._now = now
        self._known: dict[bytes, _Known] = {}
        self._current: dict[str, _Today] = {}
        """Today's, by retention class."""
        self._day = -1
        self._making = threading.Lock()

    def is_ready(self, name: str) -> bool:
        """Whether an event of a retention class can be sealed without waiting for the disk."""
        today = self._current.get(name)
        return today is not None and int(self._now()) // _DAY_SECONDS == self._day and today.is_fresh

    def seal(self, event: bytes) -> tuple[bytes, bytes]:
        """An event with its salt, over which the chain's hash is, and the same sealed.

        Raises:
            StorageError: a key cannot be kept, or keys are not in their place any more.
        """
        self.store.check_in_place()
        members = orjson.loads(event)
        members["salt"] = secrets.token_hex(_SALT_BYTES)
        salted = orjson.dumps(members, option=orjson.OPT_SORT_KEYS)
        id, key = self._todays(retention_class(members))
        return salted, envelope.sealed(id, key, salted)

    def opened(self, stored: bytes) -> bytes | None:
        """The event in what is stored; None where it has expired.

        Raises:
            RecordDamaged: it was changed, or its key is gone without having expired.
            StorageError: keys cannot be read.
        """
        header = envelope.header_of(stored)
        if header is None:
            return None if envelope.mac_of_gone(stored) is not None else stored
        if header.emptied:
            return None
        key = self.key_of(header)
        try:
            return None if key is None else envelope.opened(stored, key)
        except ValueError:
            raise RecordDamaged("A record is damaged: verify the audit record.") from None

    def key_of(self, header: envelope.Header) -> bytes | None:
        """The key of one record; None where it has expired.

        Raises:
            RecordDamaged: there is none, and nothing says that it has expired.
            StorageError: keys cannot be read.
        """
        known = self._data_key(header.key_id)
        if known.key is not None:
            return envelope.record_key(known.key, header.nonce)
        kept = self.store.kept(header.key_id, header.nonce)
        if kept is not None:
            return self._kept(kept)
        if not known.complete:
            raise RecordDamaged(
                "The key of a record that was held was deleted by somebody without this installation's keys."
            )
        return None

    def has_expired(self, header: envelope.Header) -> bool:
        """Whether the key of one record was deleted.

        Raises:
            RecordDamaged, StorageError: see `key_of`.
        """
        return self.key_of(header) is None

    def kept_key(self, header: envelope.Header, event_id: str) -> KeptKey:
        """The key of one record, to be kept when the data key is deleted.

        Raises:
            RecordDamaged, StorageError: see `key_of`.
        """
        key = self.key_of(header)
        if key is None:
            raise RecordDamaged("A record has expired that was to be held.")
        kept = KeptKey(header.key_id, header.nonce, event_id, b"")
        return kept._replace(wrapped=self._wrapped(key, _place_of_kept(kept)))

    def deleted(self, key: DataKey, moment: datetime, kept: int = 0) -> DataKey:
        """What is left of a data key, and of how many records the key is kept."""
        left = key._replace(wrapped=b"", expired=timestamp(moment), kept=kept)
        return left._replace(mac=self._deletion_mac(left))

    def lifted(self, kept: KeptKey) -> KeptKey:
        """What is left of the key of one record."""
        return kept._replace(wrapped=b"", mac=self._lifting_mac(kept))

    def check(self, key: DataKey | KeptKey) -> None:
        """See that a key is one of this installation's, as it was made: its class and its day too.

        Raises:
            RecordDamaged: it is not.
        """
        if isinstance(key, KeptKey):
            self._kept(key)
        else:
            self._opened_key(key)

    def gone(self, record: Record) -> bytes:
        """What is left of an event that was not sealed."""
        return envelope.gone(self._gone_mac(record))

    def is_gone(self, record: Record) -> bool:
        """Whether what is left of an event was made by `gone`."""
        mac = envelope.mac_of_gone(record.event)
        return mac is not None and hmac.compare_digest(mac, self._gone_mac(record))

    def forget(self) -> None:
        """Let go of all keys, so that deleted ones are not in memory."""
        with self._making:
            self._known.clear()
            self._current.clear()
            self._day = -1

    def _gone_mac(self, record: Record) -> bytes:
        content = f"{record.chain}\n{record.sequence}\n".encode() + record.hash
        return hmac.digest(self._mac_key, b"gone" + content, "sha256")

    def _deletion_mac(self, key: DataKey) -> bytes:
        content = f"{key.retention_class}\n{key.day}\n{key.after}\n{key.expired}\n{key.kept}".encode()
        return hmac.digest(self._mac_key, b"deleted" + key.id + content, "sha256")

    def _lifting_mac(self, kept: KeptKey) -> bytes:
        return hmac.digest(self._mac_key, b"lifted" + _place_of_kept(kept), "sha256")

    def _data_key(self, id: bytes) -> _Known:
        known = self._known.get(id)
        if known is None or (known.key is not None and monotonic() - known.since > RENEW_SECONDS):
            if len(self._known) >= MAX_KEYS:
                self._known.clear()
            known = self._known[id] = self._read(id)
        return known

    def _read(self, id: bytes) -> _Known:
        found = self.store.get(id)
        if found is None:
            raise RecordDamaged("The key of a record is gone, and it has not expired: restore the keys of the record.")
        key = self._opened_key(found)
        return _Known(key, monotonic(), key is not None or self._count_kept(id) >= found.kept)

    def _count_kept(self, id: bytes) -> int:
        """Those that nobody put there or changed."""
        number = 0
        for kept in self.store.kept_of(id):
            with contextlib.suppress(RecordDamaged):
                self._kept(kept)
                number += 1
        return number

    def _kept(self, kept: KeptKey) -> bytes | None:
        """The key of one record; None where it was deleted."""
        if kept.wrapped:
            return self._unwrapped(kept.wrapped, _place_of_kept(kept))
        if not hmac.compare_digest(kept.mac, self._lifting_mac(kept)):
            raise RecordDamaged("The key of a record was deleted by somebody without this installation's keys.")
        return None

    def _opened_key(self, found: DataKey) -> bytes | None:
        """A data key; None where it was deleted."""
        if found.wrapped:
            return self._unwrapped(found.wrapped, _place(found))
        if not hmac.compare_digest(found.mac, self._deletion_mac(found)):
            raise RecordDamaged("The key of a record was deleted by somebody without this installation's keys.")
        return None

    def _todays(self, name: str) -> tuple[bytes, bytes]:
        day = int(self._now()) // _DAY_SECONDS
        if not self.is_ready(name):
            with self._making:
                if day != self._day:
                    self._current, self._day = {}, day
                known = self._current.get(name)
                if known is None or not (known.is_fresh or self._is_kept(known)):
                    known = self._made(name, date.fromordinal(_EPOCH + day).isoformat())
                self._current[name] = known if known.is_fresh else known._replace(since=monotonic())
        today = self._current[name]
        return today.kept.id, today.key

    def _is_kept(self, today: _Today) -> bool:
        """Whether a key may go on sealing. One that somebody took away is kept once more: we still have it."""
        try:
            found = self.store.get(today.kept.id)
            if found is None:
                log.error("A key of the record was taken away while it was in use. It is kept once more.")
                self.store.add(today.kept)
        except StorageAway:
            return True
        return found is None or bool(found.wrapped)

    def _made(self, name: str, day: str) -> _Today:
        """The day's key of a retention class: one that is there already, or a new one."""
        for found in self.store.of_day(day):
            if found.retention_class == name and found.wrapped:
                return _Today(found, self._unwrapped(found.wrapped, _place(found)), monotonic())
        key = secrets.token_bytes(32)
        made = DataKey(secrets.token_bytes(envelope.KEY_ID_BYTES), name, day, self._newest(), b"")
        made = made._replace(wrapped=self._wrapped(key, _place(made)))
        self.store.add(made)
        return _Today(made, key, monotonic())

    def _wrapped(self, key: bytes, place: bytes) -> bytes:
        return self._wrapping.seal(key, place)

    def _unwrapped(self, wrapped: bytes, place: bytes) -> bytes:
        try:
            return self._wrapping.open(wrapped, place)
        except ValueError:
            raise RecordDamaged("The key of a record was wrapped with another master key, or changed.") from None


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC).toordinal()


def _place(key: DataKey) -> bytes:
    return key.id + f"\n{key.retention_class}\n{key.day}\n{key.after}".encode()


def _place_of_kept(kept: KeptKey) -> bytes:
    return kept.key_id + kept.nonce + kept.event_id.encode()
