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
    known = {"rules": rules, "destinations": destinations, "entity_types": entity_types}
    nouns = {"rules": "rules", "destinations": "services", "entity_types": "entity types"}
    for index, kind in enumerate(file.kinds):
        for number, opening in enumerate(kind.opened_by):
            for key, names in known.items():
                for wrong in getattr(opening, key) if names is not None else ():
                    if wrong not in names:
                        place = ("kinds", index, "opened_by", number, key)
                        remedy = suggestion(wrong, sorted(names), noun=nouns[key])
                        yield UnknownName(place, f"there is no ‘{wrong}’ among the {nouns[key]}", remedy)
    for name in sorted(file.rotation) if entity_types is not None else ():
        if name not in entity_types:
            remedy = suggestion(name, sorted(entity_types), noun="entity types")
            yield UnknownName(("rotation", name), f"there is no ‘{name}’ among the entity types", remedy)
