from datetime import date
from pathlib import Path

import pytest

from promptguard.configuration.settings import Settings
from promptguard.model import DataClass
from promptguard.notices.recorded_words import RecordedWords
from promptguard.transparency.kept import Kept

LESS = "some kinds of data for less"
WORDS = RecordedWords()
CLASSES = {each: f"<{each}>" for each in DataClass}


def kept(settings: dict[str, object]) -> Kept:
    return Kept(Settings.model_validate(settings, strict=False))


@pytest.mark.parametrize(
    ("actions", "told"),
    [
        ({}, {"All other decisions": f"365 days; {LESS}"}),
        ({"notify": 30, "redact": 30, "justify": 30, "block": 30}, {"All other decisions": f"30 days; {LESS}"}),
        (
            {"block": 10, "redact": None},
            {
                "Decisions: sent, and you were told": f"365 days; {LESS}",
                "Decisions: sent with values replaced": f"for good; {LESS}",
                "Decisions: not sent until a reason is given": f"365 days; {LESS}",
                "Decisions: not sent": f"10 days; {LESS}",
            },
        ),
    ],
)
def test_what_is_kept_the_longer_is_told_too(actions, told) -> None:
    times = dict(kept({"retention": {"actions": actions}}).times(WORDS))
    assert times.pop(WORDS.passed) == "90 days"
    assert {
        name: times[name] for name in times if "ecisions" in name and name not in (WORDS.incidents, WORDS.orders)
    } == told


@pytest.mark.parametrize(
    ("settings", "what", "long"),
    [
        ({}, "vault", "24 h after the last use, and up to 1 h more"),
        ({"vault": {"ttl_hours": 8}}, "vault", "8 h after the last use, and up to 0.33 h more"),
        ({}, "blocked", "30 days, and up to 30 h more"),
        ({"vault": {"blocked_ttl_days": 1}}, "blocked", "1 day, and up to 1 h more"),
        ({"retention": {"console": {"ledger": 1}}}, "ledger", "1 day"),
        ({}, "sealed", "none is kept"),
        ({}, "told", "180 days after it was answered or closed"),
        ({"retention": {"console": {"incidents": None}}}, "incidents", "for good"),
        ({"retention": {"console": {"incidents": 30}}}, "incidents", "30 days after they were closed"),
        ({}, "false_alarms", "365 days after they stopped passing"),
        ({"retention": {"console": {"ledger": 30}}}, "ledger", "30 days"),
        ({}, "holds", "until the hold is lifted"),
        ({}, "reasons", "180 days after they stopped counting"),
        ({"retention": {"console": {"reports": 30}}}, "reasons", "30 days after they stopped counting"),
        ({}, "acknowledgements", "1096 days"),
        ({"retention": {"console": {"ledger": 30}}}, "acknowledgements", "1096 days"),
        ({"retention": {"console": {"ledger": 2000}}}, "acknowledgements", "2000 days"),
        ({"retention": {"console": {"ledger": None}}}, "acknowledgements", "for good"),
        ({}, "links", None),
        (
            {"console": {"url": "https://guard.example.com"}},
            "links",
            "1 h; once opened, a day; once something was told there, 7 days",
        ),
        ({"console": {"url": "https://guard.example.com"}}, "text", "at most 1 h"),
    ],
)
def test_times_are_those_of_the_installation(settings, what, long) -> None:
    assert dict(kept(settings).times(WORDS)).get(getattr(WORDS, what)) == long


def test_evidence_is_told_where_there_is_any() -> None:
    assert kept({}).evidence(WORDS, CLASSES) == ""
    given = {"public_keys": [Path("a.pem")], "days": 3, "classes": ["credentials"], "actions": ["block"]}
    some = kept({"evidence": given})
    assert some.evidence(WORDS, CLASSES) == (
        "What was found is kept for 3 days where it is one of these kinds of data: <credentials>; and what was done "
        "with the request is one of these: not sent. With it, up to 75 bytes of your text on each side are kept."
    )
    assert dict(some.times(WORDS))[WORDS.sealed] == "3 days"
    alone = kept({"evidence": {**given, "window_bytes": 0}})
    assert "bytes" not in alone.evidence(WORDS, CLASSES)


@pytest.mark.parametrize(
    ("settings", "last"),
    [
        ({}, date(2027, 3, 1)),
        ({"data_classes": {"credentials": 10}}, date(2026, 3, 11)),
        ({"actions": {"block": 3}, "data_classes": {"credentials": 10}}, date(2026, 3, 4)),
        ({"actions": {"block": None}, "data_classes": dict.fromkeys(map(str, DataClass))}, None),
    ],
)
def test_the_last_day_of_a_decision(settings: dict[str, object], last: date | None) -> None:
    event = {"action": "block", "findings": [{"data_class": "credentials"}], "time": "2026-03-01T23:59:59Z"}
    assert kept({"retention": settings}).last_day(event) == last
