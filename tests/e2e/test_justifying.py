"""A request is held for a reason, and goes on once one is given in the next message: with real clients."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anthropic
import openai
import pytest
from support.values import aws_key, email
from support.watch import Watch

from promptguard.demo.proxy_process import PromptGuardProcess

RULES = """rules:

  - id: personal-data-with-a-reason
    when: {data_classes: personal_data, purpose: prompt}
    action: justify
    reason: Personal data needs a reason.

  - id: credentials-with-a-reason
    when: {data_classes: credentials, purpose: prompt}
    action: justify
    reason: Credentials need one, too.
"""
GO_ON = "Please go on with my message before this one."


def ask_for_reasons(config: Path) -> None:
    policy = config / "policy.yaml"
    policy.write_text(policy.read_text("utf-8").replace("rules:\n", RULES, 1), "utf-8")


@pytest.fixture(scope="module")
def holding(start_proxy: Callable[..., PromptGuardProcess]) -> PromptGuardProcess:
    return start_proxy({"names": {"enabled": False}}, edit=ask_for_reasons)


def code_in(error: Exception) -> str:
    found = re.search(r"pg-allow ([a-z]{5}-[a-z]{5})", str(error))
    assert found, str(error)
    return found[1]


def test_with_the_sdk_of_openai(
    holding: PromptGuardProcess, use: Callable[[PromptGuardProcess], None], watch: Watch
) -> None:
    use(holding)
    client = openai.OpenAI(api_key="stand-in")
    address = email(301)
    turns: list[Any] = [{"role": "user", "content": f"Write to {address} about the fair."}]
    with pytest.raises(openai.BadRequestError) as held:
        client.chat.completions.create(model="gpt-5", messages=turns)
    assert watch.requests == []
    turns.append({"role": "user", "content": f"pg-allow {code_in(held.value)} She asked us to"})
    answer = client.chat.completions.create(model="gpt-5", messages=turns)
    sent = watch.one.json()["messages"]
    assert [each["content"] for each in sent] == [turns[0]["content"], GO_ON]
    turns += [{"role": "assistant", "content": answer.choices[0].message.content}, {"role": "user", "content": "More."}]
    client.chat.completions.create(model="gpt-5", messages=turns)
    later = watch.requests[-1].body
    assert address.encode() in later and b"pg-allow" not in later and b"She asked us to" not in later


def test_with_the_sdk_of_anthropic_that_sends_the_last_message_alone(
    holding: PromptGuardProcess, use: Callable[[PromptGuardProcess], None], watch: Watch
) -> None:
    use(holding)
    client = anthropic.Anthropic(api_key="stand-in")
    asked = f"Write to {email(302)} about the fair."

    def send(text: str) -> Any:
        message: Any = {"role": "user", "content": text}
        return client.messages.create(model="claude-stand-in", max_tokens=99, messages=[message])

    with pytest.raises(anthropic.BadRequestError) as held:
        send(asked)
    code = code_in(held.value)
    with pytest.raises(anthropic.BadRequestError, match="does not count"):
        send(f"pg-allow {code}")
    assert watch.requests == []
    send(f"pg-allow {code} She asked us to")
    assert watch.one.json()["messages"][0]["content"] == asked
    with pytest.raises(anthropic.BadRequestError):  # of another value, nobody has said why
        send(f"Write to {email(303)} about the fair.")


def test_no_reason_lets_a_credential_pass(
    holding: PromptGuardProcess, use: Callable[[PromptGuardProcess], None], watch: Watch
) -> None:
    use(holding)
    client = openai.OpenAI(api_key="stand-in")
    turns: list[Any] = [{"role": "user", "content": f"aws_access_key_id = {aws_key(random.Random(304))}"}]
    with pytest.raises(openai.BadRequestError) as blocked:
        client.chat.completions.create(model="gpt-5", messages=turns)
    assert "pg-allow" not in str(blocked.value)
    assert watch.requests == []
