"""A rule of the policy, made ready for quick matching, and able to say why it does not match."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Self

from promptguard.model import Action, Circumstances, DataHandling, Destination, Finding, Inspection, Prompt, Role
from promptguard.policy.provider import Question, questions
from promptguard.policy.schema import Excluded, Mode, RuleEntry, is_about_data
from promptguard.reasons import Reason


@dataclass(frozen=True, slots=True)
class Found:
    """What conditions may look at in one finding."""

    data_class: str
    entity_type: str
    role: str
    detector: str
    score: float

    @classmethod
    def of(cls, finding: Finding, prompt: Prompt | None) -> Found:
        """The finding, with the role of the text it stands in (`other` where that is not known)."""
        known = prompt is not None and 0 <= finding.segment < len(prompt.segments)
        role = prompt.segments[finding.segment].role if prompt is not None and known else Role.OTHER
        return cls(finding.data_class, finding.entity_type, role, finding.detector, finding.score)


_INSPECTION: dict[Inspection, tuple[Inspection, ...]] = {
    Inspection.INSPECTED: (Inspection.INSPECTED,),
    Inspection.NOT_INSPECTED: (Inspection.NOT_INSPECTED,),
    Inspection.PARTLY_INSPECTED: (Inspection.PARTLY_INSPECTED, Inspection.NOT_INSPECTED),
}
"""A rule about what was not inspected holds for what was inspected in part, too."""

_PLACE: dict[str, tuple[str, Callable[[Circumstances], Iterable[str]]]] = {
    "destinations": ("the tool is", lambda at: (at.destination.id,)),
    "status": ("the tool's status is", lambda at: (at.destination.status,)),
    "kind": ("the kind of tool is", lambda at: (at.destination.kind,)),
    "purpose": ("the purpose of the path is", lambda at: (at.purpose,)),
    "inspection": ("the request is", lambda at: _INSPECTION[at.inspection]),
    "language": ("the request's language is", lambda at: (at.language,)),
}
_PERSON: dict[str, tuple[str, Callable[[Circumstances], Iterable[str]]]] = {
    "users": ("the user is", lambda at: (at.identity.user,)),
    "groups": ("the user is in", lambda at: at.identity.groups),
}
_DATA: dict[str, tuple[str, Callable[[Found], Iterable[str]]]] = {
    "data_classes": ("the data class is", lambda found: (found.data_class,)),
    "entity_types": ("the entity type is", lambda found: (found.entity_type,)),
    "roles": ("it stands in text of role", lambda found: (found.role,)),
    "detectors": ("it was found by", lambda found: (found.detector,)),
}


@dataclass(frozen=True, slots=True)
class Condition[Subject]:
    """One list of a rule: of these values one must be the case, or none if negated."""

    name: str
    values: frozenset[str]
    negated: bool
    label: str
    actual: Callable[[Subject], Iterable[str]]

    def holds(self, subject: Subject) -> bool:
        return self.values.isdisjoint(self.actual(subject)) is self.negated

    def failure(self, subject: Subject) -> str:
        """Why the condition does not hold, as a clause."""
        actual = ", ".join(sorted(str(value) for value in self.actual(subject))) or "none"
        wanted = ", ".join(sorted(self.values))
        if self.negated:
            return f"{self.label} {actual}, and the rule leaves out {wanted}"
        return f"{self.label} {actual}, {'not' if len(self.values) == 1 else 'none of'} {wanted}"


class Rule:
    """One rule of the policy."""

    def __init__(self, entry: RuleEntry, position: int, mode: Mode) -> None:
        when = entry.when
        self.id = entry.id
        self.position = position
        """Counted from 0, in the file's order."""
        self.action: Action = entry.action
        self.reason = entry.reason
        self.source = entry.source
        self.announce = entry.announce
        self.enforced = mode is Mode.ENFORCE and entry.mode is not Mode.MONITOR
        self.enforced_for = frozenset(entry.enforced_for)
        """Groups for whose people it is in force though it is in monitor mode."""
        self.about_data = is_about_data(when)
        """Matched by findings only; other rules are matched by findings and by the request as such."""
        self.about_nothing = when.findings == "none"
        """Matched only by requests in which nothing was found."""
        self.min_score = when.min_score
        self.min_count = when.min_count
        parts = [(when, False)] + ([(when.not_, True)] if when.not_ else [])
        self.provider = tuple(questions(when.provider))
        """What it asks of the provider: a part of `place`, too."""
        self.place = (*_conditions(parts, _PLACE), *map(_asked, self.provider))
        self.person = _conditions(parts, _PERSON)
        self.data = _conditions(parts, _DATA)
        self.conditions: tuple[Condition[Any], ...] = (*self.place, *self.person, *self.data)
        self.adjusted: Reason | None = None
        """Why it has another action than in the file (see `with_action`); None where it has that."""
        self._in_force = self
        if self.enforced_for and mode is Mode.ENFORCE:
            self._in_force = copy(self)
            self._in_force.enforced = True

    @property
    def asks_for_persons(self) -> bool:
        """Whether it may be otherwise for one person than for another."""
        return bool(self.person or self.enforced_for)

    def for_person(self, circumstances: Circumstances) -> Rule:
        """The rule as it is for who sent a request: in force where the rest is only tried out."""
        return self if self.enforced_for.isdisjoint(circumstances.identity.groups) else self._in_force

    def with_action(self, action: Action, why: Reason) -> Self:
        """The same rule with another action, for one request."""
        other = copy(self)
        other.action, other.adjusted = action, why
        return other

    def fits_place(self, circumstances: Circumstances) -> bool:
        """Whether the conditions on the tool and the request hold, which are the same for all people."""
        return all(condition.holds(circumstances) for condition in self.place)

    def lets_provider(self, destination: Destination) -> bool:
        """Whether what it asks of a tool's provider is not the case."""
        return not all(question.matches(destination.data_handling) for question in self.provider)

    def told_of_provider(self, handling: DataHandling) -> tuple[Reason, ...]:
        """What of a provider made the rule match, for people."""
        return tuple(told for question in self.provider if (told := question.told(handling)))

    def fits_person(self, circumstances: Circumstances) -> bool:
        """Whether the conditions on users and groups hold."""
        return all(condition.holds(circumstances) for condition in self.person)

    def fits_data(self, found: Found) -> bool:
        """Whether the conditions on a finding hold, its count aside."""
        return (
            not self.about_nothing
            and found.score >= self.min_score
            and all(condition.holds(found) for condition in self.data)
        )

    def count(self, findings: Sequence[Finding], founds: Sequence[Found]) -> int:
        """How many different values of a request fit the conditions on findings.

        Equal values count once: a conversation sends what was said before again with every turn.
        """
        pairs = zip(findings, founds, strict=True)
        return len({finding.fingerprint for finding, found in pairs if self.fits_data(found)})

    def failures(self, circumstances: Circumstances, found: Found | None) -> list[str]:
        """Why the rule does not match, as clauses; its count aside. None as `found` stands for the request as such."""
        around = (*self.place, *self.person)
        failures = [each.failure(circumstances) for each in around if not each.holds(circumstances)]
        if found is None:
            return failures
        if self.about_nothing:
            failures.append("it is about requests with nothing in them")
        failures += [each.failure(found) for each in self.data if not each.holds(found)]
        if found.score < self.min_score:
            failures.append(f"the score is {found.score:.2f}, below {self.min_score:g}")
        return failures


def _asked(question: Question) -> Condition[Circumstances]:
    return Condition(
        question.name,
        question.matching,
        False,
        question.label,
        lambda at: (question.answer(at.destination.data_handling),),
    )


def _conditions[Subject](
    parts: Sequence[tuple[Excluded, bool]], fields: dict[str, tuple[str, Callable[[Subject], Iterable[str]]]]
) -> tuple[Condition[Subject], ...]:
    return tuple(
        Condition(name, frozenset(str(value) for value in values), negated, label, actual)
        for part, negated in parts
        for name, (label, actual) in fields.items()
        if (values := getattr(part, name))
    )
