from __future__ import annotations

from typing import Any

import pytest

from promptguard.wire.formats.generic import Generic

FORMAT = Generic()


@pytest.mark.parametrize(
    "body", [{"q": "Hello"}, ["Hello"], {"messages": "Hello"}, {"messages": [{"content": "Hello"}]}]
)
def test_all_is_the_users_and_new(voices: Any, body: Any) -> None:
    assert voices(FORMAT, body)["Hello"] == ("user", "new")


def test_conversations_are_recognised(voices: Any) -> None:
    roles = [("system", "Be kind."), ("user", "Hi"), ("assistant", "Good day"), ("user", "Weather?")]
    found = voices(FORMAT, {"messages": [{"role": role, "content": text} for role, text in roles]})
    assert found["Be kind."] == ("system", "history")
    assert found["Good day"] == ("assistant", "history")
    assert found["Weather?"] == ("user", "new")


def test_json_source_in_variables(voices: Any) -> None:
    body = {"queryName": "send", "variables": '{"message":{"sensitive_string_value":"Hello"}}'}
    assert voices(FORMAT, body)["Hello"] == ("user", "new")
