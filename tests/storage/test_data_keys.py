"""Events sealed, opened and expired, on each kind of database: what is stored, what readers see, what a check says."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import text
from tests.storage.sealed import Sealed

from promptguard.audit.chain import Chain
from promptguard.audit.export import plain
from promptguard.audit.interface import RecordDamaged, RecordingFailed
from promptguard.audit.record import canonical
from promptguard.audit.recorder import Recorder
from promptguard.audit.retention.classes import Periods, retention_class
from promptguard.audit.sealing.envelope import emptied, header_of
from promptguard.audit.sealing.key_ring import KeyRing
from promptguard.audit.statements import StatementKind, statement
from promptguard.audit.verify import ProblemKind
from promptguard.errors import StorageError
from promptguard.keys import Keys
from promptguard.model import Action, Event
from promptguard.storage.data_keys import refuse_anew
from promptguard.storage.sqlite.backend import SQLiteBackend
from promptguard.storage.sqlite.key_file import KEY_FILE


@pytest.fixture
def two(sealed: Sealed, make_event: Callable[..., Event]) -> list[Event]:
    events = [make_event(), make_event(action=Action.BLOCK, found=1)]
    sealed.record(*events)
    return events


def test_what_is_stored_tells_nothing_and_what_is_read_is_what_was_recorded(sealed: Sealed, two: list[Event]) -> None:
    assert b"p_abcdefghijklmnop" not in sealed.ground.content()
    assert not any(b"p_abcdef" in record.event for record in sealed.store.records())
    read = [plain(record) for record in sealed.opened.records()]
    assert [event["pseudonym"] for event in read] == ["p_abcdefghijklmnop"] * 2
    assert [event["id"] for event in read] == [event.id for event in two]
    assert [record.event_id for record in sealed.opened.last(1)] == [two[1].id]
    assert (found := sealed.opened.find(two[0].id)) is not None
    assert plain(found)["salt"] != read[1]["salt"]
    assert sealed.verify().sentence == "All 2 records are as they were written."


def test_the_hash_is_over_what_is_exported(sealed: Sealed, two: list[Event]) -> None:
    event = plain(next(sealed.opened.records()))
    _, _, previous, digest = (event.pop(name) for name in ("chain", "sequence", "previous_hash", "hash"))
    written = orjson.dumps(event, option=orjson.OPT_SORT_KEYS)
    assert sha256(bytes.fromhex(previous) + written).hexdigest() == digest


def test_one_key_for_a_class_and_a_day(sealed: Sealed, make_event: Callable[..., Event]) -> None:
    sealed.record(make_event(), make_event())
    sealed.ring = sealed.new_ring()  # as after a new start
    sealed.record(make_event(), make_event(action=Action.REDACT, found=3))
    sealed.now += 86_400
    sealed.record(make_event())
    known = [(key.retention_class, key.day, key.after) for key in sealed.key_store.all()]
    assert sorted(known) == [
        ("allow", "2026-03-01", 0), ("allow", "2026-03-02", 4), ("redact:personal_data", "2026-03-01", 2)
    ]  # fmt: skip


def test_without_its_key_an_event_is_gone_and_the_chain_is_whole(sealed: Sealed, two: list[Event]) -> None:
    sealed.shred("block:personal_data")
    assert [record.event_id for record in sealed.opened.records()] == [two[0].id]
    assert sealed.opened.find(two[1].id) is None
    assert sealed.opened.has_expired(two[1].id) and not sealed.opened.has_expired(two[0].id)
    assert sealed.verify().sentence == (
        "All 3 records are as they were written. Of 1 that has expired, that is number, order, time and action."
    )
    last = sealed.store.last(1)[0]
    sealed.store.replace_events({last.position: emptied(last.event)})
    assert sealed.verify().ok and sealed.verify().expired == 1


def test_a_key_kept_for_one_record_opens_it(sealed: Sealed, make_event: Callable[..., Event]) -> None:
    events = [make_event(), make_event()]
    sealed.record(*events)
    (key,) = sealed.key_store.all()
    held = sealed.store.last(1)[0]
    header = header_of(held.event)
    assert header is not None
    kept = sealed.ring.kept_key(header, held.event_id)
    sealed.state(statement(StatementKind.EXPIRED, "anna", keys=[key.id.hex()]))
    sealed.key_store.shred([sealed.ring.deleted(key, datetime.now(UTC), 1)], [kept])
    assert [record.event_id for record in sealed.opened.records()] == [events[1].id]
    assert (report := sealed.verify()).ok and report.expired == 1
    sealed.key_store.shred_kept([sealed.ring.lifted(each) for each in sealed.key_store.all_kept()])
    assert list(sealed.opened.records()) == []
    assert sealed.verify().expired == 2


@pytest.mark.parametrize(
    ("statement", "sequence", "kind"),
    [
        ("DELETE FROM audit_data_key", 1, ProblemKind.CHANGED),
        ("UPDATE audit_data_key SET wrapped = {zero}", 1, ProblemKind.CHANGED),
        ("UPDATE audit_data_key SET wrapped = substr(wrapped, 1, 0), expired = '2026-05-01T00:00:00.000Z'", 1,
         ProblemKind.CHANGED),
    ],
)  # fmt: skip
def test_keys_taken_away_are_no_expiry(
    sealed: Sealed, two: list[Event], statement: str, sequence: int, kind: ProblemKind
) -> None:
    with sealed.key_store._database.writing() as connection:
        connection.execute(text(statement.format(zero=sealed.ground.zero)))
    problem = sealed.verify().first_problem
    assert problem is not None
    assert (problem.sequence, problem.kind) == (sequence, kind)


@pytest.mark.parametrize("left", [b"", b"\x02" + bytes(24), b"\x03" + bytes(32), b"{}", b"\x01" + bytes(60)])
def test_an_event_that_was_emptied_by_others(sealed: Sealed, two: list[Event], left: bytes) -> None:
    sealed.shred("block:personal_data")
    sealed.store.replace_events({1: left})
    problem = sealed.verify().first_problem
    assert problem is not None
    assert problem.sequence == 1


def test_an_event_under_the_name_of_an_expired_one(sealed: Sealed, two: list[Event]) -> None:
    """Whoever knows an expired key's id cannot pass off another event as expired."""
    sealed.shred("block:personal_data")
    sealed.store.replace_events({1: emptied(sealed.store.last(1)[0].event)})
    problem = sealed.verify().first_problem
    assert problem is not None
    assert (problem.sequence, problem.kind) == (1, ProblemKind.FORGED)


