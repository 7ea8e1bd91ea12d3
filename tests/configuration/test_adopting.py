from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from promptguard.configuration.adopting import ADOPTED, adopt
from promptguard.configuration.destinations import load_destinations
from promptguard.errors import ConfigError, PromptGuardError
from promptguard.model import Kind, Status

TODAY = date(2026, 11, 29)
KNOWN = """
destinations:
  - {id: a-b-example, name: Acme, hosts: [c.example], kind: api, status: approved, routes: [{path: /x}]}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "destinations").mkdir()
    (tmp_path / "destinations" / "apis.yaml").write_text(KNOWN)
    return tmp_path


def test_adopted_hosts_are_under_review(config: Path) -> None:
    for host, name in (("a.b.example", 'It\'s "A"'), ("a-b.example", "")):
        path = adopt(config, host, ["generic"], kind=Kind.WEB_CHAT, name=name, today=TODAY)
    registry = load_destinations(config, ["generic"]).registry
    one, two = (registry.find_host(host) for host in ("a.b.example", "a-b.example"))
    assert one is not None and two is not None
    assert (one.id, one.name, one.status) == ("a-b-example-2", 'It\'s "A"', Status.UNDER_REVIEW)
    assert str(one.review_due) == "2026-12-29"
    assert (two.id, two.name) == ("a-b-example-3", "a-b.example")
    assert path == config / "destinations" / ADOPTED


def test_a_file_that_somebody_broke_is_left_as_it_was(config: Path) -> None:
    (config / "destinations" / ADOPTED).write_text("destinations: [")
    with pytest.raises(ConfigError):
        adopt(config, "a.b.example", ["generic"], kind=Kind.API, today=TODAY)
    assert (config / "destinations" / ADOPTED).read_text() == "destinations: ["


def test_one_file_is_edited_by_hand(tmp_path: Path) -> None:
    (tmp_path / "destinations.yaml").write_text(KNOWN)
    with pytest.raises(PromptGuardError, match="by hand"):
        adopt(tmp_path, "a.b.example", ["generic"], kind=Kind.API, today=TODAY)
