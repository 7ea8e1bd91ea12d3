from __future__ import annotations

from dataclasses import replace

import pytest

from promptguard.model import IdentityClass
from promptguard.policy.acknowledgements import Acknowledgement, Document, lapses_soon, missing
from promptguard.policy.acknowledging import Acknowledging

GIVEN = Acknowledgement(
    "a1", "p_1", "employee", "ai-policy", "2", "s2", "2026-03-01T09:30:00.000Z", "pg-1", "openai_chat"
)
SECOND = Document(Acknowledging(document="policy.md", version="2"), "s2", "Text")
SMALL = Document(Acknowledging(document="policy.md", version="3", earlier_versions=("2",)), "s3", "Text")
LARGE = Document(Acknowledging(document="policy.md", version="3"), "s3", "Text")
DAY = "2026-03-02T09:30:00.000Z"
YEAR = "2027-03-01T09:30:00.000Z"


@pytest.mark.parametrize(
    ("given", "document", "now", "code"),
    [
        ([], SECOND, DAY, "acknowledgement.needed"),
        ([GIVEN], SECOND, DAY, None),
        ([GIVEN], SECOND, YEAR, "acknowledgement.lapsed"),
        ([GIVEN], SMALL, DAY, None),
        ([GIVEN], SMALL, YEAR, "acknowledgement.lapsed"),
        ([GIVEN], LARGE, DAY, "acknowledgement.changed"),
        ([replace(GIVEN, sha256="other")], SECOND, DAY, "acknowledgement.changed"),
        ([replace(GIVEN, document="other")], SECOND, DAY, "acknowledgement.needed"),
        ([replace(GIVEN, genuine=False)], SECOND, DAY, "acknowledgement.needed"),
        ([replace(GIVEN, time="2025-01-01T00:00:00.000Z"), GIVEN], SECOND, DAY, None),
    ],
)
def test_who_has_to_first(given: list[Acknowledgement], document: Document, now: str, code: str | None) -> None:
    why = missing(given, document, IdentityClass.CONTRACTOR, now)
    assert (why.code if why else None) == code
    assert why is None or why.parameters["identity_class"] == "contractor"


def test_a_document_at_an_address_has_no_text() -> None:
    terms = Acknowledging(document="https://example.com/p", sha256="0" * 64)
    assert (Document(terms, "0" * 64).address, SECOND.address) == ("https://example.com/p", "")


@pytest.mark.parametrize(
    ("days", "now", "soon"),
    [
        (14, "2027-02-15T09:29:59.999Z", False),
        (14, "2027-02-15T09:30:00.000Z", True),
        (14, "2027-03-01T09:29:59.999Z", True),
        (14, YEAR, False),
        (0, "2027-03-01T09:29:59.999Z", False),
    ],
)
def test_when_to_remind_of_what_lapses(days: int, now: str, soon: bool) -> None:
    terms = Acknowledging(document="policy.md", remind_days=days)
    assert lapses_soon(GIVEN.until(terms), terms, now) is soon
    assert not lapses_soon("", terms, now)
