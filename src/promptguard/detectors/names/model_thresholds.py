"""How probable each model must hold a name before it counts, by what else speaks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from promptguard.detectors.names.model_kinds import ModelKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelThresholds:
    """The least probabilities, from 0 to 1, of the surest word of a name or a place."""

    capitalised: float
    """For what is written like a name, or stands in a text without any capital letter, and is in no list."""
    plain: float
    """For a word in lower case, or an acronym, in a text that does use capitals. The models see little of that: the
    vocabulary of Rampart is uncased."""
    full_name: float = 0.015
    """For a given name and a surname, both in the lists."""
    given_name: float
    surname: float
    given_name_in_lower_case: float
    short_name_in_lower_case: float = 0.9
    """For one of up to three letters: `lux`, `eta`."""
    given_name_and_word: float
    """For `Rose` or `Mark`."""
    common_word: float
    common_words: float = 0.7
    """For several words, all of them common."""
    after_title: float = 0.1
    surname_after_title: float = 0.01
    place_capitalised: float
    """For a place that is written like a name, or stands in a text without any capital letter."""
    place_plain: float
    """For a place in lower case, or an acronym, in a text that does use capitals."""
    place_unlisted: float = 0.7
    """For a single word with a capital that the gazetteer does not know: the first word of a sentence, a label."""


THRESHOLDS: Final[Mapping[ModelKind, ModelThresholds]] = MappingProxyType(
    {
        ModelKind.COMPACT: ModelThresholds(
            capitalised=0.58,
            plain=0.985,
            given_name=0.04,
            surname=0.15,
            given_name_in_lower_case=0.5,
            given_name_and_word=0.6,
            common_word=0.9,
            place_capitalised=0.15,
            place_plain=0.95,
        ),
        ModelKind.RAMPART: ModelThresholds(
            capitalised=0.6,
            plain=0.96,
            given_name=0.02,
            surname=0.1,
            given_name_in_lower_case=0.2,
            given_name_and_word=0.2,
            common_word=0.93,
            place_capitalised=0.15,
            place_plain=0.9,
        ),
    }
)
"""From searches over labelled template prompts and texts (what is found) and clean prompts (alarms). Beyond the values
chosen, alarms grow faster than what is found, or the other way round."""
