import orjson
import pytest

from promptguard.proxy.fallback_answers import too_large_problem, unavailable_answer
from promptguard.reasons import Code, Reason


def test_without_a_guard_the_answer_reads_in_most_clients() -> None:
    answer = unavailable_answer(Reason(Code.START_PENDING))
    body = orjson.loads(answer.body)
    assert (answer.status, answer.headers["x-should-retry"], body["type"]) == (400, "false", "error")
    assert "Nothing was sent" in body["error"]["message"]
    assert "start.pending" in body["error"]["message"]


@pytest.mark.parametrize(("limit", "shown"), [(10 * 1024 * 1024, "megabytes=10"), (1024 * 1024 // 2, "megabytes=0.5")])
def test_too_large_names_the_limit(limit: int, shown: str) -> None:
    assert shown in str(too_large_problem(limit))
