"""Rows that somebody with the database alone takes out, adds or puts back: told by each machine until accepted."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Connection, MetaData, Table, delete, insert, select, update
from tests.storage.grounds import Ground, PostgreSQLGround, SQLiteGround

from promptguard.keys import MASTER_FILE, Keys
from promptguard.storage.open_database import OpenDatabase
from promptguard.storage.row_heads import Doubt, RowHead
from promptguard.storage.tables import allowance, meta

KEY = bytes(range(32))
NOW = "2026-03-01T09:30:00.000Z"
COLUMNS = {column.name: "" for column in allowance.c} | {"mac": b"1"}


class Machine:
    """One of those that share the database, with a folder of keys of its own."""

    def __init__(self, database: OpenDatabase, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.database = database
        self.head = RowHead(database, allowance, "rows", KEY, folder)

    def add(self, id: str, mac: bytes = b"1") -> None:
        with self.head.changing() as connection:
            connection.execute(insert(allowance).values({**COLUMNS, "id": id, "mac": mac}))

    def change(self, id: str, mac: bytes) -> None:
        with self.head.changing() as connection:
            connection.execute(update(allowance).where(allowance.c.id == id).values(mac=mac))

    def delete(self, id: str) -> None:
        with self.head.changing() as connection:
            connection.execute(delete(allowance).where(allowance.c.id == id))

    def note(self) -> None:
        if self.head.has_to_be_written():
            with self.head.changing():
                pass

    def accept(self) -> None:
        with self.head.accepting(NOW):
            pass

    @property
    def doubt(self) -> Doubt:
        with self.head.reading() as (_, seen):
            return seen.doubt


@pytest.fixture
def machine(installation: Any, tmp_path: Path) -> Machine:
    return Machine(installation.database, tmp_path / "one")


@pytest.fixture
def other(ground: Ground, installation: Any, tmp_path: Path) -> Iterator[Machine]:
    with closing(ground.open()) as database:  # type: ignore[type-var]
        yield Machine(database, tmp_path / "two")


def test_a_column_that_a_later_version_adds_puts_nothing_in_doubt(machine: Machine) -> None:
    machine.add("a")
    columns = (
        Column(each.name, each.type, primary_key=each.primary_key) for each in allowance.c if each.name != "reason"
    )
    before = RowHead(machine.database, Table("allowance", MetaData(), *columns), "rows", KEY, machine.folder)
    with before.reading() as (_, seen):
        assert seen.doubt is Doubt.NONE


type Copy = tuple[list[dict[str, Any]], str]


def copied(machine: Machine) -> Copy:
    """All that the database has of it."""
    with machine.database.reading() as connection:
        rows = [dict(row) for row in connection.execute(select(allowance)).mappings()]
        return rows, machine.head.revision(connection)


def put_back(machine: Machine, copy: Copy) -> None:
    """What somebody with the database alone can do at any time."""
    rows, head = copy
    with machine.database.writing() as connection:
        connection.execute(delete(allowance))
        if rows:
            connection.execute(insert(allowance), rows)
        connection.execute(delete(meta).where(meta.c.name == "rows_head"))
        if head:
            connection.execute(insert(meta).values(name="rows_head", value=head))


def by_hand(act: Callable[[Connection], object]) -> Callable[[Machine], None]:
    def done(machine: Machine) -> None:
        with machine.database.writing() as connection:
            act(connection)

    return done


ROW = {**COLUMNS, "id": "c"}
HEAD = meta.c.name == "rows_head"
OTHERS = '{"sequence":9,"hash":"00","mac":"00","doubt":""}'


def test_what_is_done_with_the_key_is_in_no_doubt(machine: Machine, other: Machine) -> None:
    assert machine.doubt is Doubt.NONE
    for act in (lambda: machine.add("a"), lambda: other.add("b"), lambda: machine.change("b", b"2"), machine.note):
        act()
        assert (machine.doubt, other.doubt) == (Doubt.NONE, Doubt.NONE)
    other.delete("a")
    assert (machine.doubt, other.doubt) == (Doubt.NONE, Doubt.NONE)


def test_several_write_at_once_and_nobody_doubts(machine: Machine, other: Machine) -> None:
    def write(who: Machine, name: str) -> None:
        for number in range(5):
            who.add(f"{name}{number}")
            doubts.append(who.doubt)

    doubts: list[Doubt] = []
    threads = [
        threading.Thread(target=write, args=(who, f"{who.folder.name}{n}")) for who in (machine, other) for n in (1, 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert doubts == [Doubt.NONE] * 20
    assert len(copied(machine)[0]) == 20


@pytest.mark.parametrize(
    "act",
    [
        lambda connection: connection.execute(delete(allowance)),
        lambda connection: connection.execute(delete(allowance).where(allowance.c.id == "a")),
        lambda connection: connection.execute(update(allowance).values(mac=b"0")),
        lambda connection: connection.execute(update(allowance).where(allowance.c.id == "a").values(reason="Another")),
        lambda connection: connection.execute(insert(allowance).values(ROW)),
        lambda connection: connection.execute(delete(meta).where(HEAD)),
        lambda connection: connection.execute(update(meta).where(HEAD).values(value="")),
        lambda connection: connection.execute(update(meta).where(HEAD).values(value="{")),
        lambda connection: connection.execute(update(meta).where(HEAD).values(value=OTHERS)),
    ],
)
def test_what_is_done_without_it_is_told(act: Callable[[Connection], object], machine: Machine) -> None:
    machine.add("a")
    machine.add("b")
    assert machine.doubt is Doubt.NONE
    by_hand(act)(machine)
    assert machine.doubt is Doubt.CHANGED


def test_whoever_takes_the_word_doubt_from_the_head_is_told_too(machine: Machine) -> None:
    machine.add("a")
    with machine.head.changing(Doubt.RESTORED):
        pass
    rows, head = copied(machine)
    put_back(machine, (rows, head.replace('"restored"', '""')))
    assert machine.doubt is Doubt.CHANGED


def test_an_older_state_is_told_by_each_machine_that_has_seen_a_later_one(machine: Machine, other: Machine) -> None:
    machine.add("a")
    assert other.doubt is Doubt.NONE
    before = copied(machine)
    machine.change("a", b"2")
    assert machine.doubt is Doubt.NONE
    put_back(machine, before)
    assert (machine.doubt, other.doubt) == (Doubt.EARLIER, Doubt.NONE)
    machine.note()
    assert other.doubt is Doubt.EARLIER, "all that share the database know"
    noted = copied(machine)
    machine.note()
    other.note()
    assert copied(machine) == noted, "it is noted once"


def test_what_is_written_meanwhile_hides_nothing(machine: Machine, other: Machine) -> None:
    machine.add("a")
    before = copied(machine)
    machine.change("a", b"2")
    put_back(machine, before)
    for id in "bcdef":
        machine.add(id)
    assert (machine.doubt, other.doubt) == (Doubt.EARLIER, Doubt.EARLIER)
    by_hand(lambda connection: connection.execute(delete(allowance).where(allowance.c.id == "b")))(other)
    other.add("g")
    assert (machine.doubt, other.doubt) == (Doubt.CHANGED, Doubt.CHANGED)


def test_two_states_with_the_same_number_are_told_apart(machine: Machine, other: Machine) -> None:
    before = copied(machine)
    machine.add("a")
    put_back(machine, before)
    other.add("b")
    assert (machine.doubt, other.doubt) == (Doubt.EARLIER, Doubt.NONE)


def test_somebody_accepts_for_all_machines(machine: Machine, other: Machine) -> None:
    machine.add("a")
    before = copied(machine)
    for number in range(5):
        machine.change("a", bytes([number]))
    put_back(machine, before)
    machine.note()
    other.accept()
    assert (machine.doubt, other.doubt) == (Doubt.NONE, Doubt.NONE)
    machine.add("b")
    assert (machine.doubt, other.doubt) == (Doubt.NONE, Doubt.NONE)
    accepted = copied(machine)
    machine.change("b", b"3")
    assert other.doubt is Doubt.NONE
    put_back(machine, accepted)
    assert (machine.doubt, other.doubt) == (Doubt.EARLIER, Doubt.EARLIER)
    machine.accept()
    assert (machine.doubt, other.doubt) == (Doubt.NONE, Doubt.NONE), "also twice within one millisecond"


def test_what_was_undone_is_in_doubt_no_more(machine: Machine) -> None:
    machine.add("a")
    before = copied(machine)
    machine.change("a", b"2")
    now = copied(machine)
    put_back(machine, before)
    assert machine.doubt is Doubt.EARLIER
    put_back(machine, now)
    assert machine.doubt is Doubt.NONE


def test_rows_of_a_version_without_a_head_are_taken_as_they_are(machine: Machine) -> None:
    by_hand(lambda connection: connection.execute(insert(allowance).values(ROW)))(machine)
    assert machine.doubt is Doubt.NONE
    machine.note()
    assert machine.doubt is Doubt.NONE
    by_hand(lambda connection: connection.execute(delete(allowance)))(machine)
    assert machine.doubt is Doubt.CHANGED


def test_a_head_file_that_cannot_be_read_or_written_holds_nothing_up(machine: Machine) -> None:
    machine.add("a")
    (file,) = machine.folder.iterdir()
    file.write_bytes(b"{")
    assert machine.doubt is Doubt.NONE
    shutil.rmtree(machine.folder)
    machine.add("b")
    assert machine.doubt is Doubt.NONE


def test_without_a_head_file_a_process_tells_what_it_has_seen_itself(machine: Machine) -> None:
    shutil.rmtree(machine.folder)
    machine.add("a")
    before = copied(machine)
    machine.change("a", b"2")
    put_back(machine, before)
    assert machine.doubt is Doubt.EARLIER
    put_back(machine, ([], ""))
    assert machine.doubt is Doubt.CHANGED


def test_nothing_is_kept_of_what_was_not_written(machine: Machine) -> None:
    machine.add("a")
    before = copied(machine)
    with pytest.raises(ZeroDivisionError), machine.head.changing() as connection:
        connection.execute(delete(allowance))
        raise ZeroDivisionError
    assert (copied(machine), machine.doubt) == (before, Doubt.NONE)


def test_another_key_of_the_same_database_is_another_head(installation: Any, tmp_path: Path) -> None:
    shutil.copytree(installation.keys.folder, tmp_path / "copied")
    same = Keys.load(tmp_path / "copied")
    assert (tmp_path / "copied" / MASTER_FILE).exists()
    one, two = (RowHead(installation.database, allowance, "rows", key, tmp_path) for key in (same.orders, KEY))
    with one.changing():
        pass
    with two.reading() as (_, seen):
        assert seen.doubt is Doubt.CHANGED


def test_from_a_database_of_one_machine_to_a_shared_one(on_postgresql: PostgreSQLGround, tmp_path: Path) -> None:
    for ground in (SQLiteGround(tmp_path), on_postgresql):
        with closing(ground.open()) as database:  # type: ignore[type-var]
            machine = Machine(database, tmp_path / "keys")
            assert machine.doubt is Doubt.NONE
            machine.add("a")
