"""What was found, as people are told it: kinds, counts and places, and never a value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from promptguard.model import DataClass, Finding, Position, Prompt, Role
from promptguard.notices.entities import readable, with_ending
from promptguard.notices.templates import Templates

_MAX_KINDS = 6
"""Kinds named in one sentence; the rest is summed up."""

_ORDER = (Role.USER, Role.FILE, Role.TOOL_RESULT)
"""The places that people can do most about come first."""

NOWHERE: Final = frozenset({DataClass.CREDENTIALS, DataClass.TENANT_DATA})
"""What no tool is approved for: naming one would read as an invitation to paste it there."""

STOPPED: Final = "stop:"
"""What the rule of a finding begins with whose data class is stopped by people: it is, at each tool."""


class FoundWords:
    """Says what was found in one language; `templates` is its file."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def said(self, findings: Sequence[Finding], prompt: Prompt | None, *, replaced: bool = False) -> str:
        """`2 e-mail addresses in your message and 1 password in a tool's result`.

        What is `replaced` in an access log is not counted: it may be hundreds of addresses and accounts.
        """
        by_place: dict[str, list[Finding]] = {}
        for finding in sorted(findings, key=lambda each: _rank(each, prompt)):
            by_place.setdefault(self._place(finding, prompt), []).append(finding)
        seen: set[str] = set()
        kinds: list[tuple[str, str]] = []
        for place, there in by_place.items():
            by_type: dict[str, int] = {}
            for finding in there:
                if not finding.fingerprint or finding.fingerprint not in seen:
                    of_log = replaced and finding.data_class is DataClass.ACCESS_LOGS
                    kind = "" if of_log else finding.entity_type
                    by_type[kind] = by_type.get(kind, 0) + 1
                seen.add(finding.fingerprint)
            kinds += [(self._named(entity_type, count), place) for entity_type, count in by_type.items()]
        if not kinds:
            return self._templates.words.something
        rest, kinds = kinds[_MAX_KINDS:], kinds[:_MAX_KINDS]
        parts: dict[str, list[str]] = {}
        for kind, place in kinds:
            parts.setdefault(place, []).append(kind)
        clauses = [f"{self.listing(there)} {place}" for place, there in parts.items()]
        return self.listing([*clauses, self._templates.words.more] if rest else clauses)

    def _named(self, entity_type: str, count: int) -> str:
        if not entity_type:
            return self._templates.words.log_details
        texts = self._templates
        names = texts.entity_types.get(entity_type) or with_ending(entity_type, texts.endings) or readable(entity_type)
        return f"{count} {counted(names, count)}"

    def _place(self, finding: Finding, prompt: Prompt | None) -> str:
        if position(finding, prompt) is Position.HISTORY:
            return self._templates.history
        return self._templates.places[_role(finding, prompt)]

    def listing(self, parts: Sequence[str]) -> str:
        """`a, b and c`."""
        if len(parts) < 2:
            return "".join(parts)
        return f"{', '.join(parts[:-1])} {self._templates.words.and_} {parts[-1]}"


def counted(words: tuple[str, str], count: int) -> str:
    """The words for one, or those for several."""
    return words[0] if count == 1 else words[1]


def _rank(finding: Finding, prompt: Prompt | None) -> tuple[bool, int]:
    role = _role(finding, prompt)
    later = position(finding, prompt) is Position.HISTORY
    return later, _ORDER.index(role) if role in _ORDER else len(_ORDER)


def _role(finding: Finding, prompt: Prompt | None) -> Role:
    known = prompt is not None and 0 <= finding.segment < len(prompt.segments)
    return prompt.segments[finding.segment].role if prompt is not None and known else Role.OTHER


def position(finding: Finding, prompt: Prompt | None) -> Position:
    """Whether a finding is new, or a part of the conversation so far."""
    known = prompt is not None and 0 <= finding.segment < len(prompt.segments)
    return prompt.segments[finding.segment].position if prompt is not None and known else Position.NEW


def distinct(findings: Iterable[Finding]) -> int:
    """How many different values were found."""
    return len({finding.fingerprint for finding in findings})
