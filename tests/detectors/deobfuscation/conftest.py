from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.interface import Disguise, Room
from promptguard.detectors.deobfuscation.view import rewrite
from promptguard.detectors.deobfuscation.views import gates

type Read = Callable[[Disguise, str], str | None]


@pytest.fixture
def read() -> Read:
    """How a text reads with one disguise taken off; None where there is nothing of the kind in it."""

    def reading(disguise: Disguise, text: str) -> str | None:
        hits = gates()(text).get(disguise.name)
        if not hits:
            return None
        view = rewrite(text, disguise.find(text, hits, Room(1_000_000)), disguise.reading)
        return view.text if view else None

    return reading
