"""What people are reminded of that they have ordered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.samples.orders import order_of, put_in_force

from promptguard.policy.orders import Approval, Order, OrderKind, OrderState
from promptguard.policy.standing import Standing
from promptguard.rollout.doctor import examine
from promptguard.rollout.orders import exceptions_ending, stops_in_force

CONFIG = Path(__file__).parents[2] / "config"
NOW = datetime(2026, 3, 8, 12, 0, tzinfo=UTC)


def standing(*orders: Order) -> Standing:
    return Standing.of(orders, "2026-03-08T12:00:00.000Z")


def stop(scope: Mapping[str, Any], id: str = "or-1", *, day: int = 1, expires: str = "", genuine: bool = True) -> Order:
    stopped = order_of(OrderKind.STOP, scope, id, expires=expires)
    return replace(stopped, asked=f"2026-03-0{day}T09:30:00.000Z", genuine=genuine)


def exception(expires: str) -> Order:
    asked = order_of(OrderKind.EXCEPTION, {"pseudonyms": ["p_ada"]}, expires=expires)
    return replace(asked, state=OrderState.IN_FORCE, approvals=(Approval("a2", "Bob", ""),))


@pytest.mark.parametrize(
    ("orders", "told"),
    [
        ([], ""),
        ([stop({"all": True}, expires="2026-03-08T11:00:00.000Z")], ""),
        (
            [stop({"destinations": ["claude"]}, expires="2026-03-09T10:00:00.000Z")],
            "1 stop is in force: claude since 2026-03-01 09:30 UTC until 2026-03-09 10:00 UTC (or-1)",
        ),
        (
            [stop({"data_classes": ["credentials"]}, "or-2", day=3), stop({"all": True}, genuine=False)],
            "2 stops are in force: all tools since 2026-03-01 09:30 UTC (or-1, changed in the database); "
            "the class credentials since 2026-03-03 09:30 UTC (or-2)",
        ),
        ([order_of(OrderKind.SUSPENSION, {"pseudonym": "p_ada"})], ""),
    ],
)
def test_stops_that_are_in_force(orders: Sequence[Order], told: str) -> None:
    assert stops_in_force(standing(*orders), NOW) == told


def test_of_many_stops_the_oldest_are_named() -> None:
    many = [stop({"destinations": [f"tool-{day}"]}, f"or-{day}", day=day) for day in range(1, 8)]
    told = stops_in_force(standing(*many), NOW)
    assert told.startswith("7 stops are in force: tool-1 since") and told.endswith("(or-5) and 2 more")


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        ([], ""),
        (["2026-03-08T11:00:00.000Z"], ""),
        (["2026-03-22T12:00:00.000Z"], ""),
        (["2026-03-22T11:59:00.000Z"], "1 exception ends within 14 days"),
        (["2026-03-09T00:00:00.000Z", "2026-03-10T00:00:00.000Z"], "2 exceptions end within 14 days"),
    ],
)
def test_exceptions_that_end_soon(ends: Sequence[str], told: str) -> None:
    found = [replace(exception(each), id=f"or-{at}") for at, each in enumerate(ends)]
    assert exceptions_ending(standing(*found), NOW) == told


def test_doctor_names_stops_and_nobody_who_is_suspended(tmp_path: Path) -> None:
    suspension = order_of(OrderKind.SUSPENSION, {"pseudonym": "p_ada"}, "or-2", expires="2999-01-01T00:00:00.000Z")
    put_in_force(tmp_path, stop({"destinations": ["claude"]}), suspension)
    rows = examine(CONFIG, tmp_path, quick=True)
    (told,) = [row for row in rows if row.subject == "stops"]
    assert (told.ok, told.mark) == (True, "!")
    assert told.sentence.startswith("1 stop is in force: claude since 2026-03-01 09:30 UTC (or-1)")
    assert not any("suspen" in row.sentence or "or-2" in row.sentence for row in rows)


def test_doctor_says_when_it_is_not_known_what_was_ordered(tmp_path: Path) -> None:
    put_in_force(tmp_path)
    database = tmp_path / "promptguard.db"
    database.write_bytes(b"no database, and longer than the head of one" * 100)
    (told,) = [row for row in examine(CONFIG, tmp_path, quick=True) if row.subject == "orders"]
    assert not told.ok and told.sentence.startswith("what is stopped, excepted and decided on tools is not known: ")
