import hmac
from collections.abc import Callable
from hashlib import sha256

import pytest

from promptguard.audit.chain import Chain, genesis, is_chain_id, record_hash
from promptguard.audit.interface import Entry, Head, RecordingFailed

KEY = bytes(range(32))
ENTRIES = [Entry(f"pg-{index}", f"2026-03-01T09:30:0{index}.000Z", "allow", b'{"n":%d}' % index) for index in range(3)]


def test_formulas() -> None:
    """As an auditor would compute them, with nothing but the standard library."""
    records, head = Chain(KEY).extend(None, ENTRIES)
    previous = bytes(32)
    for sequence, (record, entry) in enumerate(zip(records, ENTRIES, strict=True), start=1):
        digest = sha256(previous + entry.event).digest()
        beside = f"{entry.event_id}\n{entry.time}\n{entry.action}".encode()
        mac = hmac.digest(KEY, b"record" + sequence.to_bytes(8, "big") + digest + beside, "sha256")
        assert record == (sequence, *entry, previous, digest, mac, "1", 0)
        previous = digest
    assert head == (3, previous, hmac.digest(KEY, b"head" + (3).to_bytes(8, "big") + previous, "sha256"))


def test_pieces_make_the_same_chain() -> None:
    whole, end = Chain(KEY).extend(None, ENTRIES)
    chain = Chain(KEY)
    first, head = chain.extend(None, ENTRIES[:1])
    rest, last = Chain(KEY).extend(head, ENTRIES[1:])
    assert first + rest == whole
    assert last == end


def test_genesis() -> None:
    records, _ = Chain(KEY).extend(None, ENTRIES[:1])
    assert records[0].previous_hash == genesis("1")
    assert records[0].hash == record_hash(genesis("1"), ENTRIES[0].event)


@pytest.mark.parametrize(
    "change",
    [
        lambda head: head._replace(sequence=head.sequence - 1),
        lambda head: head._replace(hash=bytes(32)),
        lambda head: head._replace(mac=bytes(32)),
        lambda head: head._replace(mac="text"),
        lambda head: head._replace(sequence="1"),
        lambda head: head._replace(sequence=-1),
        lambda head: head._replace(sequence=None, hash=None, mac=None),
    ],
)
def test_changed_head_is_not_continued(change: Callable[[Head], Head]) -> None:
    _, head = Chain(KEY).extend(None, ENTRIES)
    with pytest.raises(RecordingFailed, match="without the key"):
        Chain(KEY).extend(change(head), ENTRIES)


def test_head_of_another_key_is_not_continued() -> None:
    _, head = Chain(bytes(32)).extend(None, ENTRIES)
    assert not Chain(KEY).is_genuine(head)


def test_mac_of_a_record_is_none_of_a_head() -> None:
    records, _ = Chain(KEY).extend(None, ENTRIES)
    forged = Head(2, records[1].hash, records[1].mac)
    assert not Chain(KEY).is_genuine(forged)


def test_trusted_chain_does_not_go_back() -> None:
    chain = Chain(KEY)
    _, early = chain.extend(None, ENTRIES[:1])
    _, late = chain.extend(early, ENTRIES[1:])
    chain.trust(late)
    with pytest.raises(RecordingFailed, match="earlier state"):
        chain.extend(early, ENTRIES)
    with pytest.raises(RecordingFailed, match="earlier state"):
        chain.extend(None, ENTRIES)
    _, later = Chain(KEY).extend(late, ENTRIES)  # by another process
    assert chain.extend(later, ENTRIES)[1].sequence == 9


@pytest.mark.parametrize(
    "change",
    [
        {"sequence": 3},
        {"event_id": "pg-x"},
        {"time": "2020"},
        {"action": "block"},
        {"hash": bytes(32)},
        {"mac": bytes(32)},
        {"mac": None},
        {"event_id": "\ud800"},
    ],
)
def test_changed_record_is_not_genuine(change: dict[str, object]) -> None:
    chain = Chain(KEY)
    records, _ = chain.extend(None, ENTRIES)
    assert chain.is_genuine_record(records[1])
    assert not chain.is_genuine_record(records[1]._replace(**change))  # type: ignore[arg-type]


def test_formulas_of_another_chain() -> None:
    """The same with a start and a key of its own."""
    ((record,), head) = Chain(KEY, "2").extend(None, ENTRIES[:1])
    key = hmac.digest(KEY, b"chain2", "sha256")
    digest = sha256(sha256(b"promptguard/chain/2").digest() + record.event).digest()
    beside = f"{record.event_id}\n{record.time}\n{record.action}".encode()
    mac = hmac.digest(key, b"record" + (1).to_bytes(8, "big") + digest + beside, "sha256")
    assert record == (1, *ENTRIES[0], sha256(b"promptguard/chain/2").digest(), digest, mac, "2", 0)
    assert head == (1, digest, hmac.digest(key, b"head" + (1).to_bytes(8, "big") + digest, "sha256"))


@pytest.mark.parametrize(("one", "other"), [("1", "2"), ("2", "1"), ("2", "3"), ("2", "22")])
def test_one_chain_does_not_pass_for_another(one: str, other: str) -> None:
    records, head = Chain(KEY, one).extend(None, ENTRIES)
    assert not Chain(KEY, other).is_genuine(head)
    assert not Chain(KEY, other).is_genuine_record(records[0])
    assert record_hash(genesis(other), ENTRIES[0].event) != records[0].hash


@pytest.mark.parametrize(
    ("name", "good"),
    [("1", True), ("laptop-7", True), ("a" * 64, True), ("a" * 65, False), ("", False), ("../1", False), ("A", False),
     ("1\n", False), (b"1", False), (1, False), (None, False)],
)  # fmt: skip
def test_ids(name: object, good: bool) -> None:
    assert is_chain_id(name) is good
    if not good:
        with pytest.raises(ValueError, match="id"):
            Chain(KEY, name)  # type: ignore[arg-type]


def test_a_sealed_record_is_not_recorded_again_by_whoever_cannot_open_it() -> None:
    """Its hash would be over what is stored, and no check would find it good."""
    chain = Chain(KEY)
    (record,), _ = chain.extend(None, ENTRIES[:1])
    assert chain.entry(record) == ENTRIES[0]
    with pytest.raises(RecordingFailed, match="no keys to open it"):
        chain.entry(record._replace(event=b"\x01" + bytes(60)))
