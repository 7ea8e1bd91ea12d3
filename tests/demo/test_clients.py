from __future__ import annotations

import os

import httpx
import pytest

from promptguard.demo import clients
from promptguard.demo.dialects.interface import event


def test_environment_is_set_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_KEPT", "before")
    monkeypatch.delenv("PG_NEW", raising=False)
    with clients.environment({"PG_KEPT": "inside", "PG_NEW": "inside"}):
        assert (os.environ["PG_KEPT"], os.environ["PG_NEW"]) == ("inside", "inside")
    assert os.environ["PG_KEPT"] == "before"
    assert "PG_NEW" not in os.environ


ANSWERS = {
    "/v1/chat/completions": httpx.Response(200, json={"choices": [{"message": {"content": "from OpenAI"}}]}),
    "/v1/messages": httpx.Response(200, json={"content": [{"text": "from Anthropic"}]}),
    "/backend-api/conversation": httpx.Response(
        200,
        content=event("v1", "delta_encoding")
        + event({"p": "/message/content/parts/0", "o": "append", "v": "from "}, "delta")
        + event({"v": "ChatGPT"}, "delta")
        + b"data: [DONE]\n\n",
    ),
}


@pytest.fixture
def without_packages(monkeypatch: pytest.MonkeyPatch) -> list[httpx.Response]:
    """No vendor's package is installed; the answers are given by path, or are the one in the returned list."""
    instead: list[httpx.Response] = []

    def answer(request: httpx.Request) -> httpx.Response:
        return instead[0] if instead else ANSWERS[request.url.path]

    monkeypatch.setattr(clients, "find_spec", lambda name: None)
    monkeypatch.setattr(clients, "_plain_client", lambda: httpx.Client(transport=httpx.MockTransport(answer)))
    return instead


@pytest.mark.parametrize(
    ("maker", "text"),
    [
        (clients.openai_client, "from OpenAI"),
        (clients.anthropic_client, "from Anthropic"),
        (clients.web_chat_client, "from ChatGPT"),
    ],
)
def test_plain_http_takes_the_place_of_a_package(
    without_packages: list[httpx.Response], maker: object, text: str
) -> None:
    assert callable(maker)
    assert maker()("hi").text == text
    without_packages.append(httpx.Response(400, json={"error": {"message": "stopped"}}))
    reaction = maker()("hi")
    assert (reaction.status, reaction.text) == (400, "stopped")
