"""Texts that notices have got since a company changed their file: they are added as shipped, and those changed stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from promptguard.installation.migrations.interface import Migration, Shipped
from promptguard.typed_yaml.editing import YamlText, written
from promptguard.typed_yaml.nodes import parse

_ENGLISH = "notices/en.yaml"


class TextsOfNotices(Migration):
    """Fills up a file from the shipped one of its language, or the English one where none is shipped.

    A text that has become two (about one value, and about several) is both.
    """

    files = "notices/*.yaml"

    def apply(self, path: str, text: YamlText, shipped: Shipped) -> Sequence[str]:
        wanted = parse(shipped(path) or shipped(_ENGLISH) or "") or {}
        if not text.text.strip():
            return []
        own: Any = parse(text.text)
        doubled = [(keys, value) for keys, value in _doubled(own, wanted)]
        for keys, value in doubled:
            text.put(keys, written([value, value]))
        added = 0
        for keys, entries in _missing(own, wanted):
            text.add(keys, {key: written(value) for key, value in entries.items()})
            added += len(entries)
        done = [
            f"`{'.'.join(keys)}` is about one and about several now: it says the same of both" for keys, _ in doubled
        ]
        return [*done, f"{added} texts were added as they are shipped"] if added else done


def _missing(own: Any, wanted: Any, keys: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """By mapping: the values that are not there, and are no mappings themselves."""
    if not isinstance(wanted, dict) or not isinstance(own, dict):
        return
    if leaves := {key: value for key, value in wanted.items() if key not in own and not isinstance(value, dict)}:
        yield keys, leaves
    for key, value in wanted.items():
        if isinstance(value, dict):
            yield from _missing(own.get(key, {}), value, (*keys, key))


def _doubled(own: Any, wanted: Any, keys: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(wanted, dict) and isinstance(own, dict):
        for key in own:
            yield from _doubled(own[key], wanted.get(key), (*keys, key))
    elif isinstance(wanted, list) and len(wanted) == 2 and isinstance(own, str):
        yield keys, own
