from concurrent.futures import ThreadPoolExecutor

import pytest

from promptguard.errors import PromptGuardError
from promptguard.keys import Keys
from promptguard.review.ledger import Act, Ledger


@pytest.fixture
def ledger(installation) -> Ledger:
    ledger = Ledger(installation.database, installation.keys)
    for number in range(4):
        ledger.note(Act.SAW_DECISION, account="a1", name="Ann", object=f"pg-{number}", detail={"n": str(number)})
    return ledger


def filled(installation, statement: str) -> str:
    return statement.format(zeros=installation.blob(bytes(32)), none=installation.blob(b"{}"))


def test_entries_are_told_the_newest_first(ledger: Ledger) -> None:
    assert [entry.object for entry in ledger.entries(size=2)] == ["pg-3", "pg-2"]
    last = ledger.entries()[-1]
    assert (last.name, last.act, last.detail) == ("Ann", "saw_decision", {"n": "0"})
    assert [entry.object for entry in ledger.entries(before=last.sequence + 1)] == ["pg-0"]
    assert ledger.problem() == ""


@pytest.mark.parametrize(
    ("asked", "has"),
    [
        ({}, True),
        ({"detail": {}}, True),
        ({"detail": {"n": "2"}}, False),
        ({"object": "pg-2"}, False),
        ({"account": "a2"}, False),
        ({"act": Act.LISTED}, False),
    ],
)
def test_it_tells_whether_an_act_was_noted(asked: dict[str, object], has: bool, ledger: Ledger, installation) -> None:
    wanted = {"act": Act.SAW_DECISION, "account": "a1", "object": "pg-1", "detail": {"n": "1"}, **asked}
    assert ledger.has(**wanted) is has  # type: ignore[arg-type]
    installation.execute(filled(installation, "UPDATE review_ledger SET mac = {zeros}"))
    assert not ledger.has(**wanted)  # type: ignore[arg-type]


def test_several_processes_write_one_ledger(ledger: Ledger, installation) -> None:
    other = Ledger(installation.database, installation.keys)
    other.note(Act.EXPORTED)
    ledger.note(Act.LISTED)
    assert [entry.sequence for entry in ledger.entries()] == [6, 5, 4, 3, 2, 1]
    assert ledger.problem() == ""


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DELETE FROM review_ledger WHERE sequence = 4", "last 1 entries"),
        ("DELETE FROM review_ledger", "last 4 entries"),
        ("DELETE FROM review_ledger WHERE sequence = 2", "Entry 2 of the ledger is missing"),
        ("UPDATE review_ledger SET event = {none} WHERE sequence = 2", "Entry 2 of the ledger was changed"),
        ("UPDATE review_ledger SET act = 'listed' WHERE sequence = 3", "Entry 3 of the ledger was not written"),
        ("UPDATE review_ledger SET mac = {zeros} WHERE sequence = 4", "Entry 4 of the ledger was not written"),
    ],
)
def test_what_was_done_to_it_is_found(statement: str, told: str, ledger: Ledger, installation) -> None:
    installation.execute(filled(installation, statement))
    assert told in ledger.problem()


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM review_ledger WHERE sequence > 2", "UPDATE review_ledger SET mac = {zeros} WHERE sequence = 4"],
)
def test_nothing_is_written_behind_an_end_that_was_changed(statement: str, ledger: Ledger, installation) -> None:
    installation.execute(filled(installation, statement))
    with pytest.raises(PromptGuardError):
        ledger.note(Act.LISTED)


def test_a_head_that_is_gone_or_another_s_is_told(ledger: Ledger, installation) -> None:
    kept = ledger.head_file.read_bytes()
    ledger.head_file.unlink()
    assert "gone" in ledger.problem()
    ledger.head_file.write_bytes(kept.replace(b'"sequence":4', b'"sequence":3'))
    assert "cannot be used" in ledger.problem()
    with pytest.raises(PromptGuardError):
        ledger.note(Act.LISTED)


def test_another_key_writes_no_ledger_that_counts(ledger: Ledger, installation, tmp_path) -> None:
    other = Ledger(installation.database, Keys.load_or_create(tmp_path / "other"))
    with pytest.raises(PromptGuardError):
        other.note(Act.LISTED)
    assert other.problem() != ""


