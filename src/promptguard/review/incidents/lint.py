"""Names in `incidents.yaml` that nothing has: an entry of `opened_by` that waits for one never opens anything."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from promptguard.review.incidents.kinds import IncidentsFile
from promptguard.typed_yaml.mistakes import suggestion


class UnknownName(NamedTuple):
    """A name that nothing has, at a place of the file."""

    place: tuple[str | int, ...]
    problem: str
    remedy: str


def unknown_names(
    file: IncidentsFile,
    *,
    rules: Collection[str],
    destinations: Collection[str],
    entity_types: Collection[str] | None = None,
) -> Iterator[UnknownName]:
    """The names that are not among the known ones.

    Args:
        entity_types: all that can be found; None where that is not known, and then not checked.
    """
    known = {"rules": rules, "destinations": destinations}
    if entity_types is not None:
        known["entity_types"] = entity_types
    for index, kind in enumerate(file.kinds):
        for number, opening in enumerate(kind.opened_by):
            place = ("kinds", index, "opened_by", number)
            for key, names in known.items():
                yield from (
                    _unknown((*place, key), each, names, key) for each in getattr(opening, key) if each not in names
                )
    types = file.rotation if entity_types is None else entity_types
    yield from (
        _unknown(("rotation", each), each, types, "entity_types") for each in file.rotation if each not in types
    )


_NOUNS = {"rules": "rules", "destinations": "services", "entity_types": "entity types"}


def _unknown(place: tuple[str | int, ...], name: str, names: Collection[str], key: str) -> UnknownName:
    noun = _NOUNS[key]
    return UnknownName(place, f"there is no ‘{name}’ among the {noun}", suggestion(name, sorted(names), noun=noun))
