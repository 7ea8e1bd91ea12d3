from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.samples.reviewing import Installation, event
from tests.samples.reviewing import installation as new_installation

from promptguard.model import Event


@pytest.fixture
def make_event() -> Callable[..., Event]:
    return event


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with new_installation(tmp_path) as made:
        yield made
