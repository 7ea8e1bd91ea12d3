from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.detectors.names.inference_server.servers import Answering, Network

from promptguard.detectors.names.inference_server.checking import check_server
from promptguard.detectors.names.inference_server.errors import ServerAway
from promptguard.detectors.names.inference_server.options import ServerOptions
from promptguard.detectors.names.inference_server.tensors import MODEL


def options(answering: Answering) -> ServerOptions:
    return ServerOptions(answering.url, MODEL, 10.0, None, local_fallback=True)


def test_a_server_with_these_weights(answering: Answering, network: Network) -> None:
    answering.network = network
    assert check_server(options(answering)) > 0


def renamed(metadata: dict[str, Any]) -> None:
    metadata["outputs"][0]["name"] = "judgements_000000000000"


def without_outputs(metadata: dict[str, Any]) -> None:
    del metadata["outputs"]


def one_more_input(metadata: dict[str, Any]) -> None:
    metadata["inputs"].append({"name": "attention_mask", "datatype": "INT64", "shape": [-1, -1]})


def of_other_type(metadata: dict[str, Any]) -> None:
    metadata["inputs"][0]["datatype"] = "INT32"


def flat(metadata: dict[str, Any]) -> None:
    metadata["inputs"][0]["shape"] = [-1]


def all_labels(metadata: dict[str, Any]) -> None:
    metadata["outputs"][0]["shape"] = [-1, -1, 35]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (renamed, "judgements_000000000000 in place of judgements_"),
        (without_outputs, "the outputs none in place of"),
        (one_more_input, "input_ids, attention_mask in place of input_ids"),
        (of_other_type, "input_ids is not INT64"),
        (flat, "with 2 dimensions"),
        (all_labels, "35 numbers"),
        (lambda _: None, "does not find the names"),  # the server finds nothing in any text
    ],
)
def test_another_model(
    answering: Answering, monkeypatch: pytest.MonkeyPatch, change: Callable[[dict[str, Any]], None], told: str
) -> None:
    metadata = answering.metadata()
    change(metadata)
    monkeypatch.setattr(answering, "metadata", lambda: metadata)
    with pytest.raises(ServerAway, match=told) as caught:
        check_server(options(answering))
    assert "promptguard names export" in str(caught.value)


def test_a_server_that_is_not_ready(answering: Answering) -> None:
    answering.status = 503
    with pytest.raises(ServerAway, match="status 503"):
        check_server(options(answering))
