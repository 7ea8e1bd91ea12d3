"""All obfuscations that are undone: every `Obfuscation` that a module of this folder defines."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable

from promptguard.detectors import deobfuscation
from promptguard.detectors.deobfuscation.interface import Obfuscation, Stage
from promptguard.discovery import defined_in, modules_of


@functools.cache
def obfuscations() -> tuple[Obfuscation, ...]:
    """In the order of their stages, and within one of their names.

    Raises:
        ValueError: two have one name, or two stages of one order differ in their confidence.
    """
    return checked([each for module in modules_of(deobfuscation) for each in defined_in(module, Obfuscation)])


def checked(found: Iterable[Obfuscation]) -> tuple[Obfuscation, ...]:
    """`found` in order, each once: a module may import what another defines.

    Raises:
        ValueError: see `obfuscations`.
    """
    distinct = {id(each): each for each in found}
    ordered = sorted(distinct.values(), key=lambda each: (each.stage.order, each.name))
    names = [each.name for each in ordered]
    if len(set(names)) < len(names):
        raise ValueError(f"two obfuscations have one name: {', '.join(sorted(names))}")
    for before, after in itertools.pairwise(ordered):
        if before.stage.order == after.stage.order and before.stage != after.stage:
            raise ValueError(f"{before.name!r} and {after.name!r} are undone in one view with different confidence")
    return tuple(ordered)


@functools.cache
def stages() -> tuple[tuple[Stage, tuple[Obfuscation, ...]], ...]:
    """The stages in their order, each with what is undone in it."""
    return tuple((stage, tuple(group)) for stage, group in itertools.groupby(obfuscations(), lambda each: each.stage))


@functools.cache
def telling_kinds() -> frozenset[str]:
    """See `Obfuscation.telling`."""
    return frozenset(kind for each in obfuscations() for kind in each.telling)
