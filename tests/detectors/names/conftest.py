from __future__ import annotations

from pathlib import Path

import pytest

from promptguard.detectors.names.weights import load_weights, model_folder


@pytest.fixture(scope="session")
def requantised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which Rampart's weights have been requantised."""
    folder = tmp_path_factory.mktemp("cache") / "made"
    load_weights(model_folder(), folder)
    return folder
