import time

import pytest

from promptguard.detectors.names.by_rules import find_by_rules


def test_all_rules() -> None:
    text = "first_name=Tamsin; клиент Анна Кузнецова"
    assert [text[span.start : span.end] for span in find_by_rules(text)] == ["Tamsin", "Анна Кузнецова"]


@pytest.mark.parametrize("piece", ["a_", "A-", "first_name=", "Name\t", "Aa ", "Иван Иванов ", "王先生", "김", "بن "])
def test_time_is_linear(piece: str) -> None:
    started = time.perf_counter()
    find_by_rules(piece * 10_000)
    assert time.perf_counter() - started < 20
