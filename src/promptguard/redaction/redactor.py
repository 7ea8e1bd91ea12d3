"""Findings in, placeholders out: the texts of a prompt with every finding replaced."""

from __future__ import annotations

import hmac
from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from promptguard.errors import NotRewritable
from promptguard.model import DataClass, Edit, Finding, Nature, Original, Recalled, Segment
from promptguard.presidio.anonymizer import (
    Encrypt,
    Hash,
    InvalidParamError,
    Mask,
    Operator,
    OperatorConfig,
    Redact,
    Replace,
)
from promptguard.reasons import Code
from promptguard.redaction.issued import Issued
from promptguard.redaction.operator import PlaceholderOperator
from promptguard.redaction.placeholders import placeholder_for
from promptguard.redaction.recall import IsCommon, recall
from promptguard.redaction.spelling import spelled_in

OPERATORS: Final[Mapping[str, type[Operator]]] = {
    "placeholder": PlaceholderOperator,
    "mask": Mask,
    "hash": Hash,
    "encrypt": Encrypt,
    "redact": Redact,
    "replace": Replace,
}
"""The operators that policy may name for an entity type. Only `placeholder` is restored in the answer."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """What to send in place of a prompt's texts, and what may be put back into the answer."""

    texts: Mapping[int, str]
    """Segment index to new text, for the segments that change."""
    edits: Mapping[int, Sequence[Edit]] = field(repr=False)
    """Segment index to what was replaced in its text by what, in order."""
    issued: Mapping[str, Original] = field(repr=False)
    """Placeholder to original. Holds no credentials: those are never restored."""
    again: frozenset[str] = frozenset()
    """Placeholders issued before that were recalled: their lifetime starts anew too."""


@dataclass(frozen=True, slots=True)
class _Span:
    """A part of a text that is replaced as a whole: one finding, or several that overlap, or a recalled original."""

    start: int
    end: int
    findings: tuple[Finding, ...]
    placeholder: str = ""
    """Of the recalled original that the span is; empty where a finding overlaps it."""


class Redactor:
    """Replaces findings in texts. Holds no state of its own: the same input gives the same output in every process."""

    def __init__(self, key: bytes, operators: Mapping[str, OperatorConfig] | None = None) -> None:
        """`operators` says how an entity type is replaced; types it does not name get placeholders.

        Raises:
            ValueError: the key is empty, or an operator is unknown or has wrong parameters.
        """
        if not key:
            raise ValueError("redaction needs a key")
        self._key = key
        self._operators = {
            entity_type: _checked(entity_type, config) for entity_type, config in (operators or {}).items()
        }

    def recall(self, segments: Sequence[Segment], known: Mapping[str, str], is_common: IsCommon) -> list[Recalled]:
        """Where originals of `known` stand in the texts, found or not, outside placeholders: see `recall.recall`.

        Args:
            known: placeholder to original, issued in the scope before.
            is_common: whether a single word is one of the language rather than a name.
        """
        issued = Issued.of(known)
        return recall(segments, issued, is_common, lambda text: _issued_before(text, issued))

    def redact(
        self,
        segments: Sequence[Segment],
        findings: Sequence[Finding],
        scope: str,
        known: Mapping[str, str],
        recalled: Sequence[Recalled] = (),
    ) -> Redaction:
        """Replace the findings, which may come in any order, overlap and touch.

        Findings that overlap are replaced by one placeholder. A finding within a placeholder that was issued in this
        scope is left alone: the text is ours, and holds no value.

        Args:
            scope: the conversation; the same value has the same placeholder within it.
            known: placeholder to original, issued in the scope before.
            recalled: originals of `known` to replace too, by the placeholder they had. One that overlaps a finding
                becomes a part of what is replaced for that.

        Raises:
            ValueError: a finding does not lie within its segment.
            NotRewritable: a finding lies in a string that is no text, or in a text that is fixed.
        """
        found = _by_segment(segments, findings)
        remembered: dict[int, list[Recalled]] = {}
        for each in recalled:
            remembered.setdefault(each.segment, []).append(each)
        before = Issued.of(known)
        texts: dict[int, str] = {}
        edits: dict[int, list[Edit]] = {}
        issued: dict[str, Original] = {}
        again: set[str] = set()
        taken = ChainMap[str, str]({}, cast("dict[str, str]", known))  # writes go to the first one only
        for index in sorted({*found, *remembered}):
            text = segments[index].text
            made: list[Edit] = []
            for span in _spans(found.get(index, []), remembered.get(index, []), _issued_before(text, before)):
                value = text[span.start : span.end]
                if span.placeholder:
                    replacement = span.placeholder
                    again.add(replacement)
                else:
                    replacement, restorable = self._replace(value, span.findings, scope, taken)
                    if restorable:
                        issued[replacement] = Original(value, _leading(span.findings).data_class)
                made.append(Edit(span.start, span.end, replacement))
            if made and (segments[index].nature is not Nature.TEXT or segments[index].fixed):
                raise NotRewritable(Code.REWRITE_FIXED)
            if made:
                edits[index] = made
                texts[index] = _edited(text, made)
        return Redaction(texts, edits, issued, frozenset(again))

    def _replace(
        self, value: str, findings: Sequence[Finding], scope: str, taken: ChainMap[str, str]
    ) -> tuple[str, bool]:
        """What stands in place of a value, and whether it may be restored.

        `taken` learns the placeholder, so that no other value of this request gets it.
        """
        credential = any(finding.data_class is DataClass.CREDENTIALS for finding in findings)
        chosen = [self._operators.get(finding.entity_type) for finding in findings]
        if len(findings) == 1 and chosen[0] is not None:
            operator, params = chosen[0]
            replacement = self._apply(operator, params, value, findings[0].entity_type, scope)
            if replacement is not None:
                return replacement, False
        # Overlapping findings of several types: what shows a part of one value (mask) could show all of another.
        restorable = not credential and all(choice is None for choice in chosen)
        placeholder = placeholder_for(
            self._key, scope, _leading(findings).entity_type, value, taken, restorable=restorable
        )
        taken[placeholder] = value
        return placeholder, restorable

    def _apply(
        self, operator: Operator, params: Mapping[str, Any], value: str, entity_type: str, scope: str
    ) -> str | None:
        """What one of Presidio's own operators makes of a value; None where it leaves it as it was, or fails."""
        params = {**params, "entity_type": entity_type}
        if operator.operator_name() == "hash" and "salt" not in params:
            # Presidio would take a random salt each time, and the same value would differ from turn to turn.
            params["salt"] = hmac.digest(self._key, f"salt|{scope}".encode("utf-8", "surrogatepass"), "sha256")
        try:
            replacement: str = operator.operate(value, params)
        except (UnicodeError, ValueError):
            return None  # a lone surrogate, which Presidio's hash and encrypt cannot take
        return None if value in replacement else replacement


