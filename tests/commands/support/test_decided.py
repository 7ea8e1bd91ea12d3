"""What was decided on a tool, as commands tell it."""

from __future__ import annotations

from pathlib import Path

from tests.commands.conftest import on

from promptguard.commands.support.decided import decided_status
from promptguard.configuration.settings import Settings
from promptguard.keys import Keys
from promptguard.policy.orders import Approval, Order, OrderKind, OrderState
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.record import open_backend

TIME = "2026-03-01T09:30:00.000Z"
SCOPE = {
    "destination": "claude",
    "status": "approved",
    "review_due": "2027-02-28",
    "data_handling": {"trains_on_prompts": "no", "retention_days": 30},
}


def test_what_was_decided_and_by_whom(config: Path, tmp_path: Path) -> None:
    assert decided_status(config, tmp_path, "claude") is None
    keys = Keys.load_or_create(tmp_path / "keys")
    backend = open_backend(Settings(), DataFolder(tmp_path), keys)
    try:
        order = Order("or-1", OrderKind.TOOL_STATUS, OrderState.ASKED, SCOPE, "R.", "a1", "Ann", TIME)
        store = backend.orders(keys.orders)
        store.add(order)
        assert decided_status(config, tmp_path, "claude") is None
        store.approve("or-1", Approval("a2", "Bob", TIME))
    finally:
        backend.close()
    assert decided_status(config, tmp_path, "claude") == {
        "status": "approved",
        "asked_by": "Ann",
        "decided_by": "Bob",
        "decided": "2026-03-01",
        "id": "or-1",
        "review_due": "2027-02-28",
        "data_handling": "retention days 30, trains on prompts no",
    }
    assert decided_status(config, tmp_path, "chatgpt") is None
    assert "claude  Claude  web_chat  approved  " in on(config, tmp_path)("destinations list --status approved").output
    shown = on(config, tmp_path)("destinations show claude").output
    assert "approved by Bob on 2026-03-01, as Ann asked (or-1); to be reviewed by 2027-02-28" in shown
