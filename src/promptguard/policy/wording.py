"""A rule in words, for people who do not read YAML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from promptguard.model import Action
from promptguard.policy.policy import Policy
from promptguard.policy.provider import questions
from promptguard.policy.schema import Excluded, Mode, PolicyFile, RuleEntry, When

_DONE: Mapping[Action, str] = {
    Action.ALLOW: "Allow",
    Action.NOTIFY: "Allow, and tell the person",
    Action.REDACT: "Send with values replaced",
    Action.JUSTIFY: "Hold until the person gives a reason",
    Action.BLOCK: "Do not send",
}


@dataclass(frozen=True, slots=True)
class RuleInWords:
    """One rule: what it does, when, and why."""

    id: str
    number: int
    """Counted from 1, in the file's order."""
    action: Action
    does: str
    when: Sequence[str]
    """All of these must be the case; empty where it always holds."""
    unless: Sequence[str]
    """None of these may be."""
    reason: str
    source: str
    in_force_for: str
    """The groups for whose people it is more than tried out, as a list; empty for none."""
    tried: bool
    """It is recorded, and not carried out."""


@dataclass(frozen=True, slots=True)
class RuleWords:
    """How things are called in these sentences."""

    services: Mapping[str, str] = field(default_factory=dict)
    """Names of services by id."""
    classes: Mapping[str, str] = field(default_factory=dict)
    """Names of data classes."""
    kind: Callable[[str], str] = str
    """An entity type in words."""


def rules_in_words(policy: Policy, words: RuleWords | None = None) -> list[RuleInWords]:
    """All rules, in order. People are counted, not named."""
    words = words or RuleWords()
    return [_rule(policy.file, entry, number, words) for number, entry in enumerate(policy.file.rules, 1)]


def _rule(file: PolicyFile, entry: RuleEntry, number: int, words: RuleWords) -> RuleInWords:
    return RuleInWords(
        id=entry.id,
        number=number,
        action=entry.action,
        does=_DONE[entry.action] + (", and say so in the answer" if entry.announce else ""),
        when=[*_clauses(entry.when, words), *_asked(entry.when), *_counted(entry.when)],
        unless=list(_clauses(entry.when.not_, words)) if entry.when.not_ else [],
        reason=entry.reason,
        source=" ".join(entry.source.split()),
        in_force_for=", ".join(sorted(entry.enforced_for)),
        tried=file.mode is Mode.MONITOR or entry.mode is Mode.MONITOR,
    )


def _clauses(part: Excluded, words: RuleWords) -> Iterator[str]:
    if part.users:
        yield "it is one of 1 person" if len(part.users) == 1 else f"it is one of {len(part.users)} persons"
    if part.groups:
        yield f"the person is in {_either(part.groups)}"
    if part.destinations:
        yield f"the service is {_either(words.services.get(id, id) for id in part.destinations)}"
    if part.status:
        yield f"the service is {_either(map(_plain, part.status))}"
    if part.kind:
        yield f"the kind of service is {_either(map(_plain, part.kind))}"
    if part.purpose:
        yield f"the path is for {_either(map(_plain, part.purpose))}"
    if part.inspection:
        yield f"the request is {_either(map(_plain, part.inspection))}"
    if part.language:
        yield f"its languages are {_either(map(_plain, part.language))}"
    if part.data_classes:
        yield f"it has {_either(words.classes.get(each, _plain(each)).lower() for each in part.data_classes)}"
    if part.entity_types:
        yield f"it has {_either(map(words.kind, part.entity_types))}"
    if part.roles:
        yield f"it stands in text of {_either(map(_plain, part.roles))}"
    if part.detectors:
        yield f"it was found by {_either(part.detectors)}"


def _asked(when: When) -> Iterator[str]:
    """What it asks of the provider; of several answers that match, each as a clause."""
    for question in questions(when.provider):
        yield " or ".join(question.clauses.values())


def _counted(when: When) -> Iterator[str]:
    if when.findings == "any":
        yield "anything was found"
    if when.findings == "none":
        yield "nothing was found"
    if when.min_score > 0:
        yield f"the detector is at least {when.min_score:.0%} sure"
    if when.min_count > 1:
        yield f"there are at least {when.min_count} different values of it"


def _either(values: Iterable[object]) -> str:
    named = [str(each) for each in values]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} or {named[-1]}"


def _plain(value: object) -> str:
    return str(value).replace("_", " ")
