import pytest

from promptguard.errors import ConfigError


@pytest.mark.parametrize(
    ("line", "text"),
    [(7, "policy.yaml:7: wrong\n  right"), (None, "policy.yaml: wrong\n  right")],
)
def test_a_mistake_says_where_what_and_what_would_be_right(line: int | None, text: str) -> None:
    error = ConfigError("policy.yaml", line, "wrong", "right")
    assert str(error) == text
    assert (error.file.name, error.line, error.problem, error.remedy) == ("policy.yaml", line, "wrong", "right")
