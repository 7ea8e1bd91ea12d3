from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from tests.detectors.names.inference_server.servers import Network

from promptguard.detectors.names.inference_server import graph
from promptguard.detectors.names.inference_server.graph import Precision, served_graph
from promptguard.detectors.names.inference_server.judge import ServedRampart
from promptguard.detectors.names.inference_server.tensors import INPUT, OUTPUT, PADDING, filled, judged
from promptguard.detectors.names.rampart import Rampart
from promptguard.detectors.names.rampart_tokens import RampartVocabulary
from promptguard.detectors.names.weights import load_weights, model_folder

TEXTS = [
    "Please write to Jane Roe, 12 Example Street, Springfield, about the invoice of last week.",
    "Zoë",
    "A [PAD] in a text is a word like [CLS] and [SEP].",
    "",
    "We met Bob Miller in Salem. " * 60,
]


def test_it_judges_as_the_model_does_here_however_windows_are_filled_up(network: Network) -> None:
    def judge(windows: object) -> object:
        return judged(network(filled(windows)), windows)  # type: ignore[arg-type]

    vocabulary = RampartVocabulary(model_folder())
    words = ServedRampart(vocabulary, judge).words(TEXTS)  # type: ignore[arg-type]
    here = Rampart()
    for text in TEXTS:
        for served, local in zip(words[text], here.words(text), strict=True):
            assert (served.start, served.end, served.label) == (local.start, local.end, local.label)
            assert served.person == pytest.approx(local.person, abs=1e-4)
            assert served.location == pytest.approx(local.location, abs=1e-4)


def test_what_fills_a_window_up_changes_nothing(network: Network) -> None:
    window = [101, 3198, 2003, 8183, 2063, 102]
    alone = network(np.array([window], dtype=np.int64))
    among = network(np.array([window + [PADDING] * 90, list(range(2000, 2096))], dtype=np.int64))
    assert np.allclose(alone[0], among[0, : len(window)], atol=1e-5)


def test_in_8_bits_it_has_the_same_inputs_and_outputs(requantised: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph, "requantise", lambda _: load_weights(model_folder(), requantised))
    content = served_graph(model_folder(), Precision.INT8)
    operators = {node.op_type for node in onnx.load_from_string(content).graph.node}
    assert "MatMulInteger" in operators
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    assert [(each.name, each.type) for each in session.get_inputs()] == [(INPUT, "tensor(int64)")]
    assert [(each.name, each.type) for each in session.get_outputs()] == [(OUTPUT, "tensor(float)")]


def test_in_32_bits_it_needs_no_operators_but_those_of_onnx() -> None:
    model = onnx.load_from_string(served_graph(model_folder(), Precision.FLOAT32))
    assert {node.domain for node in model.graph.node} == {""}
