from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.interface import ExpansionBudget, Obfuscation
from promptguard.detectors.deobfuscation.view import rewrite
from promptguard.detectors.deobfuscation.views import prefilters

type Read = Callable[[Obfuscation, str], str | None]


@pytest.fixture
def read() -> Read:
    """How a text reads with one obfuscation taken off; None where there is nothing of the kind in it."""

    def reading(obfuscation: Obfuscation, text: str) -> str | None:
        hits = prefilters()(text).get(obfuscation.name)
        if not hits:
            return None
        view = rewrite(text, obfuscation.find(text, hits, ExpansionBudget(1_000_000)), obfuscation.stage.confidence)
        return view.text if view else None

    return reading
