"""Why something in a text was found, or was not: for `promptguard scan --explain`. Never holds or prints a value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from promptguard.detectors.names.prose_segmentation import prose_spans
from promptguard.detectors.patterns.candidates import Candidate
from promptguard.detectors.patterns.detector import PatternDetector
from promptguard.detectors.recognizers.allow_list import AllowList
from promptguard.model import Finding


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is said of one text."""

    of_findings: tuple[tuple[Finding, tuple[str, ...]], ...]
    """Each finding, and sentences on it."""
    of_others: tuple[tuple[Candidate, str], ...]
    """What was looked at and is no finding, in the order of the text, and why."""
    names: str
    """What of the text was shown to the names model."""


def explain(
    text: str, findings: Sequence[Finding], patterns: PatternDetector, allow_list: AllowList, *, names: bool = True
) -> Explanation:
    """Why `findings` are what was found in `text`.

    Args:
        text: as it was scanned.
        findings: what the scanner found.
        patterns: the started detector that took part in it.
        allow_list: that of the scanner.
        names: whether names were looked for.

    Raises:
        ScanFailed: a recognizer failed.
    """
    candidates = patterns.candidates(text)
    return Explanation(
        tuple((finding, tuple(_on_finding(finding, candidates))) for finding in findings),
        tuple(
            (candidate, why)
            for candidate in candidates
            if (why := _on_other(candidate, text, findings, allow_list)) is not None
        ),
        _on_names(text) if names else "Names were not looked for.",
    )


def _on_finding(finding: Finding, candidates: Sequence[Candidate]) -> Iterator[str]:
    if finding.hidden:
        yield f"It was hidden as {finding.hidden}."
    for candidate in candidates:
        if candidate.recognizer == finding.detector and _overlap(candidate, finding) and candidate.reported:
            yield _sentence(candidate)


def _sentence(candidate: Candidate) -> str:
    """How a score came about."""
    where = f"{candidate.file}, line {candidate.line}"
    by = f"pattern “{candidate.pattern}”" if candidate.pattern else "the recognizer"
    said = f"{candidate.recognizer} ({where}): {by} gave {candidate.pattern_score:.2f}"
    if candidate.word:
        said += f", the context word “{candidate.word}” raised it to {candidate.score:.2f}"
    return f"{said}; its threshold is {candidate.threshold:.2f}."


def _on_other(candidate: Candidate, text: str, findings: Sequence[Finding], allow_list: AllowList) -> str | None:
    """Why a candidate is no finding; None if it is one."""
    if candidate.problem:
        return f"{candidate.recognizer} ({candidate.file}, line {candidate.line}): {candidate.problem}."
    if not candidate.reported:
        without = "" if candidate.word else " No context word stands before it."
        return f"{_sentence(candidate)} That is too little.{without}"
    allowance = allow_list.allowance(text[candidate.start : candidate.end], candidate.entity_type)
    if allowance is not None:
        return f"The allow list lets it pass: {allowance.reason or 'no reason is given there'}."
    for finding in findings:
        if _overlap(candidate, finding):
            same = finding.detector == candidate.recognizer and finding.entity_type == candidate.entity_type
            return None if same else f"{candidate.recognizer} gives way to {finding.detector}."
    return None


def _overlap(candidate: Candidate, finding: Finding) -> bool:
    return candidate.start < finding.end and finding.start < candidate.end


def _on_names(text: str) -> str:
    spans = prose_spans(text)
    shown = sum(end - start for start, end in spans)
    if not text or shown == len(text):
        return "Names were looked for in all of the text."
    return (
        f"Names were looked for in {shown} of {len(text)} characters; in code and log lines only full names count, and "
        "the rest is addresses, keys of JSON or has no words."
    )
