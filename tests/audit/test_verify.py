import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from promptguard.audit.chain import Chain
from promptguard.audit.interface import Head
from promptguard.audit.record import canonical
from promptguard.audit.verify import ProblemKind, verify
from promptguard.model import Event

COUNT = 10

SWAP = """
UPDATE audit_record SET sequence = -1 WHERE sequence = {0};
UPDATE audit_record SET sequence = {0} WHERE sequence = {1};
UPDATE audit_record SET sequence = {1} WHERE sequence = -1;
"""
SWAP_CONTENT = """
CREATE TABLE held AS SELECT * FROM audit_record WHERE sequence IN (5, 6);
UPDATE audit_record SET (event_id, time, action, event) =
    (SELECT event_id, time, action, event FROM held WHERE held.sequence = 11 - audit_record.sequence)
    WHERE sequence IN (5, 6);
"""
COPY = """
UPDATE audit_record SET sequence = sequence + 100 WHERE sequence >= 5;
UPDATE audit_record SET sequence = sequence - 99 WHERE sequence > 100;
INSERT INTO audit_record (chain, sequence, event_id, time, action, event, previous_hash, hash, mac)
    SELECT chain, 5, event_id, time, action, event, previous_hash, hash, mac FROM audit_record WHERE sequence = 4;
UPDATE audit_head SET sequence = sequence + 1;
"""


INSERT = """
INSERT INTO audit_record (chain, sequence, event_id, time, action, event, previous_hash, hash, mac)
    SELECT {chain}, {sequence}, event_id, time, action, event, previous_hash, hash, mac
    FROM audit_record WHERE sequence = {copied} AND chain = '1'
"""


@pytest.fixture
def recorded(installation: Any, make_event: Callable[..., Event]) -> Any:
    installation.fill(*(make_event(found=index % 2) for index in range(COUNT)))
    return installation


def tamper(installation: Any, script: str) -> None:
    with closing(sqlite3.connect(installation.database_file)) as connection:
        connection.executescript(script)
        connection.commit()


def test_good_record(recorded: Any) -> None:
    report = recorded.verify()
    assert (report.ok, report.records, report.first_problem) == (True, COUNT, None)
    assert report.sentence == "All 10 records are as they were written."


def test_empty_record(installation: Any) -> None:
    report = installation.verify()
    assert (report.ok, report.records) == (True, 0)
    assert report.sentence == "Nothing is recorded yet."


@pytest.mark.parametrize(
    ("script", "sequence", "kind"),
    [
        ("UPDATE audit_record SET event = CAST(replace(event, 'POST', 'PUT') AS BLOB) WHERE sequence=4", 4, "changed"),
        ("UPDATE audit_record SET event = CAST(event AS TEXT) WHERE sequence = 1", 1, "changed"),
        ("UPDATE audit_record SET event = x'' WHERE sequence = 10", 10, "changed"),
        ("UPDATE audit_record SET event = 100000000000 WHERE sequence = 3", 3, "changed"),
        ("UPDATE audit_record SET hash = zeroblob(32) WHERE sequence = 4", 4, "changed"),
        ("UPDATE audit_record SET previous_hash = zeroblob(32) WHERE sequence = 4", 4, "moved"),
        ("UPDATE audit_record SET mac = zeroblob(32) WHERE sequence = 4", 4, "forged"),
        ("UPDATE audit_record SET mac = 7 WHERE sequence = 4", 4, "forged"),
        ("UPDATE audit_record SET action = 'allow ' WHERE sequence = 4", 4, "forged"),
        ("UPDATE audit_record SET time = '2020-01-01T00:00:00.000Z' WHERE sequence = 4", 4, "forged"),
        ("UPDATE audit_record SET event_id = 'pg-1' WHERE sequence = 4", 4, "forged"),
        ("DELETE FROM audit_record WHERE sequence = 1", 1, "missing"),
        ("DELETE FROM audit_record WHERE sequence = 5", 5, "missing"),
        ("DELETE FROM audit_record WHERE sequence IN (5, 6, 7)", 5, "missing"),
        ("DELETE FROM audit_record WHERE sequence = 5;"
         "UPDATE audit_record SET sequence = sequence - 1 WHERE sequence > 5", 5, "moved"),
        (SWAP.format(5, 6), 5, "moved"),
        (SWAP.format(1, 10), 1, "moved"),
        (SWAP_CONTENT, 5, "changed"),
        (COPY, 5, "moved"),
        (INSERT.format(chain="'1'", sequence=0, copied=1), 1, "added"),
        (INSERT.format(chain="'1'", sequence=-7, copied=1), 1, "added"),
        (INSERT.format(chain="'1'", sequence="'one'", copied=1), 11, "added"),
        (INSERT.format(chain="'1'", sequence=11, copied=10), 11, "moved"),
        ("UPDATE audit_record SET position = 100 WHERE sequence = 4", 5, "moved"),
        ("UPDATE audit_record SET position = -1 WHERE sequence = 4", 4, "moved"),
        ("DELETE FROM audit_record WHERE sequence = 10", 10, "cut"),
        ("DELETE FROM audit_record WHERE sequence > 3", 4, "cut"),
        ("DELETE FROM audit_record", 1, "cut"),
        ("DELETE FROM audit_record; DELETE FROM audit_head", 1, "cut"),
        ("DELETE FROM audit_head", 1, "head"),
        ("UPDATE audit_head SET mac = zeroblob(32)", 11, "head"),
        ("UPDATE audit_head SET hash = zeroblob(32)", 10, "forged"),
        ("UPDATE audit_head SET sequence = 9, hash = (SELECT hash FROM audit_record WHERE sequence = 9)", 10, "head"),
        ("UPDATE audit_head SET sequence = 'ten'", 11, "head"),
        ("UPDATE audit_head SET sequence = 9, (hash, mac) ="
         " (SELECT hash, mac FROM audit_record WHERE sequence = 9);"
         "DELETE FROM audit_record WHERE sequence = 10", 10, "cut"),
    ],
)  # fmt: skip
def test_tampering(recorded: Any, script: str, sequence: int, kind: str) -> None:
    tamper(recorded, script)
    report = recorded.verify()
    assert not report.ok
    assert report.first_problem is not None
    assert (report.first_problem.sequence, report.first_problem.kind) == (sequence, kind)
    assert report.records == sequence - 1
    assert report.first_problem.sentence in report.sentence


