"""The chain that ties each record to all before it, so that none can be changed, moved, added or taken away unseen.

A record's hash is SHA-256 over the previous record's hash and its own canonical JSON: anybody can check that. Its MAC
is HMAC-SHA256 over its hash, its sequence, what is stored beside its JSON, and the id of the data key that this is
sealed under (`sealing`). It needs the key, which does not lie in the database: without it nobody can compute a chain
anew. The head has a MAC too, of another kind, so that a record's cannot stand in for it.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Protocol

from promptguard.audit.interface import Entry, Head, Record, RecordingFailed
from promptguard.audit.sealing.envelope import header_of
from promptguard.audit.statements import is_statement

FIRST_CHAIN = "1"
"""The chain of an installation with one process. It is made as records were when there was only one chain."""

_CHAIN = re.compile(r"[a-z0-9-]{1,64}")

_OTHER_TYPES = (AttributeError, TypeError, ValueError, OverflowError)
"""What comes of it when somebody has put values of other types into the database."""


def record_hash(previous_hash: bytes, event: bytes) -> bytes:
    """The hash of a record whose canonical JSON is `event`."""
    return sha256(previous_hash + event).digest()


def is_chain_id(name: object) -> bool:
    """Whether a chain may be called so."""
    return isinstance(name, str) and _CHAIN.fullmatch(name) is not None


def of_chain(chain: str) -> str:
    """What a sentence about a record adds, where the chain has to be named: ` of chain 2`."""
    return "" if chain == FIRST_CHAIN else f" of chain {chain}"


def genesis(chain: str) -> bytes:
    """What stands for the hash before the first record: zeros, or SHA-256 over the chain's id."""
    return bytes(32) if chain == FIRST_CHAIN else sha256(b"promptguard/chain/" + chain.encode()).digest()


class Sealer(Protocol):
    """Seals events before they are stored."""

    def seal(self, event: bytes) -> tuple[bytes, bytes]:
        """The JSON that the hash is over, and what is stored.

        Raises:
            PromptGuardError: it cannot be sealed.
        """

    def opened(self, stored: bytes) -> bytes | None:
        """The JSON in what is stored; None where it has expired.

        Raises:
            PromptGuardError: it cannot be opened.
        """


class Chain:
    """Continues and checks one chain of one installation."""

    def __init__(self, key: bytes, name: str = FIRST_CHAIN, sealer: Sealer | None = None) -> None:
        """`key` is `Keys.audit`, `name` the id of the chain; without `sealer` events are stored as they are."""
        if not is_chain_id(name):
            raise ValueError("a chain's id has lower-case letters, digits and hyphens")
        self.name = name
        self._sealer = sealer
        self.genesis = genesis(name)
        """See the function `genesis`."""
        if name != FIRST_CHAIN:
            key = hmac.digest(key, b"chain" + name.encode(), "sha256")
        # Copying a keyed state costs a third of keying it anew.
        self._keyed = hmac.new(key, digestmod="sha256")
        self._trusted: Head | None = None

    def extend(self, head: Head | None, entries: Sequence[Entry]) -> tuple[list[Record], Head]:
        """See `Linker.extend`."""
        sequence, previous = 0, self.genesis
        if head != self._trusted:
            self._check(head)
        if head is not None:
            sequence, previous = head.sequence, head.hash
        records = []
        for entry in entries:
            sequence += 1
            event, stored = self._stored(entry)
            digest = record_hash(previous, event)
            record = Record(
                sequence, entry.event_id, entry.time, entry.action, stored, previous, digest, b"", self.name
            )
            records.append(record._replace(mac=self._record_mac(record)))
            previous = digest
        return records, self.head_at(sequence, previous)

    def _stored(self, entry: Entry) -> tuple[bytes, bytes]:
        if self._sealer is None or is_statement(entry.action):
            return entry.event, entry.event
        return self._sealer.seal(entry.event)

    def entry(self, record: Record) -> Entry | None:
        """See `Linker.entry`."""
        if self._sealer is None and header_of(record.event) is not None:
            raise RecordingFailed("A sealed record cannot be recorded again by whoever has no keys to open it.")
        event = record.event if self._sealer is None else self._sealer.opened(record.event)
        return None if event is None else Entry(record.event_id, record.time, record.action, event)

    def start(self) -> Head:
        """The head of the chain before its first record."""
        return self.head_at(0, self.genesis)

    def head_at(self, sequence: int, digest: bytes) -> Head:
        """The head of a chain whose last record has this sequence and hash."""
        return Head(sequence, digest, self._mac(b"head", sequence, digest))

    def trust(self, head: Head) -> None:
        """Take note of a head that was committed: a chain that ends before it is refused from now on."""
        self._trusted = head

    def _check(self, head: Head | None) -> None:
        """Chains only grow: whoever wrote this head must have had the key, and come after us."""
        if head is not None and not self.is_genuine(head):
            raise RecordingFailed("The end of the audit record has been changed by somebody without the key.")
        if self._trusted is not None and (head is None or head.sequence <= self._trusted.sequence):
            raise RecordingFailed("The end of the audit record has been put back to an earlier state.")

    def is_genuine_record(self, record: Record) -> bool:
        """Whether a record was written with the key: its hash, sequence, id, time, action, and data key."""
        try:
            return hmac.compare_digest(record.mac, self._record_mac(record))
        except _OTHER_TYPES:
            return False

    def is_genuine(self, head: Head) -> bool:
        """Whether a head was written with the key."""
        try:
            return hmac.compare_digest(head.mac, self._mac(b"head", head.sequence, head.hash))
        except _OTHER_TYPES:
            return False

    def mac_of(self, content: bytes) -> bytes:
        """The MAC of something else about the chain, of a kind of its own."""
        return self._mac(b"note", 0, sha256(content).digest())

    def is_mac_of(self, content: bytes, mac: bytes) -> bool:
        """Whether a MAC is what `mac_of` makes."""
        return hmac.compare_digest(mac, self.mac_of(content))

    def _record_mac(self, record: Record) -> bytes:
        beside = f"{record.event_id}\n{record.time}\n{record.action}"
        if (header := header_of(record.event)) is not None:
            beside += f"\n{(header.key_id + header.nonce).hex()}"
        return self._mac(b"record", record.sequence, record.hash, beside.encode())

    def _mac(self, kind: bytes, sequence: int, digest: bytes, rest: bytes = b"") -> bytes:
        mac = self._keyed.copy()
        mac.update(kind + sequence.to_bytes(8) + digest + rest)
        return mac.digest()
