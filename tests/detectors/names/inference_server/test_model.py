from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from tests.detectors.names.inference_server.servers import Answering, Network

from promptguard.detectors.names.inference_server.breaker import CircuitBreaker
from promptguard.detectors.names.inference_server.client import InferenceClient
from promptguard.detectors.names.inference_server.errors import ServerAway
from promptguard.detectors.names.inference_server.judge import ServedRampart
from promptguard.detectors.names.inference_server.model import ServedNames
from promptguard.detectors.names.inference_server.report import ServerReport
from promptguard.detectors.names.inference_server.tensors import MODEL
from promptguard.detectors.names.model_kinds import ModelKind
from promptguard.detectors.names.models import NamesModel
from promptguard.detectors.names.rampart_tokens import Judgements, RampartVocabulary
from promptguard.detectors.names.weights import model_folder

TEXTS = [
    "My name is Jane Roe and I live at 12 Example Street, Springfield, IL 62704.",
    "There is nothing to see here.",
    "😊Zenobia Quillfeather😊 wrote **Bob Miller** about it.",
    "",
    "We met Bob Miller in Salem on Monday. " * 20,
]


@pytest.fixture(scope="module")
def vocabulary() -> RampartVocabulary:
    return RampartVocabulary(model_folder())


@pytest.fixture(scope="module")
def local() -> NamesModel:
    return NamesModel(model=ModelKind.RAMPART)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Served:
    """A model on a server, and what becomes of it."""

    def __init__(self, answering: Answering, vocabulary: RampartVocabulary, local: NamesModel | None) -> None:
        self.clock = Clock()
        self.loaded = 0
        client = InferenceClient(answering.url, MODEL, 10.0)

        def load() -> NamesModel:
            assert local is not None
            self.loaded += 1
            return local

        server = ServedRampart(vocabulary, client.judge)
        self.model = ServedNames(server, CircuitBreaker(30, self.clock), load if local else None)

    @property
    def report(self) -> ServerReport:
        return ServerReport(*self.model.report())


def test_the_server_finds_what_is_found_here(
    answering: Answering, network: Network, vocabulary: RampartVocabulary, local: NamesModel
) -> None:
    answering.network = network
    served = Served(answering, vocabulary, local)
    assert served.model.find_all(TEXTS) == local.find_all(TEXTS)
    assert [served.model.find(text) for text in TEXTS] == local.find_all(TEXTS)
    assert served.loaded == 0
    assert answering.asked[0]["inputs"][0]["shape"][0] > 5  # all of it in one request


def test_common_words_are_not_sent(answering: Answering, vocabulary: RampartVocabulary) -> None:
    assert Served(answering, vocabulary, None).model.find_all(["There is nothing to see here.", ""]) == [[], []]
    assert answering.asked == []


def test_where_it_fails_it_is_done_here_until_it_answers_again(
    answering: Answering, network: Network, vocabulary: RampartVocabulary, local: NamesModel
) -> None:
    served = Served(answering, vocabulary, local)
    answering.network, answering.status = network, 503
    expected = local.find_all(TEXTS)
    for _ in range(3):
        assert served.model.find_all(TEXTS) == expected
    assert len(answering.asked) == 1
    assert served.loaded == 1
    report = served.report
    assert (report.answered, report.failed, report.fallback, report.open) == (0, 1, 9, 1)
    answering.status = 200
    served.clock.now += 1
    assert served.model.find_all(TEXTS) == expected
    report = served.report
    assert (report.answered, report.failed, report.fallback, report.open) == (1, 1, 9, 0)
    assert report.seconds > 0


def test_where_nothing_is_to_take_its_place_it_fails(answering: Answering, vocabulary: RampartVocabulary) -> None:
    served = Served(answering, vocabulary, None)
    answering.status = 500
    for told in ("status 500", "it did not answer before"):
        with pytest.raises(ServerAway, match=told) as caught:
            served.model.find_all(TEXTS)
        assert "Jane" not in str(caught.value)
    assert len(answering.asked) == 2


def test_where_nothing_is_to_take_its_place_it_is_asked_once_more(
    answering: Answering, network: Network, vocabulary: RampartVocabulary, local: NamesModel
) -> None:
    served = Served(answering, vocabulary, None)
    answering.network, answering.hang_up = network, 1
    assert served.model.find_all(TEXTS) == local.find_all(TEXTS)
    assert (served.report.answered, served.report.failed, served.report.open) == (1, 1, 0)


def test_an_error_of_another_kind_does_not_end_it(vocabulary: RampartVocabulary) -> None:
    errors: list[Exception] = [RuntimeError("one of ours")]

    def judge(windows: Sequence[Sequence[int]]) -> list[Judgements]:
        if errors:
            raise errors.pop()
        return [np.zeros((len(window) - 2, 3), dtype=np.float32) for window in windows]

    clock = Clock()
    model = ServedNames(ServedRampart(vocabulary, judge), CircuitBreaker(30, clock), None)
    with pytest.raises(RuntimeError):
        model.find(TEXTS[0])
    clock.now += 1
    model.find(TEXTS[0])
    assert ServerReport(*model.report()).open == 0
