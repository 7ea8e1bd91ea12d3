"""The registry as people have decided, and that nobody tells of statuses by the files alone."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from tests.samples.orders import order_of, put_in_force

from promptguard.configuration.bundle import load_bundle
from promptguard.configuration.settings import Settings
from promptguard.model import Status
from promptguard.policy.orders import OrderKind
from promptguard.policy.standing import NOTHING_STANDS, Standing
from promptguard.runtime.decided import as_decided, load_decided, standing_of

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "promptguard"
CONFIG = ROOT / "config"
SCOPE = {"destination": "claude", "status": "approved", "review_due": "2027-02-28"}
DECISION = order_of(OrderKind.TOOL_STATUS, SCOPE)

TELLING = {
    "promptguard.configuration.destination_forms": {"as_json", "TABLES"},
    "promptguard.controls.assessing": {"assess"},
    "promptguard.destinations.reviews": {"remarks", "reviews"},
    "promptguard.transparency.document": {"employee_notice"},
}
"""What tells of the status of services, or of their reviews, as it is given them."""

ASKING = {"promptguard.runtime.decided", "promptguard.commands.support.decided"}

GIVEN = {"controls/settings_checks.py"}
"""Whose callers ask what was decided."""


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("data")
    put_in_force(data, DECISION)
    return data


def test_status_and_review_are_as_decided_and_all_else_as_in_the_files(decided: Path) -> None:
    in_files, told = load_bundle(CONFIG).registry, load_decided(CONFIG, decided).registry
    found, before = told.find_host("claude.ai"), in_files.find_host("claude.ai")
    assert found is not None and before is not None and before.status is not Status.APPROVED
    assert (found.status, found.review_due) == (Status.APPROVED, "2027-02-28")
    assert told.destination("claude") == found and found in told.destinations
    assert told.route(found, "POST", "/api/account") == in_files.route(before, "POST", "/api/account")
    assert [each.id for each in told.destinations] == [each.id for each in in_files.destinations]
    assert [each for each in told.destinations if each.id != "claude"] == [
        each for each in in_files.destinations if each.id != "claude"
    ]
    assert told.find_undecrypted("nowhere.example") is None and in_files.destination("claude") == before


def test_where_no_proxy_has_started_the_files_count(tmp_path: Path) -> None:
    assert standing_of(Settings(), tmp_path) == NOTHING_STANDS
    registry = load_bundle(CONFIG).registry
    assert as_decided(registry, Standing()).destinations == registry.destinations


def _imported(tree: ast.Module) -> set[tuple[str, str]]:
    return {
        (node.module or "", name.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }


def test_who_tells_of_statuses_asks_what_was_decided() -> None:
    telling, asking = set(), set()
    for path in SOURCE.rglob("*.py"):
        text, name = path.read_text("utf-8"), path.relative_to(SOURCE).as_posix()
        if not any(module in text for module in TELLING):
            continue
        tree = ast.parse(text)
        imported = _imported(tree)
        if any(imports in TELLING.get(module, ()) for module, imports in imported):
            telling.add(name)
        asks = any(isinstance(node, ast.Attribute) and node.attr == "judged" for node in ast.walk(tree))
        if asks or any(module in ASKING for module, _ in imported):
            asking.add(name)
    assert {"commands/destinations.py", "commands/controls.py", "commands/employee_notice.py"} <= telling
    assert telling - asking == GIVEN
