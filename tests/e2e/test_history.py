"""A conversation goes on after a block: what was blocked comes back as history and is redacted there."""

from __future__ import annotations

import random
import re
from typing import Any

import anthropic
import openai
import pytest
from support.values import aws_key, email
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


@pytest.mark.parametrize("service", ["openai", "anthropic"])
def test_the_text_of_the_notice_is_sent_instead(behind_proxy: PromptGuardProcess, watch: Watch, service: str) -> None:
    """As it stands there, in a new conversation and behind the notice: byte by byte, and nothing is put back for it."""
    value, mail = aws_key(random.Random(105)), email(105)
    asked = f"My key is aws_access_key_id = {value}, and `psql` fails.\n\n```sh\npsql\n```\nWhy? Tell {mail}."

    def ask(*turns: Any) -> str:
        if service == "openai":
            completion = openai.OpenAI(api_key="stand-in").chat.completions.create(model="gpt-5", messages=list(turns))
            return completion.choices[0].message.content or ""
        client = anthropic.Anthropic(api_key="stand-in")
        message = client.messages.create(model="claude-stand-in", max_tokens=99, messages=list(turns))
        return getattr(message.content[0], "text", "")

    assert ask({"role": "user", "content": f"Write to {mail}"}) == f"You wrote: Write to {mail}"  # it is known now
    with pytest.raises((openai.BadRequestError, anthropic.BadRequestError)) as caught:
        ask({"role": "user", "content": asked})
    notice = caught.value.response.json()["error"]["message"]
    offered = re.search(r"\n(`{4})\n(.+)\n\1\Z", notice, re.DOTALL)
    assert offered, notice
    pasted = offered[2]
    assert pasted == asked.replace(value, "[AWS_ACCESS_KEY]").replace(mail, "[EMAIL_ADDRESS]")
    first, said = {"role": "user", "content": asked}, {"role": "assistant", "content": notice}
    for before in ([], [first, said], [{"role": "user", "content": "Hello"}, said]):
        arrived = len(watch.requests)
        assert ask(*before, {"role": "user", "content": pasted}) == f"You wrote: {pasted}"
        (sent,) = watch.requests[arrived:]
        assert value.encode() not in sent.body and mail.encode() not in sent.body
        assert sent.json()["messages"][len(before[:1]) :] == [*before[1:], {"role": "user", "content": pasted}]


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
