"""Checks that a recognizer names in YAML (`validator: luhn`) to confirm what its regex matched.

A validator gets the matched text (of the group `value` where the regex has one) and answers in Presidio's terms
(`PatternRecognizer.validate_result`), extended by a score: True is certainty (score 1.0), False drops the match, a
float replaces the pattern's score, and None leaves it.

Validators of one family stand in a module of their own beside this one; `load_validators` imports them all.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable

from promptguard.detectors import validators

type Validator = Callable[[str], float | bool | None]

VALIDATORS: dict[str, Validator] = {}
"""Every registered check by the name that YAML uses."""

SHORTER: dict[Validator, Callable[[str], int]] = {}
"""For checks that drop a match for what its end took in: how many characters of it are one that passes, 0 if none."""


def validator(name: str, shorter: Callable[[str], int] | None = None) -> Callable[[Validator], Validator]:
    """Register a check under the name that recognizers use for it.

    Args:
        name: what YAML calls it.
        shorter: see `SHORTER`.

    Raises:
        ValueError: the name is taken.
    """

    def register(check: Validator) -> Validator:
        if name in VALIDATORS:
            raise ValueError(f"two validators are called {name!r}")
        VALIDATORS[name] = check
        if shorter is not None:
            SHORTER[check] = shorter
        return check

    return register


@functools.cache
def load_validators() -> dict[str, Validator]:
    """All validators, those of the modules in this folder included."""
    for module in pkgutil.iter_modules(validators.__path__, f"{validators.__name__}."):
        importlib.import_module(module.name)
    return VALIDATORS
