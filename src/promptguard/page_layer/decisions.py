"""What the layer may ask about: decisions of the last minutes, told to the same person on the same service only."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

MAX_DECISIONS: Final = 512
MAX_TEXT: Final = 16 * 1024
"""Characters of one redacted text; a longer one is not kept."""
TTL_SECONDS: Final = 600.0


@dataclass(frozen=True, slots=True)
class Told:
    """What the layer shows of one decision."""

    id: str
    scope: str
    """Of whom, and of which service: only a page there is told, and only for the same person."""
    text: str
    """The notice. Never a value."""
    redacted: str = field(default="", repr=False)
    """What the person wrote, with placeholders in place of what was found; empty where that cannot be said."""


class Decisions:
    """Keeps them in memory, a bounded number of them, and forgets."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, Told]] = OrderedDict()

    def keep(self, told: Told) -> None:
        """Have a decision ready to be asked about. Its id is 80 random bits."""
        self._forget()
        if len(told.redacted) > MAX_TEXT:
            told = Told(told.id, told.scope, told.text)
        self._kept[told.id] = (self._clock() + TTL_SECONDS, told)
        if len(self._kept) > MAX_DECISIONS:
            self._kept.popitem(last=False)

    def find(self, id: str, scope: str) -> Told | None:
        """The decision of this id, if it was made in this scope."""
        self._forget()
        _, told = self._kept.get(id, (0.0, None))
        return told if told is not None and told.scope == scope else None

    def _forget(self) -> None:
        now = self._clock()
        while self._kept and next(iter(self._kept.values()))[0] <= now:
            self._kept.popitem(last=False)


def asked_by_layer(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a script of a page asks its own origin, as browsers say it (Fetch Metadata, W3C): no other site's, and no
    navigation or element, which would show or run what it gets."""
    return (
        method == "GET"
        and headers.get("sec-fetch-site") == "same-origin"
        and headers.get("sec-fetch-dest") == "empty"
        and headers.get("sec-fetch-mode") in ("cors", "same-origin")
    )
