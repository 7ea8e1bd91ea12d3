"""How two policies differ, rule by rule: what a diff of their texts hides behind layout and comments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from promptguard.policy.schema import PolicyFile, RuleEntry


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is otherwise."""

    kind: str
    """`added`, `removed`, `changed` or `moved`."""
    what: str
    """`rule` and its id, or the name of a section."""
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.what} {self.kind}{f': {self.detail}' if self.detail else ''}"


def differences(old: PolicyFile, new: PolicyFile) -> list[Difference]:
    """How a policy differs from another one; nothing where both decide alike.

    Rules are told apart by their ids. One that stands elsewhere among those that are in both has moved: the first that
    matches counts.
    """
    return [*_sections(old, new), *_rules(old, new)]


def _sections(old: PolicyFile, new: PolicyFile) -> Iterator[Difference]:
    before, after = _plain(old), _plain(new)
    for name in dict.fromkeys([*before, *after]):
        if name != "rules" and before.get(name) != after.get(name):
            yield Difference("changed", name, _told(before.get(name), after.get(name)))


def _rules(old: PolicyFile, new: PolicyFile) -> Iterator[Difference]:
    before, after = {rule.id: rule for rule in old.rules}, {rule.id: rule for rule in new.rules}
    for id in before:
        if id not in after:
            yield Difference("removed", f"rule ‘{id}’", str(before[id].action))
    order = [id for id in before if id in after]
    place = {id: number for number, id in enumerate(order)}
    reached = -1
    for id, rule in after.items():
        if id not in before:
            yield Difference("added", f"rule ‘{id}’", f"{rule.action}: {rule.reason}")
            continue
        if changes := "; ".join(_changes(before[id], rule)):
            yield Difference("changed", f"rule ‘{id}’", changes)
        if place[id] < reached:
            yield Difference("moved", f"rule ‘{id}’", "it stands behind rules that it stood before")
        reached = max(reached, place[id])


def _changes(old: RuleEntry, new: RuleEntry) -> Iterator[str]:
    before, after = _flat(_plain(old)), _flat(_plain(new))
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) != after.get(name):
            yield f"{name} {_told(before.get(name), after.get(name))}"


def _flat(members: Mapping[str, Any], within: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in members.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{within}{name}.")
        else:
            found[f"{within}{name}"] = value
    return found


def _plain(section: PolicyFile | RuleEntry) -> dict[str, Any]:
    return section.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _told(old: Any, new: Any) -> str:
    if isinstance(old, list) and isinstance(new, list):
        added = [f"+{each}" for each in new if each not in old]
        gone = [f"-{each}" for each in old if each not in new]
        return " ".join([*added, *gone]) or "in another order"
    return f"{_value(old)} → {_value(new)}"


def _value(value: Any) -> str:
    if value is None:
        return "(default)"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
