"""The controls as text, Markdown and JSON: of an installation, and as the page of the documentation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import Any, Final

from promptguard.controls.assessing import Assessed
from promptguard.controls.outcome import Standing
from promptguard.controls.table import Control

NAMES: Final = {
    Standing.MET: "met",
    Standing.PARTLY: "in part",
    Standing.MISSING: "not set up",
    Standing.OUT_OF_REACH: "out of reach",
}
_WIDTH: Final = 100


def as_text(assessed: Sequence[Assessed]) -> str:
    """For a terminal: a paragraph for each control, and a line with the sum."""
    return "\n".join([*(_paragraph(each) for each in assessed), summary(assessed)])


def as_markdown(assessed: Sequence[Assessed]) -> str:
    """A table."""
    rows = [
        (each.control.id, each.control.asks, NAMES[each.outcome.standing], each.outcome.because, each.control.evidence)
        for each in assessed
    ]
    head = ("Control", "What is asked for", "Here", "Because", "Evidence")
    return f"{_table(head, rows)}\n\n{summary(assessed)}"


def as_json(assessed: Sequence[Assessed]) -> list[dict[str, Any]]:
    """A list of objects."""
    return [
        {
            **each.control.model_dump(mode="json", exclude={"check"}),
            "standing": str(each.outcome.standing),
            "because": each.outcome.because,
        }
        for each in assessed
    ]


def reference_page(controls: Iterable[Control]) -> str:
    """The table of docs/controls.md: what of PromptGuard does it, which tests show it, and what is out of reach."""
    rows = [
        (
            each.id,
            each.asks,
            ", ".join(each.policies),
            ", ".join(part.replace("_", " ") for part in each.role),
            each.by + (f" *Out of reach:* {each.beyond}" if each.beyond else ""),
            "<br>".join(f"[{path.removeprefix('tests/')}](../{path})" for path in each.tests) or "–",
            each.evidence,
        )
        for each in controls
    ]
    head = ("Control", "What is asked for", "Policies", "PromptGuard can", "What does it", "Tests", "Evidence")
    return _table(head, rows)


def summary(assessed: Iterable[Assessed]) -> str:
    """`38 controls: 21 met, 9 in part, 7 not set up, 1 out of reach.`"""
    counts = Counter(each.outcome.standing for each in assessed)
    parts = [f"{counts[standing]} {name}" for standing, name in NAMES.items()]
    return f"{counts.total()} controls: {', '.join(parts)}."


def _paragraph(each: Assessed) -> str:
    control = each.control
    lines = [f"{control.id:<4} {NAMES[each.outcome.standing]:<13} {control.asks}"]
    told = [("", each.outcome.because), ("by: ", control.by), ("evidence: ", control.evidence)]
    if control.beyond and control.beyond != each.outcome.because:
        told.append(("out of reach: ", control.beyond))
    for label, text in told:
        lines += wrap(f"{label}{text}", _WIDTH, initial_indent=" " * 19, subsequent_indent=" " * 19)
    return "\n".join([*lines, ""])


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"| {' | '.join('---' for _ in head)} |"]
    lines += [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join(lines)