def test_every_changed_byte_of_an_event_is_found(recorded: Any) -> None:
    with closing(sqlite3.connect(recorded.database_file)) as connection:
        (event,) = connection.execute("SELECT event FROM audit_record WHERE sequence = 7").fetchone()
        for position in range(0, len(event), 37):
            changed = bytearray(event)
            changed[position] ^= 1
            connection.execute("UPDATE audit_record SET event = ? WHERE sequence = 7", (bytes(changed),))
            connection.commit()
            problem = recorded.verify().first_problem
            assert problem is not None
            assert (problem.sequence, problem.kind) == (7, ProblemKind.CHANGED)


def test_chain_computed_anew_without_the_key(recorded: Any, make_event: Callable[..., Event]) -> None:
    """Somebody with the database alone changes record 4 and makes all hashes fit; the MACs cannot be made to."""
    records = list(recorded.store.records())
    entries = [canonical(make_event()) if record.sequence == 4 else record[1:5] for record in records]
    forged, head = Chain(b"guessed").extend(None, [canonical(make_event())._make(entry) for entry in entries])
    with closing(sqlite3.connect(recorded.database_file)) as connection:
        for old, new in zip(records, forged, strict=True):
            row = old if new.hash == old.hash else new
            connection.execute(
                "UPDATE audit_record SET event_id = ?, time = ?, action = ?, event = ?, previous_hash = ?, hash = ?,"
                " mac = ? WHERE sequence = ?",
                (*row[1:8], row.sequence),
            )
        connection.execute("UPDATE audit_head SET hash = ?, mac = ?", (head.hash, head.mac))
        connection.commit()
    problem = recorded.verify().first_problem
    assert problem is not None
    assert (problem.sequence, problem.kind) == (4, ProblemKind.FORGED)


def test_older_database_put_back(recorded: Any, make_event: Callable[..., Event]) -> None:
    """All of it genuine, only not the last state: the head beside the keys tells."""
    copy = recorded.folder / "copy.db"
    recorded.database.empty_log()
    shutil.copy(recorded.database_file, copy)
    recorded.fill(make_event(), make_event())
    recorded.database.empty_log()
    recorded.database.close()
    shutil.copy(copy, recorded.database_file)
    report = recorded.verify()
    assert report.first_problem is not None
    assert (report.records, report.first_problem.kind) == (COUNT, ProblemKind.CUT)
    assert "Records 11 to 12 are gone" in report.sentence
    assert verify(recorded.store, recorded.keys.audit).ok  # which is why the head file is there


def test_other_records_after_a_cut(recorded: Any, make_event: Callable[..., Event]) -> None:
    """A recorder that was made to go on from an older head: the chain is whole, but not the one that was known."""
    chain = Chain(recorded.keys.audit)
    with closing(sqlite3.connect(recorded.database_file)) as connection:
        connection.execute("DELETE FROM audit_record WHERE sequence = 10")
        (digest,) = connection.execute("SELECT hash FROM audit_record WHERE sequence = 9").fetchone()
        connection.execute(
            "UPDATE audit_head SET sequence = 9, hash = ?, mac = ?", (digest, chain._mac(b"head", 9, digest))
        )
        connection.commit()
    recorded.append(*(make_event() for _ in range(5)))
    problem = recorded.verify().first_problem
    assert problem is not None
    assert (problem.sequence, problem.kind) == (10, ProblemKind.FORGED)


