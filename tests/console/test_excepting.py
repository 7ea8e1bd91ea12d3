"""Exceptions asked for and revoked beside a console that may be running: what the store and the ledger have of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from promptguard.audit.events import timestamp
from promptguard.configuration.settings import Settings
from promptguard.console.excepting import ExceptionDesk, Wanted, excepting, standing_of
from promptguard.errors import PromptGuardError
from promptguard.keys import Keys
from promptguard.policy.orders import OrderState
from promptguard.review.ledger import Act
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.record import open_backend

CONFIG = Path(__file__).parents[2] / "config"
WANTED = Wanted("For the pilot", 30, ["chatgpt"], ["tenant_data"], users=["ada"], contract="C-17")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ExceptionDesk]:
    open_backend(Settings(), DataFolder(tmp_path), Keys.load_or_create(tmp_path / "keys")).close()
    with excepting(CONFIG, tmp_path) as opened:
        yield opened


def test_what_is_asked_for_waits_and_is_noted_until_it_is_revoked(desk: ExceptionDesk) -> None:
    order = desk.ask(WANTED, name="ann")
    assert (order.asked_by, order.asked_name) == ("", "ann"), "nobody whom the console knows"
    assert standing_of(desk.book.orders, desk.book.orders.find(order.id)) == "asked for"
    desk.revoke(order.id, name="bob", reason="Not needed")
    assert standing_of(desk.book.orders, desk.book.orders.find(order.id)) == "revoked"
    noted = [(each.act, each.object, each.detail["by"], each.detail["name"]) for each in desk.ledger.entries()]
    assert noted == [
        (Act.EXCEPTION_REVOKED, order.id, "command line", "bob"),
        (Act.EXCEPTION_ASKED, order.id, "command line", "ann"),
    ]
    with pytest.raises(PromptGuardError, match="is over"):
        desk.revoke(order.id, name="bob", reason="Again")


@pytest.mark.parametrize(
    ("changes", "standing"),
    [
        ({}, "asked for"),
        ({"state": OrderState.IN_FORCE}, "in force"),
        ({"state": OrderState.REFUSED}, "refused"),
        ({"state": OrderState.ENDED}, "revoked"),
        ({"state": OrderState.IN_FORCE, "expires": timestamp(datetime.now(UTC) - timedelta(days=1))}, "expired"),
        ({"state": OrderState.IN_FORCE, "genuine": False}, "changed in the database"),
    ],
)
def test_how_one_stands(desk: ExceptionDesk, changes: dict[str, object], standing: str) -> None:
    order = desk.book.prepare(WANTED, by="", name="ann")
    assert standing_of(desk.book.orders, replace(order, **changes)) == standing  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"users": []}, "name users or groups"),
        ({"users": [], "groups": ["supprot"]}, "no group of identities.yaml"),
        ({"data_classes": ["credentials"]}, "no exceptions for credentials"),
    ],
)
def test_a_mistake_is_told_and_not_noted(desk: ExceptionDesk, changes: dict[str, list[str]], told: str) -> None:
    with pytest.raises(PromptGuardError, match=told):
        desk.ask(replace(WANTED, **changes), name="ann")  # type: ignore[arg-type]
    with pytest.raises(PromptGuardError, match="See `promptguard exceptions list`"):
        desk.revoke("or-1", name="ann", reason="R")
    assert desk.book.orders.all() == [] and list(desk.ledger.entries()) == []
