"""All detectors: every `DetectorFactory` in the `detector.py` of a folder beside this file."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from promptguard import detectors
from promptguard.detectors.interface import Detector, DetectorContext, DetectorFactory
from promptguard.detectors.recognizers.allow_list import FILE_NAMES
from promptguard.detectors.recognizers.loading import RecognizerSet
from promptguard.discovery import defined_in, detector_modules
from promptguard.errors import ConfigError
from promptguard.typed_yaml.mistakes import suggestion


@functools.cache
def factories() -> tuple[DetectorFactory, ...]:
    """In the order of their ids: findings do not depend on it.

    Raises:
        ValueError: two have one id.
    """
    return checked(each for module in detector_modules(detectors) for each in defined_in(module, DetectorFactory))


def entity_types(recognizers: RecognizerSet) -> frozenset[str]:
    """All that detectors may report with these recognizers, whether or not they are switched on."""
    named = {kind for each in recognizers.recognizers for kind in each.recognizer.supported_entities}
    return frozenset(named).union(*(factory.entity_types for factory in factories()))


def idle_allowances(recognizers: RecognizerSet) -> Iterator[ConfigError]:
    """Items of the allow list for entity types that nothing finds."""
    there_are = entity_types(recognizers)
    for each in recognizers.allow_list.allowances:
        for kind in sorted(each.entity_types - there_are):
            file, line = each.place or (Path(FILE_NAMES[0]), None)
            remedy = suggestion(kind, sorted(there_are), noun="entity types")
            yield ConfigError(file, line, f"no recognizer that is on finds ‘{kind}’, so this allows nothing", remedy)


def checked(found: Iterable[DetectorFactory]) -> tuple[DetectorFactory, ...]:
    """`found` in order.

    Raises:
        ValueError: two have one id.
    """
    ordered = sorted(found, key=lambda each: each.id)
    ids = [each.id for each in ordered]
    if len(set(ids)) < len(ids):
        raise ValueError(f"two detectors have one id: {', '.join(ids)}")
    return tuple(ordered)


def create_detectors(
    context: DetectorContext, running: Iterable[Detector] = (), *, left_out: Collection[str] = ()
) -> list[Detector]:
    """The detectors of a configuration.

    Args:
        context: what they are made of.
        running: detectors of the configuration before, of which those that last are taken over.
        left_out: ids of detectors that are not wanted.
    """
    lasting = {each.id: each for each in running if each.lasting}
    made = (lasting.get(each.id) or each.create(context) for each in factories() if each.id not in left_out)
    return [each for each in made if each is not None]
