"""A conversation goes on after a block: what was blocked comes back as history and is redacted there."""

from __future__ import annotations

import random
from typing import Any

import anthropic
import openai
import pytest
from support.values import aws_key
from support.watch import Watch

from promptguard.demo.proxy_process import PromptGuardProcess


@pytest.mark.parametrize("seed", [101, 102])
def test_blocked_text_is_redacted_in_an_older_turn(behind_proxy: PromptGuardProcess, watch: Watch, seed: int) -> None:
    client = openai.OpenAI(api_key="stand-in")
    value = aws_key(random.Random(seed))
    turns: list[Any] = [{"role": "user", "content": f"aws_access_key_id = {value}, what is wrong?"}]
    with pytest.raises(openai.BadRequestError):
        client.chat.completions.create(model="gpt-5", messages=turns)
    turns += [
        {"role": "assistant", "content": "That message was stopped."},
        {"role": "user", "content": "Then explain access keys in general."},
    ]
    answer = client.chat.completions.create(model="gpt-5", messages=turns)
    sent = watch.one
    assert value.encode() not in sent.body
    assert sent.json()["messages"][1:] == turns[1:]
    assert answer.choices[0].message.content == "You wrote: Then explain access keys in general."


def test_value_in_the_newest_turn_is_blocked_again(behind_proxy: PromptGuardProcess, watch: Watch) -> None:
    client = anthropic.Anthropic(api_key="stand-in")
    value = aws_key(random.Random(103))
    turns: list[Any] = [{"role": "user", "content": f"aws_access_key_id = {value}"}]
    for _ in range(2):
        with pytest.raises(anthropic.BadRequestError):
            client.messages.create(model="claude-stand-in", max_tokens=99, messages=turns)
        turns += [{"role": "assistant", "content": "Stopped."}, {"role": "user", "content": f"Again: {value}"}]
    assert watch.requests == []


def test_value_that_was_never_blocked_is_no_history(behind_proxy: PromptGuardProcess, watch: Watch) -> None:
    """Claiming that a secret is an old one does not lead around the block."""
    client = anthropic.Anthropic(api_key="stand-in")
    turns: list[Any] = [
        {"role": "user", "content": f"aws_access_key_id = {aws_key(random.Random(104))}"},
        {"role": "assistant", "content": "I see."},
        {"role": "user", "content": "Go on."},
    ]
    with pytest.raises(anthropic.BadRequestError):
        client.messages.create(model="claude-stand-in", max_tokens=99, messages=turns)
    assert watch.requests == []
