"""Fills in the scripts of the kit, which are files of their own in `templates/`."""

from __future__ import annotations

import re
from importlib.resources import files

_PLACE = re.compile(r"@@([A-Z0-9_]+)@@")


def filled(name: str, values: dict[str, str]) -> str:
    """A template with its places `@@NAME@@` filled.

    Raises:
        KeyError: there is no value for a place.
    """
    text = (files("promptguard.rollout.kit") / "templates" / name).read_text("utf-8")
    return _PLACE.sub(lambda match: values[match[1]], text)
