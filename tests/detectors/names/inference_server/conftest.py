from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
import pytest
from tests.detectors.names.inference_server.servers import Answering, Network, serving

from promptguard.detectors.names.inference_server.graph import Precision, served_graph
from promptguard.detectors.names.inference_server.tensors import INPUT
from promptguard.detectors.names.weights import model_folder


@pytest.fixture(scope="session")
def network() -> Network:
    """What a server runs, run here."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    content = served_graph(model_folder(), Precision.FLOAT32)
    session: Any = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])

    def run(ids: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        (judged,) = session.run(None, {INPUT: ids})
        return np.asarray(judged, dtype=np.float32)

    return run


@pytest.fixture
def answering() -> Iterator[Answering]:
    """A server that finds nothing."""
    with serving() as running:
        yield running