def test_keys_of_another_master(sealed: Sealed, two: list[Event], tmp_path: Path) -> None:
    other = sealed.new_ring(Keys.load_or_create(tmp_path / "others"))
    with pytest.raises(RecordDamaged, match="another master key"):
        other.opened(sealed.store.last(1)[0].event)


def test_no_new_keys_where_old_ones_are_gone(sealed: Sealed, make_event: Callable[..., Event]) -> None:
    refuse_anew("keys", sealed.store)
    sealed.record(make_event())
    with pytest.raises(StorageError, match="The keys are gone that the record is sealed under"):
        refuse_anew("keys", sealed.store)


async def test_recorder_seals(sealed: Sealed, make_event: Callable[..., Event]) -> None:
    recorder = Recorder(sealed.store, sealed.keys.audit, head_files=sealed.keys.folder, key_ring=sealed.ring)
    for event in (make_event(), make_event(), make_event(found=2, action=Action.BLOCK)):
        await recorder.record(event)
    recorder.close()
    assert len(list(sealed.opened.records())) == 3
    assert all(header_of(record.event) for record in sealed.store.records())
    assert sealed.verify().ok


def test_events_from_before_are_read_as_they_are(sealed: Sealed, make_event: Callable[..., Event]) -> None:
    event = make_event()
    with closing(sealed.store.writer()) as writer:
        writer.append([canonical(event)], Chain(sealed.keys.audit, writer.chain), durable=False)
    sealed.record(replace(event, id="pg-2"))
    assert [record.event_id for record in sealed.opened.records()] == [event.id, "pg-2"]
    old = next(sealed.store.records())
    sealed.store.replace_events({1: sealed.ring.gone(old)})
    assert [record.event_id for record in sealed.opened.records()] == ["pg-2"]
    assert sealed.verify().expired == 1


