"""Decisions on many tools asked for at once: all of them, or none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.commands.conftest import on
from tests.samples.orders import put_in_force

from promptguard.commands.support import reasons
from promptguard.console.assessing import assessing

DUE = (datetime.now(UTC).date() + timedelta(days=90)).isoformat()
HEADER = "id,status,review_due,reason\n"


@pytest.fixture
def ask(config: Path, tmp_path: Path):
    put_in_force(tmp_path)

    def asked(text: str):
        (tmp_path / "tools.csv").write_text(HEADER + text, "utf-8")
        return on(config, tmp_path)("destinations ask", str(tmp_path / "tools.csv"))

    return asked


def kept(config: Path, data: Path) -> dict[str, str]:
    with assessing(config, data) as desk:
        return {str(order.scope["destination"]): order.reason for order in desk.book.orders.waiting()}


def test_all_are_asked_for_with_what_is_found_masked(ask, config, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(
        reasons, "search", lambda config, data, words, seconds: words.replace("ada@corp.test", "[EMAIL_ADDRESS]")
    )
    told = ask(f"claude,prohibited,{DUE},Says ada@corp.test\nchatgpt,prohibited,{DUE},No contract\n")
    assert told.exit_code == 0, told.output
    assert "It is kept as: Says [EMAIL_ADDRESS]" in told.output and "2 wait for two people" in told.output
    assert kept(config, tmp_path) == {"claude": "Says [EMAIL_ADDRESS]", "chatgpt": "No contract"}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (f"nowhere,prohibited,{DUE},No", "There is no such tool in the registry."),
        (f"chatgpt,forbidden,{DUE},No", "Name the status: approved"),
        ("chatgpt,prohibited,2020-01-31,No", "The next review is to be after today"),
        (f"chatgpt,prohibited,{DUE},", "Say why."),
        (f"chatgpt,approved,{DUE},Fine", "say what holds of: training, retention"),
    ],
)
def test_one_mistake_and_none_is_asked_for(wrong: str, told: str, ask, config: Path, tmp_path: Path) -> None:
    result = ask(f"claude,prohibited,{DUE},No contract\n{wrong}\n")
    assert result.exit_code == 2
    assert "tools.csv:3: ‘" in result.output and told in result.output
    assert kept(config, tmp_path) == {}
