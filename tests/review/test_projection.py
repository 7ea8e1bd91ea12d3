from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from promptguard.model import Action
from promptguard.review import projection, tables
from promptguard.review.ledger import Act, Ledger
from promptguard.review.projection import Projection


def rows(installation, table, *columns):
    with installation.database.reading() as connection:
        return [
            tuple(row) for row in connection.execute(select(*(table.c[name] for name in columns)).order_by(*columns))
        ]


def test_takes_up_each_decision_once_however_often_it_is_asked(installation, make_event, monkeypatch) -> None:
    monkeypatch.setattr(projection, "BATCH", 2)
    events = installation.record(*(make_event() for _ in range(5)))
    several = [Projection(installation.store, installation.database) for _ in range(2)]
    assert [each.take_up() for each in several * 2] == [2, 2, 1, 0]
    installation.record(make_event())
    assert several[0].take_up() == 1
    ids = [id for (id,) in rows(installation, tables.decision, "id")]
    assert len(ids) == 6
    assert set(ids) >= {event.id for event in events}
    assert rows(installation, tables.hour_count, "count") == [(6,)]


def test_what_is_taken_up_of_a_decision(installation, make_event) -> None:
    found = ["EMAIL_ADDRESS", "EMAIL_ADDRESS", "GITHUB_TOKEN"]
    installation.take_up(make_event(action=Action.BLOCK, found=found, groups=["staff", "sales"]))
    assert rows(installation, tables.decision, "action", "found", "summary", "destination", "rule") == [
        ("block", 3, '{"EMAIL_ADDRESS":2,"GITHUB_TOKEN":1}', "openai_api", "the-rule")
    ]
    assert rows(installation, tables.decision_entity, "entity_type") == [("EMAIL_ADDRESS",), ("GITHUB_TOKEN",)]
    assert rows(installation, tables.decision_class, "data_class") == [("credentials",), ("personal_data",)]
    assert rows(installation, tables.decision_group, "group_name") == [("sales",), ("staff",)]
    assert rows(installation, tables.hour_class_count, "data_class", "count") == [
        ("credentials", 1),
        ("personal_data", 1),
    ]
    assert rows(installation, tables.hour_count, "hour", "count") == [("2026-03-01T09", 1)]
    assert rows(installation, tables.day_count, "day", "count") == [("2026-03-01", 1)]


def test_nothing_of_a_person_is_taken_up(installation, make_event) -> None:
    installation.take_up(make_event(found=["EMAIL_ADDRESS"], person="p_qqqqqqqqqqqqqqqq"))
    assert b"p_qqqqqqqqqqqqqqqq" not in installation.content()


def test_a_record_that_was_begun_anew_is_taken_up_from_its_beginning(installation, make_event) -> None:
    installation.take_up(make_event(), make_event())
    installation.execute("DELETE FROM audit_record", "DELETE FROM audit_head", file="promptguard.db")
    (event,) = installation.take_up(make_event())
    assert rows(installation, tables.decision, "id") == [(event.id,)]
    assert rows(installation, tables.hour_count, "count") == [(1,)]


@pytest.mark.parametrize("damaged", [b"", b"[]", b"\xff"])
def test_a_damaged_record_does_not_hold_up_those_behind_it(damaged: bytes, installation, make_event) -> None:
    installation.record(make_event())
    installation.execute(f"{'UPDATE'} audit_record SET event = {installation.blob(damaged)}", file="promptguard.db")
    installation.take_up(make_event())
    with installation.database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.decision)) == 2


def test_two_machines_that_take_up_one_record_double_nothing(machines, make_event, monkeypatch) -> None:
    monkeypatch.setattr(projection, "BATCH", 5)
    recorded = [machines[n % 2].record(make_event())[0] for n in range(30)]
    several = [Projection(each.store, each.database) for each in machines * 2]

    def all_of_it(each: Projection) -> int:
        return sum(iter(each.take_up, 0))

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(all_of_it, several)) == 30
    assert {id for (id,) in rows(machines[0], tables.decision, "id")} == {event.id for event in recorded}
    assert rows(machines[1], tables.hour_count, "count") == [(30,)]


def test_others_write_while_the_record_is_read(installation, make_event) -> None:
    installation.record(make_event())
    store, database = installation.store, installation.database

    class Slow:
        def records(self, *, after: int):
            Ledger(database, installation.keys).note(Act.LISTED)
            return store.records(after=after)

    assert Projection(Slow(), database).take_up() == 1


def test_names_of_any_length_are_taken_up(installation, make_event) -> None:
    installation.take_up(make_event(rule="r" * 200, groups=["g" * 200, "a\0b"], destination="d" * 100))
    assert rows(installation, tables.decision, "rule", "destination") == [("r" * 128, "d" * 64)]
    assert rows(installation, tables.decision_group, "group_name") == [("a\ufffdb",), ("g" * 128,)]