def test_machines_write_one_ledger_by_turns_and_each_keeps_how_far_it_was(machines, tmp_path) -> None:
    first, second = (Ledger(each.database, each.keys) for each in machines)
    first.note(Act.LISTED)
    assert second.problem() == ""  # it has written nothing yet, and keeps no head
    with ThreadPoolExecutor(8) as several:
        list(several.map(lambda number: (first, second)[number % 2].note(Act.EXPORTED, object=str(number)), range(40)))
    assert [entry.sequence for entry in first.entries(size=50)] == [*range(41, 0, -1)]
    assert first.problem() == second.problem() == ""
    second.head_file.unlink()
    assert first.problem() == ""
    assert "gone" in second.problem()


def test_what_another_machine_cut_off_is_found(machines) -> None:
    first, second = (Ledger(each.database, each.keys) for each in machines)
    for ledger in (first, second, first):
        ledger.note(Act.LISTED)
    machines[0].execute("DELETE FROM review_ledger WHERE sequence = 3")
    assert "last 1 entries" in first.problem()
    with pytest.raises(PromptGuardError, match="is gone"):
        first.note(Act.LISTED)


SOON = "9999-12-31T00:00:00.000Z"


def expire(ledger: Ledger, stays: tuple[str, ...] = (), before: str = SOON) -> int:
    due = ledger.expiry().due(before, lambda act, object: object in stays)
    ledger.expiry().carry_out(due, before)
    return len(due)


@pytest.mark.parametrize(
    ("stays", "left"),
    [
        ((), ["pg-3"]),  # the end stays: the next one continues it
        (("pg-0",), ["pg-3", "pg-0"]),
        (("pg-1",), ["pg-3", "pg-1"]),
        (("pg-0", "pg-2"), ["pg-3", "pg-2", "pg-0"]),
    ],
)
def test_entries_expire_and_the_ledger_stays_whole(stays, left, ledger: Ledger) -> None:
    assert expire(ledger, stays) == 4 - len(left)
    assert ([entry.object for entry in ledger.entries()], ledger.expired()) == (left, 4 - len(left))
    assert ledger.problem() == ""
    ledger.note(Act.LISTED, object="pg-4")
    assert expire(ledger) == len(left)
    assert ([entry.object for entry in ledger.entries()], ledger.expired()) == (["pg-4"], 4)
    assert ledger.problem() == ""


def test_nothing_expires_before_its_time(ledger: Ledger) -> None:
    assert expire(ledger, before="2026-01-01T00:00:00.000Z") == ledger.expired() == 0


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DELETE FROM review_ledger_gap", "Entry 1 of the ledger is missing"),
        ("DELETE FROM review_ledger WHERE sequence = 3", "Entry 3 of the ledger is missing"),
        ("UPDATE review_ledger_gap SET last = 3", "Entry 1 of the ledger is missing"),
        ("UPDATE review_ledger_gap SET hash = {zeros}", "Entry 1 of the ledger is missing"),
        ("UPDATE review_ledger SET event = {none} WHERE sequence = 3", "Entry 3 of the ledger was changed"),
    ],
)
def test_what_was_done_beside_what_expired_is_found(statement: str, told: str, ledger: Ledger, installation) -> None:
    expire(ledger, ("pg-2",))
    installation.execute(filled(installation, statement))
    assert told in ledger.problem()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE review_ledger SET time = '2020-01-01T00:00:00.000Z' WHERE sequence = 2",
        "UPDATE review_ledger SET event = {none} WHERE sequence = 2",
        "UPDATE review_ledger SET act = 'listed' WHERE sequence = 2",
    ],
)
def test_what_was_changed_does_not_expire(statement: str, ledger: Ledger, installation) -> None:
    """Who moves the time of an entry back has not made it be over."""
    installation.execute(filled(installation, statement))
    with pytest.raises(PromptGuardError, match="not as it was left"):
        expire(ledger)
    assert len(ledger.entries()) == 4


def test_a_large_ledger_is_walked_and_expires_in_turns(ledger: Ledger, monkeypatch) -> None:
    for each in ("ledger_verification", "ledger_expiry"):
        monkeypatch.setattr(f"promptguard.review.{each}.BATCH", 2)
    ledger.note(Act.LISTED)
    ledger.note(Act.LISTED)
    assert expire(ledger, ("pg-1",)) == 4
    assert ledger.problem() == ""
    assert ledger.expired() == 4
