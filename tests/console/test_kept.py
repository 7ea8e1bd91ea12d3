from pathlib import Path

import pytest

from promptguard.configuration.settings import Settings
from promptguard.console.kept import evidence_told, retention_told

LESS = "or less by the kind of data"


@pytest.mark.parametrize(
    ("actions", "told"),
    [
        ({}, {"Other decisions": f"365 days, {LESS}"}),
        ({"notify": 30, "redact": 30, "justify": 30, "block": 30}, {"Other decisions": f"30 days, {LESS}"}),
        (
            {"block": 10, "redact": None},
            {
                "Decisions, “Allowed, told”": f"365 days, {LESS}",
                "Decisions, “Sent, values replaced”": f"for good, {LESS}",
                "Decisions, “Held for a reason”": f"365 days, {LESS}",
                "Decisions, “Not sent”": f"10 days, {LESS}",
            },
        ),
    ],
)
def test_what_is_kept_the_longer_is_told_too(actions, told) -> None:
    settings = Settings.model_validate({"retention": {"actions": actions}})
    kept = dict(retention_told(settings))
    assert kept.pop("Decisions that let a request pass") == "90 days"
    assert {name: kept[name] for name in kept if "ecisions" in name and "Incidents" not in name} == told


def test_evidence_is_told_where_there_is_any() -> None:
    assert evidence_told(Settings().evidence) == ""
    assert dict(retention_told(Settings()))["Sealed evidence"] == "none is kept"
    given = {"public_keys": [Path("a.pem")], "days": 3, "classes": ["credentials"]}
    evidence = Settings.model_validate({"evidence": given}, strict=False).evidence
    assert "credentials" in evidence_told(evidence)
    assert "for 3 days" in evidence_told(evidence)


def test_what_the_console_keeps_is_told() -> None:
    settings = Settings.model_validate({"retention": {"console": {"incidents": None, "ledger": 30}}})
    kept = dict(retention_told(settings))
    assert kept["Incidents, with their decisions"] == "for good"
    assert kept["What staff tell security, and its answers"] == "180 days after it was settled"
    assert kept["The ledger"] == "30 days"
