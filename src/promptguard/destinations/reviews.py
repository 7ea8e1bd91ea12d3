"""Which services somebody should look at again: overdue reviews, and what the registry does not say of a service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from typing import Final

from promptguard.destinations.hosts import an_instance
from promptguard.destinations.registry import Registry
from promptguard.model import Destination, Status

MAX_HOSTS: Final = 60
"""Hosts and patterns of one service; one with more is several services, or lists what nobody looks at."""

_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Reviews:
    """How the reviews stand on a day."""

    overdue: tuple[Destination, ...]
    """Those whose date is past, the oldest first."""
    undated: tuple[Destination, ...]
    """Those that have no date at all."""

    def sentence(self) -> str:
        """One line for people; empty where nothing is overdue and every review has a date."""
        parts = []
        if self.overdue:
            parts.append(f"{_counted(self.overdue, 'is', 'are')} overdue: {_ids(self.overdue)}")
        if self.undated:
            parts.append(f"{_counted(self.undated, 'has', 'have')} no date: {_ids(self.undated)}")
        return "; ".join(parts)


def reviews(destinations: Iterable[Destination], today: date) -> Reviews:
    """The reviews that are overdue: `review_due` is before today."""
    every = tuple(each for each in destinations if each.enabled)
    dated = [(due, each) for each in every if (due := each.review_due) is not None]
    past = sorted(((due, each) for due, each in dated if due < today.isoformat()), key=lambda pair: pair[0])
    return Reviews(tuple(each for _, each in past), tuple(each for each in every if each.review_due is None))


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to look at in the registry."""

    id: str
    problem: str
    is_failure: bool
    """Whether it should be put right; else it is only good to know."""


def remarks(registry: Registry, today: date) -> Iterator[Remark]:
    """What is to be looked at, service by service in the registry's order."""
    standing = reviews(registry.destinations, today)
    overdue = {each.id for each in standing.overdue}
    for each in registry.destinations:
        if not each.enabled:
            yield from _switched_off(registry, each)
            continue
        if each.id in overdue:
            yield Remark(each.id, f"its review was due on {each.review_due}", True)
        if each.review_due is None:
            yield Remark(each.id, "its next review has no date", True)
        yield from _hosts(registry, each)
        if each.owner is None:
            yield Remark(each.id, "nobody is named who answers for it", False)
        if not any(astuple(each.data_handling.references)) and each.data_handling.agreement is None:
            yield Remark(each.id, "there is no reference on training, retention, region or contract", False)
        if unsaid := _unsaid(each):
            yield Remark(each.id, f"it is approved, and nobody has said of its provider: {', '.join(unsaid)}", False)


def switched_off(registry: Registry) -> str:
    """The services that are switched off, as one line for people; empty where there are none."""
    off = [each for each in registry.destinations if not each.enabled]
    if not off:
        return ""
    services = "1 AI service is" if len(off) == 1 else f"{len(off)} AI services are"
    return f"{services} switched off, with hosts that pass undecrypted: {_ids(off)}"


def led_to(registry: Registry, destination: Destination) -> str:
    """What is wrong where alternatives lead to a service; empty where it is inspected, or none does."""
    naming = [each for each in registry.destinations if each.enabled and destination.id in each.alternatives]
    return f"it is switched off, and an alternative to {_ids(naming)}" if naming and not destination.enabled else ""


def _switched_off(registry: Registry, destination: Destination) -> Iterator[Remark]:
    if destination.status is Status.PROHIBITED:
        yield Remark(destination.id, "it is prohibited and passes all the same, as it is switched off", True)
    else:
        yield Remark(destination.id, "it is switched off, and its hosts pass undecrypted", False)
    if told := led_to(registry, destination):
        yield Remark(destination.id, told, True)
    yield from _undecrypted(registry, destination)


def _hosts(registry: Registry, destination: Destination) -> Iterator[Remark]:
    if not destination.hosts and destination.status is Status.PROHIBITED:
        yield Remark(destination.id, "it is prohibited and passes all the same, as no host of it is decrypted", True)
    elif not destination.hosts:
        yield Remark(destination.id, "no host of it is decrypted", False)
    if (count := len(destination.hosts)) > MAX_HOSTS:
        yield Remark(destination.id, f"it has {count} hosts", True)
    for host in destination.hosts:
        found = registry.find_host(an_instance(host))
        if found is None:
            yield Remark(destination.id, f"‘{host}’ is never decrypted", True)
        elif found.id != destination.id:
            yield Remark(destination.id, f"‘{host}’ is overshadowed by a pattern of ‘{found.id}’", True)
    yield from _undecrypted(registry, destination)


def _undecrypted(registry: Registry, destination: Destination) -> Iterator[Remark]:
    for host in destination.undecrypted_hosts:
        if (found := registry.find_host(an_instance(host))) is not None:
            yield Remark(destination.id, f"‘{host}’ is decrypted all the same, as a host of ‘{found.id}’", True)


def _unsaid(destination: Destination) -> list[str]:
    """What is not known of an approved service that rules may ask for (`data_handling`)."""
    if destination.status not in (Status.APPROVED, Status.APPROVED_WITH_LIMITS):
        return []
    facts = destination.data_handling
    known = {
        "trains_on_prompts": facts.trains_on_prompts,
        "retention_days": facts.retention_days,
        "region": facts.region,
        "agreement": facts.agreement,
    }
    return [name for name, value in known.items() if value is None]


def _counted(destinations: Sequence[Destination], of_one: str, of_many: str) -> str:
    verb, plural = (of_one, "") if len(destinations) == 1 else (of_many, "s")
    return f"{len(destinations)} review{plural} of AI services {verb}"


def _ids(destinations: Sequence[Destination]) -> str:
    more = f" and {len(destinations) - _NAMED} more" if len(destinations) > _NAMED else ""
    return ", ".join(each.id for each in destinations[:_NAMED]) + more
