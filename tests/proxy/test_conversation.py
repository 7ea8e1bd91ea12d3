"""What the service asks for on a WebSocket, and the client answers in the next message."""

from __future__ import annotations

import json
from typing import Any

import pytest
from mitmproxy.websocket import WebSocketMessage
from tests.test_guard import ADA, PASSWORD, bundle, make_guard, patterns  # noqa: F401 - fixtures
from wsproto.frame_protocol import Opcode

from promptguard.model import Request
from promptguard.proxy.conversation import Conversation
from promptguard.proxy.names import Target


def message(from_client: bool, content: Any) -> WebSocketMessage:
    data = content if isinstance(content, str) else json.dumps(content)
    return WebSocketMessage(Opcode.TEXT, from_client, data.encode())


async def talk(guard: Any, said: list[Any], reply: Any, first: Any = None) -> bool:
    """Whether a reply goes on unchanged behind what the service said."""
    destination = guard.rules.registry.find_host("api.openai.com")
    upgrade = Request("GET", "api.openai.com", "/v1/realtime")
    conversation = Conversation(upgrade, Target(destination, "api.openai.com"), ADA)
    if first is not None:
        await conversation.from_client(guard, message(True, first))
    for each in said:
        conversation.from_service(message(False, each))
    answer = message(True, reply)
    before = answer.content
    await conversation.from_client(guard, answer)
    return not answer.dropped and answer.content == before


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        (["What is your password?"], PASSWORD),
        ([{"type": "event", "text": "Sure. What is your password?"}], {"text": PASSWORD}),
        ([{"question": "Please enter the password for the VPN:"}], {"answer": PASSWORD}),
        ([{"content": "hello"}, {"content": "Wie lautet dein Passwort?"}, {"type": "done"}], {"content": PASSWORD}),
        (["Please tell me your PIN?"], {"value": "4711"}),
    ],
)
async def test_a_question_and_its_answer_are_read_together(make_guard: Any, said: list[Any], reply: Any) -> None:  # noqa: F811
    guard = await make_guard()
    assert not await talk(guard, said, reply)
    assert not await talk(guard, said, reply, first={"content": "hello"})


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ([], {"text": PASSWORD}),
        (["What is your name of the project?"], {"text": "gpt-4o-mini"}),
        (["What is your password?"], {"text": "I would rather not say that here, sorry"}),
        (["Your password was changed. How can I help?"], {"text": "Summarise src/main.py:12"}),
        (["\xff" * 10, "{broken?"], {"text": "hello"}),
    ],
)
async def test_other_answers_go_on(make_guard: Any, said: list[Any], reply: Any) -> None:  # noqa: F811
    guard = await make_guard()
    assert await talk(guard, said, reply)
