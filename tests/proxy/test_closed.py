import orjson
import pytest

from promptguard.proxy.closed import too_large_problem, unavailable_answer


def test_without_a_guard_the_answer_reads_in_most_clients() -> None:
    answer = unavailable_answer("PromptGuard is still starting.")
    body = orjson.loads(answer.body)
    assert (answer.status, answer.headers["x-should-retry"], body["type"]) == (400, "false", "error")
    assert "Nothing was sent" in body["error"]["message"]
    assert "still starting" in body["error"]["message"]


@pytest.mark.parametrize(("limit", "shown"), [(10 * 1024 * 1024, "(10 MB)"), (1024 * 1024 // 2, "(0.5 MB)")])
def test_too_large_names_the_limit(limit: int, shown: str) -> None:
    assert shown in too_large_problem(limit)
