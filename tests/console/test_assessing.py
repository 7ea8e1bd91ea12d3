"""Decisions on tools asked for at the command line: what the store and the ledger have of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.samples.orders import put_in_force

from promptguard.console.assessing import AssessmentDesk, assessing
from promptguard.review.accounts import NotPossible
from promptguard.review.ledger import Act
from promptguard.review.tool_reviews import Assessment

CONFIG = Path(__file__).parents[2] / "config"
DUE = (datetime.now(UTC).date() + timedelta(days=90)).isoformat()
AGAINST = Assessment("claude", "prohibited", DUE, "No contract")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[AssessmentDesk]:
    put_in_force(tmp_path)
    with assessing(CONFIG, tmp_path) as opened:
        yield opened


def test_what_is_asked_for_waits_for_two_and_is_noted(desk: AssessmentDesk) -> None:
    order = desk.prepare(AGAINST, name="ann")
    assert desk.book.orders.waiting() == []
    desk.ask([order])
    (waiting,) = desk.book.orders.waiting()
    assert (waiting.asked_by, waiting.asked_name, waiting.reason) == ("", "ann", "No contract")
    assert desk.book.statuses().orders == {}
    (noted,) = desk.ledger.entries()
    assert (noted.act, noted.object, noted.detail["by"], noted.detail["tool"]) == (
        Act.TOOL_ASSESSED,
        order.id,
        "command line",
        "claude",
    )


def test_one_tool_waits_for_one_decision(desk: AssessmentDesk) -> None:
    desk.ask([desk.prepare(AGAINST, name="ann")])
    with pytest.raises(NotPossible, match="asked for already"):
        desk.prepare(AGAINST, name="ann")
