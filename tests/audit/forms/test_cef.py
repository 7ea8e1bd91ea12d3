from collections.abc import Callable
from typing import Any

import pytest

from promptguard.audit.export import export
from promptguard.audit.forms import load_forms
from promptguard.model import Action, Decision, Event

HEADER = ("CEF:0", "PromptGuard", "PromptGuard")


def lines(installation: Any) -> list[str]:
    return [load_forms()["cef"].line(record) for record in export(installation.store)]


def test_header_and_keys(installation: Any, events: list[Event]) -> None:
    allowed, redacted, blocked = (line.split("|", 7) for line in lines(installation))
    assert tuple(allowed[:3]) == tuple(blocked[:3]) == HEADER
    assert [each[4] for each in (allowed, redacted, blocked)] == ["allow", "redact", "block"]
    assert int(allowed[6]) < int(redacted[6]) < int(blocked[6]) <= 10
    assert "rt=1772357402000 " in blocked[7]  # 2026-03-01T09:30:02Z
    assert f"externalId={events[2].id} act=block dhost=api.openai.com suser=p_abcdefghijklmnop" in blocked[7]
    assert "cs3Label=dataClasses cs3=personal_data 1 cs4Label=entityTypes cs4=EMAIL_ADDRESS 1" in blocked[7]
    assert "cs3Label" not in allowed[7] and "cs5Label" not in allowed[7]


@pytest.mark.parametrize(
    ("reason", "written"),
    [("a=b", "a\\=b"), ("a|b", "a|b"), ("a\\b", "a\\\\b"), ("a\nb\r\nc", "a\\nb\\nc")],
)
def test_values_are_escaped(installation: Any, make_event: Callable[..., Event], reason: str, written: str) -> None:
    installation.fill(make_event(decision=Decision(Action.ALLOW, "rule", reason)))
    (line,) = lines(installation)
    assert f" reason={written} cs1Label=rule" in line
    assert "\n" not in line and "\r" not in line
