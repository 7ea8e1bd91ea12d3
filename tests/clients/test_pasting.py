"""Coding agents show the text with placeholders of a notice, and go on with it when it is sent instead."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from harness.clients.claude_code import ClaudeCode
from harness.clients.codex import Codex, CodexPost
from harness.clients.interface import Client
from harness.provider import ECHO
from harness.turns import Conversation
from harness.values import values_for

ASKED = "The database password is {}, and `psql` fails with it.\n\n```sh\npsql --host db\n```\nWhy?"
OFFERED = ASKED.format("[PASSWORD]")

pytestmark = pytest.mark.timeout(300)


@pytest.mark.parametrize("agent", [ClaudeCode(), Codex(), CodexPost()], ids=repr)
def test_the_text_of_the_notice_is_shown_and_sent_instead(
    agent: Client, converse: Callable[[Client], Conversation]
) -> None:
    secret = values_for(f"{agent.name} pasting").password
    conversation = converse(agent)

    held = conversation.say(ASKED.format(secret))
    assert held.sent_with(secret) and not held.received_with(secret)
    assert squeezed(f"You can send it instead: ```` {OFFERED} ````") in squeezed(held.screen.text), held.screen.text

    sent = conversation.say(OFFERED)
    assert squeezed(f"{ECHO} {OFFERED}") in squeezed(sent.screen.text), sent.screen.text
    assert sent.received_with("The database password is [PASSWORD], and `psql` fails with it.")
    assert not sent.received_with(secret)
    assert not held.screen.hung and not sent.screen.hung


def squeezed(text: str) -> str:
    """Without white space, as agents break lines as they like."""
    return re.sub(r"\s+", "", text)
