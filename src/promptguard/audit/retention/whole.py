"""Sees that no record is missing or changed before anything expires: a hold could have stood there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from promptguard.audit.chain import Chain, is_chain_id
from promptguard.audit.checkpoint import Notary, known_checkpoints, marks_of
from promptguard.audit.head_file import HeadFiles
from promptguard.audit.interface import Head, Record, RecordDamaged, Store

_DAMAGED: Final = "The audit record is not whole, and a hold may be missing: verify it. Nothing expires until then."


def check_whole(
    store: Store,
    audit_key: bytes,
    in_turns: Callable[[Iterator[Record]], Iterator[Record]] = iter,
    head_files: HeadFiles | None = None,
) -> None:
    """Walk all chains by their outlines, without opening an event: links, seals and ends.

    Args:
        in_turns: hands records on, and lets others do something between them.
        head_files: the heads that are kept beside the keys. Without them, a chain that was cut together with its head
            is not found, nor one that is gone: each hold from the console or a command may have one of its own.

    Raises:
        RecordDamaged: a record is missing, moved or changed.
        StorageError: the record cannot be read.
    """
    # In this order: what is recorded meanwhile is behind the heads, never before them.
    kept = _heads_in(head_files) if head_files is not None else {}
    marks, forged = marks_of(Notary(audit_key), known_checkpoints(store, head_files))
    heads = store.heads()
    chains = {name: _Walk(Chain(audit_key, name)) for name in {*heads, *marks, *kept} if is_chain_id(name)}
    if forged or len(chains) < len({*heads, *marks, *kept}):
        raise RecordDamaged(_DAMAGED)
    for name, head in heads.items():
        chains[name].expect(head)
    for name, head in (*heads.items(), *kept.items()):
        if marks.setdefault(name, {}).setdefault(head.sequence, head.hash) != head.hash:
            raise RecordDamaged(_DAMAGED)
    for record in in_turns(store.outlines(0)):
        if record.chain not in chains and is_chain_id(record.chain):
            chains[record.chain] = _Walk(Chain(audit_key, record.chain))  # begun meanwhile
        if record.chain not in chains or not chains[record.chain].goes_on_with(record):
            raise RecordDamaged(_DAMAGED)
        if marks.get(record.chain, {}).pop(record.sequence, record.hash) != record.hash:
            raise RecordDamaged(_DAMAGED)
    if any(sequence for left in marks.values() for sequence in left) or not store.heads().keys() >= chains.keys():
        raise RecordDamaged(_DAMAGED)


def _heads_in(files: HeadFiles) -> dict[str, Head]:
    """The heads beside the keys of chains in which something was written."""
    try:
        found = {chain: files.of(chain).read() for chain in files.chains()}
    except (ValueError, OSError):
        raise RecordDamaged(_DAMAGED) from None
    return {chain: head for chain, head in found.items() if head is not None and head.sequence}


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