@pytest.mark.parametrize("content", [None, b"", b"{}"])
def test_head_file_missing_or_damaged(recorded: Any, content: bytes | None) -> None:
    recorded.head_file.path.unlink()
    if content is not None:
        recorded.head_file.path.write_bytes(content)
    problem = recorded.verify().first_problem
    assert problem is not None
    assert problem.kind is ProblemKind.HEAD
    assert str(recorded.head_file.path) in problem.sentence


def test_head_file_that_lags_is_good(recorded: Any, make_event: Callable[..., Event]) -> None:
    recorded.append(make_event())
    assert recorded.verify().ok


def test_wrong_key(recorded: Any) -> None:
    problem = verify(recorded.store, bytes(32)).first_problem
    assert problem is not None
    assert (problem.sequence, problem.kind) == (1, ProblemKind.FORGED)


def test_damaged_file(recorded: Any, make_event: Callable[..., Event]) -> None:
    recorded.fill(*(make_event() for _ in range(200)))
    recorded.database.empty_log()
    recorded.database.close()
    content = bytearray(recorded.database_file.read_bytes())
    for page in range(8, len(content) // 4096):
        content[page * 4096 : page * 4096 + 100] = b"\xff" * 100
    recorded.database_file.write_bytes(content)
    report = recorded.verify()
    assert not report.ok
    assert report.first_problem is not None
    assert report.first_problem.kind is ProblemKind.UNREADABLE


def test_record_that_grows_meanwhile(
    recorded: Any, make_event: Callable[..., Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = recorded.store
    heads = []

    def head(chain: str) -> Head | None:
        """Something is recorded each time after the head was read."""
        heads.append(recorded.store.head(chain))
        recorded.fill(make_event())
        return heads[-1]

    monkeypatch.setattr(store, "head", head)
    report = verify(store, recorded.keys.audit, recorded.head_files)
    assert report.ok
    assert report.records > COUNT
    assert len(heads) > 1


@pytest.fixture
def two_chains(recorded: Any, make_event: Callable[..., Event]) -> Any:
    """Ten records in chain 1, then three in chain 2."""
    with closing(recorded.store.writer()), closing(recorded.store.writer()) as second:
        chain = Chain(recorded.keys.audit, second.chain)
        head = second.append([canonical(make_event()) for _ in range(3)], chain, durable=False)
        recorded.head_files.of(second.chain).replace(head)
    return recorded


def test_all_chains_are_checked(two_chains: Any) -> None:
    report = two_chains.verify()
    assert (report.ok, report.records) == (True, COUNT + 3)


@pytest.mark.parametrize(
    ("script", "chain", "sequence", "kind", "records"),
    [
        ("UPDATE audit_record SET event = x'00' WHERE chain = '2' AND sequence = 2", "2", 2, "changed", 11),
        ("UPDATE audit_record SET event = x'00' WHERE chain = '1' AND sequence = 2", "1", 2, "changed", 1),
        ("DELETE FROM audit_record WHERE chain = '2'", "2", 1, "cut", 10),
        ("DELETE FROM audit_record WHERE chain = '2'; DELETE FROM audit_head WHERE chain = '2'", "2", 1, "cut", 10),
        ("DELETE FROM audit_record WHERE chain = '1'; DELETE FROM audit_head WHERE chain = '1'", "1", 1, "cut", 0),
        ("DELETE FROM audit_head WHERE chain = '2'", "2", 1, "head", 10),
        ("DELETE FROM audit_record WHERE chain = '2' AND sequence = 3", "2", 3, "cut", 12),
        # A record, or all of them, under another chain's name.
        (INSERT.format(chain="'2'", sequence=4, copied=4), "2", 4, "moved", 13),
        (INSERT.format(chain="'3'", sequence=1, copied=1), "3", 1, "moved", 13),
        ("UPDATE audit_record SET chain = '3' WHERE chain = '2'; UPDATE audit_head SET chain = '3' WHERE chain = '2'",
         "2", 1, "cut", 10),
        (INSERT.format(chain="'../1'", sequence=1, copied=1), "../1", 1, "added", 0),
        (INSERT.format(chain="x'31'", sequence=1, copied=1), "b'1'", 1, "added", 13),
        ("UPDATE audit_head SET (hash, mac, sequence) ="
         " (SELECT hash, mac, sequence FROM audit_head WHERE chain = '1') WHERE chain = '2'", "2", 4, "head", 13),
    ],
)  # fmt: skip
def test_tampering_with_chains(
    two_chains: Any, script: str, chain: str, sequence: int, kind: str, records: int
) -> None:
    tamper(two_chains, script)
    report = two_chains.verify()
    problem = report.first_problem
    assert problem is not None
    assert (problem.chain, problem.sequence, problem.kind, report.records) == (chain, sequence, kind, records)
    if chain == "2":
        assert "of chain 2" in report.sentence


def test_missing_head_file_of_another_chain(two_chains: Any) -> None:
    two_chains.head_files.of("2").path.unlink()
    problem = two_chains.verify().first_problem
    assert problem is not None
    assert (problem.chain, problem.kind) == ("2", ProblemKind.HEAD)
    assert "audit.2.head" in problem.sentence
