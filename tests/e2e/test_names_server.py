"""Names judged on a server: what it is sent, what leaves, and what happens when it goes away."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from support.watch import Watch
from support.wire import Answered, exchange, request_bytes
from tests.detectors.names.inference_server.servers import Network, serving

from promptguard.demo.proxy_process import PromptGuardProcess
from promptguard.detectors.names.inference_server.tensors import JUDGED
from promptguard.detectors.names.rampart_tokens import RampartVocabulary
from promptguard.detectors.names.weights import model_folder
from promptguard.runtime.record import open_record

pytestmark = pytest.mark.skipif(find_spec("tokenizers") is None, reason="the extra `rampart` is not installed")


def send(proxy: PromptGuardProcess, text: str) -> Answered:
    content = json.dumps({"messages": [{"role": "user", "content": text}]}).encode()
    return exchange(proxy.port, proxy.authority, request_bytes(content))


def knowing(name: str) -> Network:
    """In place of the network, which takes seconds to load: the tokens of one name are those of a person."""
    vocabulary = RampartVocabulary(model_folder())
    known = vocabulary.read(name).ids
    label = vocabulary.labels.index("SURNAME")

    def judge(ids: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        judged = np.zeros((*ids.shape, JUDGED), dtype=np.float32)
        judged[np.isin(ids, known)] = [0.99, 0.0, label]
        return judged

    return judge


def test_it_is_sent_numbers_and_without_it_nothing_leaves_where_it_is_to_be_refused(
    start_proxy: Callable[..., PromptGuardProcess], watch: Watch
) -> None:
    with serving() as server:
        server.network = knowing("Hannah Lindqvist")
        names: dict[str, Any] = {
            "model": "rampart",
            "workers": 1,
            "server": {"url": server.url, "fallback": "refuse", "timeout_ms": 30_000},
        }
        proxy = start_proxy({"names": names})
        assert send(proxy, "Ask Hannah Lindqvist about the early draft.").status == 200
        assert b"Lindqvist" not in watch.one.body
        asked = json.dumps(server.asked)
        assert "Lindqvist" not in asked
        assert all(isinstance(number, int) for question in server.asked for number in question["inputs"][0]["data"])

        server.status = 503
        answer = send(proxy, "Ask Oscar Blomgren about the late draft.")
        assert answer.status == 400
        assert "names did not answer" in json.loads(answer.body)["error"]["message"]
        assert len(watch.requests) == 1
        with open_record(proxy.config, proxy.data) as reader:
            decisions = [json.loads(line) for line in reader.export("jsonl", since=None, until=None, actions=())]
        assert [each["inspection"] for each in decisions] == ["inspected", "not_inspected"]
        assert "names.server_away" in json.dumps(decisions[1])
        assert "Blomgren" not in json.dumps(decisions)