def _edited(text: str, edits: Sequence[Edit]) -> str:
    parts: list[str] = []
    position = 0
    for edit in edits:
        parts += (text[position : edit.start], edit.text)
        position = edit.end
    return "".join((*parts, text[position:]))


def _checked(entity_type: str, config: OperatorConfig) -> tuple[Operator, Mapping[str, Any]] | None:
    """The operator with its parameters; None for `placeholder`, which the redactor applies itself."""
    name = config.operator_name
    if name not in OPERATORS:
        raise ValueError(f"{entity_type}: no operator is called {name!r}; there are {', '.join(OPERATORS)}")
    if name == PlaceholderOperator.NAME:
        return None
    operator = OPERATORS[name]()
    try:
        operator.validate(config.params)
    except InvalidParamError as error:
        raise ValueError(f"{entity_type}: {name}: {error.err_msg}") from None
    return operator, config.params


def _leading(findings: Sequence[Finding]) -> Finding:
    """The finding that names overlapping ones: a credential if there is one, then the surest, then the longest."""
    return max(findings, key=lambda each: (each.data_class is DataClass.CREDENTIALS, each.score, each.end - each.start))


def _issued_before(text: str, known: Issued) -> list[tuple[int, int]]:
    """Where placeholders that were issued in the scope stand in a text, as the model writes them too."""
    return [(spelled.start, spelled.end) for spelled in spelled_in(text, known)] if known else []


def _by_segment(segments: Sequence[Segment], findings: Sequence[Finding]) -> dict[int, list[Finding]]:
    """The findings that are not empty, by the index of their segment.

    Raises:
        ValueError: a finding does not lie within its segment.
    """
    by_segment: dict[int, list[Finding]] = {}
    for finding in findings:
        if not 0 <= finding.segment < len(segments):
            raise ValueError("a finding names a segment that does not exist")
        if not 0 <= finding.start <= finding.end <= len(segments[finding.segment].text):
            raise ValueError("a finding does not lie within its segment")
        if finding.start < finding.end:
            by_segment.setdefault(finding.segment, []).append(finding)
    return by_segment


def _spans(
    findings: Sequence[Finding], recalled: Sequence[Recalled], ours: Sequence[tuple[int, int]]
) -> Iterator[_Span]:
    """The parts of a text to replace, in order and without overlap."""
    pending: list[Finding | Recalled] = []
    end = 0
    parts: list[Finding | Recalled] = [*findings, *recalled]
    for each in sorted(parts, key=lambda each: (each.start, each.end)):
        if ours and any(start <= each.start and each.end <= stop for start, stop in ours):
            continue
        if pending and each.start >= end:
            yield _span(pending, end)
            pending = []
            end = 0
        pending.append(each)
        end = max(end, each.end)
    if pending:
        yield _span(pending, end)


def _span(parts: Sequence[Finding | Recalled], end: int) -> _Span:
    findings = tuple(part for part in parts if isinstance(part, Finding))
    placeholder = "" if findings else next(part.placeholder for part in parts if isinstance(part, Recalled))
    return _Span(parts[0].start, end, findings, placeholder)
