from datetime import date
from typing import Any

import pytest

from promptguard.destinations.entries import DestinationEntry
from promptguard.destinations.never_decrypt import NeverDecrypt, NeverDecryptEntry
from promptguard.destinations.registry import Registry
from promptguard.destinations.reviews import MAX_HOSTS, Remark, remarks, reviews, switched_off

TODAY = date(2027, 1, 15)
GOOD: dict[str, Any] = {
    "owner": "IT",
    "review_due": "2027-01-15",
    "data_handling": {
        "trains_on_prompts": False,
        "retention_days": 30,
        "region": "EU",
        "agreement": "none",
        "references": {"training": "https://example.com/privacy"},
    },
}


def entry(id: str, **keys: Any) -> DestinationEntry:
    common = {"id": id, "name": id, "hosts": f"{id}.example.com", "kind": "api", "status": "approved"}
    return DestinationEntry.model_validate({**common, **GOOD, **keys}, strict=False)


def due(id: str, day: str | None) -> DestinationEntry:
    return entry(id, review_due=day)


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ([due("today", "2027-01-15"), due("later", "2028-01-01")], ""),
        ([due("past", "2027-01-14")], "1 review of AI services is overdue: past"),
        (
            [due("newer", "2027-01-10"), due("older", "2025-12-31"), due("none", None)],
            "2 reviews of AI services are overdue: older, newer; 1 review of AI services has no date: none",
        ),
        (
            [due(f"a{n}", "2026-01-01") for n in range(8)],
            "8 reviews of AI services are overdue: a0, a1, a2, a3, a4 and 3 more",
        ),
    ],
)
def test_overdue_reviews_are_one_line(entries: list[DestinationEntry], sentence: str) -> None:
    assert reviews([each.destination() for each in entries], TODAY).sentence() == sentence


@pytest.mark.parametrize(
    ("changes", "problem", "is_failure"),
    [
        ({"review_due": "2027-01-14"}, "its review was due on 2027-01-14", True),
        ({"review_due": None}, "its next review has no date", True),
        ({"owner": None}, "nobody is named who answers for it", False),
        (
            {"data_handling": {**GOOD["data_handling"], "trains_on_prompts": None, "region": None}},
            "it is approved, and nobody has said of its provider: trains_on_prompts, region",
            False,
        ),
        (
            {"data_handling": {}, "status": "unreviewed"},
            "there is no reference on training, retention, region or contract",
            False,
        ),
        ({"hosts": (), "undecrypted_hosts": "suite.example.com"}, "no host of it is decrypted", False),
        (
            {"hosts": (), "undecrypted_hosts": "suite.example.com", "status": "prohibited"},
            "it is prohibited and passes all the same, as no host of it is decrypted",
            True,
        ),
        ({"hosts": [f"h{n}.example.com" for n in range(MAX_HOSTS + 1)]}, f"it has {MAX_HOSTS + 1} hosts", True),
        ({"enabled": False, "review_due": None}, "it is switched off, and its hosts pass undecrypted", False),
        (
            {"enabled": False, "status": "prohibited"},
            "it is prohibited and passes all the same, as it is switched off",
            True,
        ),
        ({"hosts": "*.login.example.net"}, "‘*.login.example.net’ is never decrypted", True),
        ({"hosts": "*.b.example.org"}, "‘*.b.example.org’ is overshadowed by a pattern of ‘other’", True),
        (
            {"undecrypted_hosts": "x.any.example.org"},
            "‘x.any.example.org’ is decrypted all the same, as a host of ‘other’",
            True,
        ),
    ],
)
def test_what_is_told_of_a_service(changes: dict[str, Any], problem: str, is_failure: bool) -> None:
    never = NeverDecrypt([NeverDecryptEntry(group="g", reason="R.", hosts=("*.example.net",))])
    other = entry("other", hosts=["*.any.example.org", "*.*.b.example.org", "any-*.b.example.org"])
    registry = Registry([other, entry("some", **changes)], never)
    assert list(remarks(registry, TODAY)) == [Remark("some", problem, is_failure)]


def test_an_agreement_is_a_reference() -> None:
    registry = Registry([entry("some", status="unreviewed", data_handling={"agreement": "https://example.com/dpa"})])
    assert list(remarks(registry, TODAY)) == []


def test_what_is_switched_off_needs_no_review_and_is_no_alternative() -> None:
    off = entry("off", enabled=False, review_due="2020-01-01", hosts="x.any.example.org")
    other = entry("other", hosts="*.any.example.org", alternatives="off")
    registry = Registry([off, other, entry("off-too", enabled=False, alternatives="off")])
    assert reviews(registry.destinations, TODAY).sentence() == ""
    assert [each.problem for each in remarks(registry, TODAY)] == [
        "it is switched off, and its hosts pass undecrypted",
        "it is switched off, and an alternative to other",
        "‘x.any.example.org’ is decrypted all the same, as a host of ‘other’",
        "it is switched off, and its hosts pass undecrypted",
    ]


@pytest.mark.parametrize(
    ("off", "line"),
    [
        (0, ""),
        (1, "1 AI service is switched off, with hosts that pass undecrypted: a0"),
        (6, "6 AI services are switched off, with hosts that pass undecrypted: a0, a1, a2, a3, a4 and 1 more"),
    ],
)
def test_what_is_switched_off_is_one_line(off: int, line: str) -> None:
    assert switched_off(Registry([entry("on"), *(entry(f"a{n}", enabled=False) for n in range(off))])) == line
