"""Stops given and lifted beside a console that may be running: what the store and the ledger have of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from promptguard.configuration.settings import Settings
from promptguard.console.stopping import StopDesk, stopping
from promptguard.errors import PromptGuardError
from promptguard.keys import Keys
from promptguard.review.ledger import Act
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.record import open_backend

CONFIG = Path(__file__).parents[2] / "config"
WHAT: dict[str, Any] = {"tool": "", "data_class": "", "everything": False, "lasting": None}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[StopDesk]:
    open_backend(Settings(), DataFolder(tmp_path), Keys.load_or_create(tmp_path / "keys")).close()
    with stopping(CONFIG, tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(
    ("what", "scope"),
    [
        ({"tool": "chatgpt"}, {"destinations": ["chatgpt"]}),
        ({"data_class": "credentials"}, {"data_classes": ["credentials"]}),
        ({"everything": True}, {"all": True}),
    ],
)
def test_a_stop_is_in_force_and_noted_until_it_is_lifted(desk: StopDesk, what: dict[str, Any], scope: Any) -> None:
    stop = desk.order(**{**WHAT, **what, "lasting": timedelta(hours=4)}, name="ann", reason="Their incident")
    assert (stop.scope, stop.reason, stop.asked_name) == (scope, "Their incident", "ann")
    assert [each.id for each in desk.book.in_force()] == [stop.id]
    desk.lift(stop.id, name="bob", reason="It is over")
    assert desk.book.in_force() == []
    noted = [(each.act, each.object, each.detail["by"], each.detail["name"]) for each in desk.ledger.entries()]
    assert noted == [
        (Act.STOP_LIFTED, stop.id, "command line", "bob"),
        (Act.STOPPED, stop.id, "command line", "ann"),
    ]


def test_what_passes_undecrypted_is_told(desk: StopDesk) -> None:
    unread = next(each for each in desk.registry.destinations if each.undecrypted_hosts)
    stop = desk.order(**{**WHAT, "tool": unread.id}, name="ann", reason="Now")
    assert list(desk.unread_hosts(stop)) == list(unread.undecrypted_hosts)
    every = desk.order(**{**WHAT, "everything": True}, name="ann", reason="Now")
    assert desk.unread_hosts(every) == []


@pytest.mark.parametrize(
    ("what", "reason", "told"),
    [({"tool": "chatgtp"}, "x", "chatgpt"), ({}, "x", "Say what to stop"), ({"everything": True}, " ", "Say why")],
)
def test_a_mistake_stops_nothing_and_is_not_noted(desk: StopDesk, what: dict[str, Any], reason: str, told: str) -> None:
    with pytest.raises(PromptGuardError, match=told):
        desk.order(**{**WHAT, **what}, name="ann", reason=reason)
    with pytest.raises(PromptGuardError, match="See `promptguard stop list`"):
        desk.lift("or-1", name="ann", reason="Over")
    assert desk.book.all() == [] and list(desk.ledger.entries()) == []
