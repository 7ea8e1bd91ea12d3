"""Sees that no record is missing or changed before anything expires: a hold could have stood there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from promptguard.audit.chain import Chain, is_chain_id
from promptguard.audit.checkpoint import Notary, marks_of
from promptguard.audit.interface import Head, Record, RecordDamaged, Store

_DAMAGED: Final = "The audit record is not whole, and a hold may be missing: verify it. Nothing expires until then."


def check_whole(
    store: Store, audit_key: bytes, in_turns: Callable[[Iterator[Record]], Iterator[Record]] = iter
) -> None:
    """Walk all chains by their outlines, without opening an event: links, seals and ends.

    Args:
        in_turns: hands records on, and lets others do something between them.

    Raises:
        RecordDamaged: a record is missing, moved or changed.
        StorageError: the record cannot be read.
    """
    # In this order: what is recorded meanwhile is behind the heads, never before them.
    marks, forged = marks_of(Notary(audit_key), store.checkpoints())
    heads = store.heads()
    chains = {name: _Walk(Chain(audit_key, name)) for name in {*heads, *marks} if is_chain_id(name)}
    if forged or len(chains) < len({*heads, *marks}):
        raise RecordDamaged(_DAMAGED)
    for name, head in heads.items():
        chains[name].expect(head)
        marks.setdefault(name, {})[head.sequence] = head.hash
    for record in in_turns(store.outlines(0)):
        if record.chain not in chains and is_chain_id(record.chain):
            chains[record.chain] = _Walk(Chain(audit_key, record.chain))  # begun meanwhile
        if record.chain not in chains or not chains[record.chain].goes_on_with(record):
            raise RecordDamaged(_DAMAGED)
        if marks.get(record.chain, {}).pop(record.sequence, record.hash) != record.hash:
            raise RecordDamaged(_DAMAGED)
    if any(sequence for left in marks.values() for sequence in left) or not store.heads().keys() >= chains.keys():
        raise RecordDamaged(_DAMAGED)


class _Walk:
    """Along one chain."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._sequence = 0
        self._hash = chain.genesis

    def expect(self, head: Head) -> None:
        """See that the stored end was written with the key."""
        if not self._chain.is_genuine(head):
            raise RecordDamaged(_DAMAGED)

    def goes_on_with(self, record: Record) -> bool:
        """Whether this is the next record, as it was written."""
        if (record.sequence, record.previous_hash) != (self._sequence + 1, self._hash):
            return False
        self._sequence, self._hash = record.sequence, record.hash
        return self._chain.is_genuine_record(record)
