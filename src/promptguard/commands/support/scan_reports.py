"""What `promptguard scan` prints of findings, for people and for programs. Never the values."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any

import click
import orjson

from promptguard.detectors.explanation import Explanation
from promptguard.detectors.shape import masked_shape
from promptguard.model import DataClass, FileText, Finding
from promptguard.runtime.tools import Tools


class Report(ABC):
    """Takes findings part by part, and prints them."""

    def __init__(self) -> None:
        self.files = 0
        """How many files were looked at in full."""

    @abstractmethod
    def add(self, file: str, part: FileText, findings: Sequence[Finding], tools: Tools) -> None:
        """What was found in a part of a file; the file's name is empty where there is one alone."""

    @abstractmethod
    def add_languages(self, file: str, part: FileText, languages: Sequence[str]) -> None:
        """In which languages of a part of a file persons were not looked for."""

    @abstractmethod
    def finish(self, *, found: bool, failed: bool) -> None:
        """After the last part."""


class TextReport(Report):
    """A line for each finding: where, what and how sure."""

    def __init__(self, *, explained: bool = False) -> None:
        super().__init__()
        self._explained = explained

    def add(self, file: str, part: FileText, findings: Sequence[Finding], tools: Tools) -> None:
        where = _where(file, part)
        lines = (
            _explained(part.text, tools.explain(part.text, findings))
            if self._explained
            else _lines(part.text, findings)
        )
        for line in lines:
            click.echo(where + line)

    def add_languages(self, file: str, part: FileText, languages: Sequence[str]) -> None:
        if languages:
            click.echo(
                f"{_where(file, part)}Names of persons are not found reliably in: {', '.join(languages)}.", err=True
            )

    def finish(self, *, found: bool, failed: bool) -> None:
        if not found and not failed:
            click.echo("Nothing found." if self.files == 1 else f"Nothing found in {self.files} files.", err=True)


class JsonReport(Report):
    """One object with all `spans`."""

    def __init__(self) -> None:
        super().__init__()
        self._spans: list[dict[str, Any]] = []
        self._languages: set[str] = set()

    def add(self, file: str, part: FileText, findings: Sequence[Finding], tools: Tools) -> None:
        where = {"file": file} if file else {}
        if part.label:
            where["part"] = part.label
        self._spans += [span(finding) | where for finding in findings]

    def add_languages(self, file: str, part: FileText, languages: Sequence[str]) -> None:
        self._languages.update(languages)

    def finish(self, *, found: bool, failed: bool) -> None:
        click.echo(orjson.dumps({"spans": self._spans} | told(sorted(self._languages))))


def told(languages: Sequence[str]) -> dict[str, Any]:
    """For programs, the languages in which persons were not looked for; nothing where there is none."""
    return {"uncovered_languages": list(languages)} if languages else {}


def _where(file: str, part: FileText) -> str:
    return "".join(f"{name}: " for name in (file, part.label) if name)


def span(finding: Finding) -> dict[str, Any]:
    """A finding for programs. Offsets are in characters."""
    return {
        "start": finding.start,
        "end": finding.end,
        "type": finding.entity_type,
        "class": finding.data_class,
        "score": round(finding.score, 3),
        "detector": finding.detector,
    }


def _explained(text: str, explanation: Explanation) -> Iterator[str]:
    for finding, sentences in explanation.of_findings:
        yield from _lines(text, (finding,))
        yield from (f"    {sentence}" for sentence in sentences)
    yield f"{len(explanation.of_others)} more places were looked at:"
    for candidate, why in explanation.of_others:
        yield f"{_place(text, candidate.start)}: no {candidate.entity_type}\n    {why}"
    yield explanation.names


def _place(text: str, offset: int) -> str:
    line = text.count("\n", 0, offset) + 1
    column = offset - (text.rfind("\n", 0, offset) + 1) + 1
    return f"{line}:{column}"


def _lines(text: str, findings: Sequence[Finding]) -> Iterator[str]:
    for finding in findings:
        secret = finding.data_class is DataClass.CREDENTIALS
        shape = "" if secret else f"  {masked_shape(text[finding.start : finding.end])}"
        subject = f" of {finding.subject}" if finding.subject else ""
        sure = f"{finding.data_class}, {finding.score:.2f}, {finding.detector}"
        yield f"{_place(text, finding.start)}: {finding.entity_type}{subject} ({sure}){shape}"