@pytest.mark.parametrize(
    ("event", "name", "days"),
    [
        ({"action": "allow"}, "allow", 90),
        ({"action": "block", "findings": [{"data_class": "credentials"}] * 2}, "block:credentials", 365),
        (
            {"action": "redact", "findings": [{"data_class": "personal_data"}, {"data_class": "credentials"}]},
            "redact:credentials+personal_data",
            180,
        ),
        ({"action": "notify"}, "notify", None),
        ({}, "", None),
    ],
)
def test_retention_classes(event: dict[str, Any], name: str, days: int | None) -> None:
    periods = Periods({"allow": 90, "block": 365, "notify": None}, {"personal_data": 180, "credentials": 400})
    assert retention_class(event) == name
    assert periods.days(name) == days


@pytest.mark.parametrize(("change", "times"), [("DELETE FROM audit_data_key", 1), ("SELECT 1", 1)])
def test_a_key_that_is_taken_away_while_it_is_in_use_is_kept_once_more(
    sealed: Sealed, make_event: Callable[..., Event], monkeypatch: pytest.MonkeyPatch, change: str, times: int
) -> None:
    sealed.record(make_event())
    with sealed.key_store._database.writing() as connection:
        connection.execute(text(change))
    monkeypatch.setattr("promptguard.audit.sealing.key_ring.RENEW_SECONDS", -1.0)
    sealed.record(make_event())
    assert len(sealed.key_store.all()) == times
    assert sealed.verify().ok


def test_another_key_where_the_days_was_deleted(
    sealed: Sealed, make_event: Callable[..., Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a machine whose clock is days ahead: what is recorded from here on is not gone at once."""
    sealed.record(make_event())
    sealed.shred("allow")
    monkeypatch.setattr("promptguard.audit.sealing.key_ring.RENEW_SECONDS", -1.0)
    sealed.record(make_event(id="pg-2"))
    assert [record.event_id for record in sealed.opened.records()] == ["pg-2"]


@pytest.mark.parametrize("how", ["deleted", "moved", "replaced"])
async def test_nothing_is_recorded_without_the_file_of_the_keys(
    tmp_path: Path, make_event: Callable[..., Event], how: str
) -> None:
    """Nobody could read it after the next start."""
    keys = Keys.load_or_create(tmp_path / "keys")
    with closing(SQLiteBackend.open(tmp_path / "a.db")) as backend:
        ring = KeyRing(backend.key_store(keys.folder), keys.records, lambda: 0)
        recorder = Recorder(backend.audit_store(), keys.audit, head_files=keys.folder, key_ring=ring)
        with closing(recorder):
            await recorder.record(make_event())
            file, aside = keys.folder / KEY_FILE, keys.folder / "aside"
            file.rename(aside)
            if how == "deleted":
                aside.unlink()
            elif how == "replaced":
                file.write_bytes(aside.read_bytes())
            for event in (make_event(), make_event(action=Action.BLOCK, found=1)):
                with pytest.raises(RecordingFailed, match="while they were in use"):
                    await recorder.record(event)
            with pytest.raises(StorageError, match="while they were in use"):
                backend.check_in_place()
            if how != "deleted":
                aside.replace(file)
                await recorder.record(make_event())
