"""Coding agents are held for a reason, show its code where they show errors, and go on once it was given."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from harness.clients.claude_code import ClaudeCode
from harness.clients.codex import Codex, CodexPost
from harness.clients.interface import Client
from harness.provider import ECHO
from harness.proxy import TappedProxy
from harness.turns import PLACEHOLDER, Conversation, Turn, changes, text_of

RULES = """rules:

  - id: personal-data-with-a-reason
    when: {data_classes: personal_data, purpose: prompt}
    action: justify
    reason: Personal data needs a reason.
"""
CODE = re.compile(r"pg-allow [a-z]{5}-[a-z]{5}")
GO_ON = "Please go on with my message before this one."

pytestmark = pytest.mark.timeout(300)


def ask_for_reasons(config: Path) -> None:
    policy = config / "policy.yaml"
    policy.write_text(policy.read_text("utf-8").replace("rules:\n", RULES, 1), "utf-8")


@pytest.fixture(scope="module")
def asking(start: Callable[[str, Callable[[Path], None]], TappedProxy]) -> TappedProxy:
    """A proxy whose policy asks for a reason before personal data is sent."""
    return start("asking", ask_for_reasons)


def command_in(held: Turn) -> str:
    """What an agent's person is told to write before the reason: the same wherever it stands on the screen."""
    (command,) = set(CODE.findall(held.screen.text))
    return str(command)


@pytest.mark.parametrize("agent", [ClaudeCode(), Codex(), CodexPost()], ids=repr)
def test_goes_on_once_a_reason_was_given(
    agent: Client, asking: TappedProxy, converse_behind: Callable[[TappedProxy, Client], Conversation]
) -> None:
    generator = random.Random(agent.name)
    granted, other = (f"customer{generator.randrange(1000, 9999)}@{name}.com" for name in ("fabrikam", "contoso"))
    conversation = converse_behind(asking, agent)

    held = conversation.say(f"Write to {granted} about the fair.")
    assert held.sent_with(granted) and not held.received_with(granted)

    reason = f"{command_in(held)} She asked us to"
    given = conversation.say(reason)
    assert given.sent_with(reason)
    assert [text_of(each.body).count(granted) for each in given.received_with(GO_ON)] == [1]
    assert changes(given, {GO_ON: reason}) == []
    assert f"{ECHO} {GO_ON}" in given.screen.text, given.screen.text

    once_more = conversation.say(f"Shorter, and put {other} in copy.")
    assert command_in(once_more) not in reason
    assert not once_more.received_with("Shorter")

    later = conversation.say("Never mind the copy.")
    (arrived,) = later.received_with("Never mind the copy.")
    (placeholder,) = PLACEHOLDER.findall(text_of(arrived.body))
    assert granted in text_of(arrived.body)
    assert changes(later, {GO_ON: reason, placeholder: other}) == []
    assert f"{ECHO} Never mind the copy." in later.screen.text, later.screen.text

    for turn in (held, given, once_more, later):
        assert not any(turn.received_with(secret) for secret in ("pg-allow", "She asked us to", other))
        assert not turn.screen.hung
