"""What was decided on tools, as each command tells it."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from tests.commands.conftest import on
from tests.samples.orders import TIME, order_of, put_in_force

from promptguard.commands.support.decided import decided_status
from promptguard.configuration.settings import Settings
from promptguard.keys import Keys
from promptguard.policy.orders import Approval, OrderKind
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.record import open_backend

SCOPE = {
    "destination": "claude",
    "status": "approved",
    "review_due": "2027-02-28",
    "data_handling": {"trains_on_prompts": "no", "retention_days": 30},
}
LATE = {"destination": "deepseek-chat", "status": "approved", "review_due": "2020-01-31"}
AGAINST = {"destination": "chatgpt", "status": "prohibited", "review_due": "2999-01-31"}


def test_what_was_decided_and_by_whom(config: Path, tmp_path: Path) -> None:
    assert decided_status(config, tmp_path, "claude") is None
    keys = Keys.load_or_create(tmp_path / "keys")
    backend = open_backend(Settings(), DataFolder(tmp_path), keys)
    try:
        store = backend.orders(keys)
        store.add(order_of(OrderKind.TOOL_STATUS, SCOPE))
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
    shown = on(config, tmp_path)("destinations show claude").output
    assert "approved by Bob on 2026-03-01, as Ann asked (or-1); to be reviewed by 2027-02-28" in shown


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("decided")
    orders = [order_of(OrderKind.TOOL_STATUS, each, f"or-{at}") for at, each in enumerate((SCOPE, LATE, AGAINST))]
    put_in_force(data, *orders)
    return data


@pytest.mark.parametrize(
    ("command", "told", "not_told"),
    [
        ("destinations list --status approved", "claude  Claude  web_chat  approved  ", "chatgpt  ChatGPT"),
        (
            "destinations export --format csv --status prohibited",
            "chatgpt,ChatGPT,web_chat,prohibited",
            "claude,Claude",
        ),
        ("destinations check --on 2026-03-01", "deepseek-chat: its review was due on 2020-01-31.", "claude:"),
        ("doctor --quick", "1 review of AI services is overdue: deepseek-chat", "claude"),
        ("controls --format json", "1 review of AI services is overdue: deepseek-chat", "claude"),
    ],
)
def test_each_command_goes_by_what_was_decided(
    command: str, told: str, not_told: str, config: Path, decided: Path
) -> None:
    output = on(config, decided)(command).output
    assert told in output and not_told not in output


def test_the_works_council_reads_what_was_decided(config: Path, decided: Path) -> None:
    output = on(config, decided)("employee-notice --works-council --format md --language en").output
    rows = [line for line in output.splitlines() if line.startswith("|")]
    (approved,) = [row for row in rows if "Claude" in row and "DeepSeek" in row]
    assert "ChatGPT" not in approved


def test_controls_are_assessed_by_what_was_decided(config: Path, decided: Path, tmp_path: Path) -> None:
    def prohibited(data: Path) -> str:
        found = orjson.loads(on(config, data)("controls --format json").output)
        return next(each["because"] for each in found if "services are prohibited" in each["because"])

    before, after = (int(prohibited(each).split()[0]) for each in (tmp_path, decided))
    assert after == before + 1
