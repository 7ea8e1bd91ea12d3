from __future__ import annotations

from promptguard.controls.assessing import Assessed
from promptguard.controls.forms import as_json, as_markdown, as_text, reference_page
from promptguard.controls.outcome import Outcome, Standing
from promptguard.controls.table import Control, Part

CONTROL = Control(
    id="T1",
    asks="Nothing leaves.",
    policies=("A", "C"),
    role=(Part.ENFORCE, Part.PROVE),
    by="A rule | two.",
    check="built_in",
    tests=("tests/test_guard.py",),
    evidence="The record.",
    beyond="What is said aloud.",
)
ASSESSED = [Assessed(CONTROL, Outcome(Standing.PARTLY, "One rule is missing."))]


def test_text() -> None:
    assert as_text(ASSESSED).splitlines() == [
        "T1   in part       Nothing leaves.",
        "                   One rule is missing.",
        "                   by: A rule | two.",
        "                   evidence: The record.",
        "                   out of reach: What is said aloud.",
        "",
        "1 controls: 0 met, 1 in part, 0 not set up, 0 out of reach.",
    ]


def test_markdown() -> None:
    assert "| T1 | Nothing leaves. | in part | One rule is missing. | The record. |" in as_markdown(ASSESSED)


def test_json() -> None:
    (told,) = as_json(ASSESSED)
    assert told == {
        "id": "T1",
        "asks": "Nothing leaves.",
        "policies": ["A", "C"],
        "role": ["enforce", "prove"],
        "by": "A rule | two.",
        "tests": ["tests/test_guard.py"],
        "evidence": "The record.",
        "beyond": "What is said aloud.",
        "standing": "partly",
        "because": "One rule is missing.",
    }


def test_the_page() -> None:
    row = reference_page([CONTROL]).splitlines()[-1]
    assert row == (
        "| T1 | Nothing leaves. | A, C | enforce, prove | A rule / two. *Out of reach:* What is said aloud. | "
        "[test_guard.py](../tests/test_guard.py) | The record. |"
    )
