"""What each client's person sees, and what the provider receives of it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from harness.clients import CLIENTS
from harness.clients.interface import Client
from harness.provider import ECHO
from harness.turns import PLACEHOLDER, Conversation, Turn, changes, text_of
from harness.values import Values, values_for

type Converse = Callable[[Client], Conversation]

NOTICE_SECONDS = 15.0
"""From the refused request to the notice on the screen; a busy machine needs a while to draw it."""

STACK = re.compile(r"Traceback \(most recent call last\)|^\s+at .+:\d+:\d+\)?$", re.MULTILINE)
"""A stack as Python and as JavaScript print it."""

DECISION = re.compile(r"\bpg-[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b")
"""How a notice names the decision."""

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="session")
def values(client: Client) -> Values:
    """What this client's person should not have sent."""
    return values_for(client.name)


@pytest.fixture(scope="session")
def refused(client: Client, converse: Converse, values: Values) -> tuple[Conversation, Turn]:
    """A conversation whose first prompt holds a password."""
    conversation = converse(client)
    return conversation, conversation.say(f"The database password is {values.password} and it fails. Why?")


def test_clean_request_arrives_byte_for_byte(client: Client, converse: Converse) -> None:
    turn = converse(client).say("hello")
    assert [request.what for request in turn.sent if request.host == client.host]
    assert changes(turn) == []
    assert squeezed(f"{ECHO} hello") in squeezed(turn.screen.text)


@pytest.mark.parametrize("client", [client for client in CLIENTS if not client.signed], indirect=True, ids=repr)
def test_personal_data_is_replaced_and_put_back(client: Client, converse: Converse, values: Values) -> None:
    prompt = f"My colleague {values.name} ({values.email}) paid with card {values.card}. Write a short note of thanks."
    turn = converse(client).say(prompt)
    for value in values.personal:
        assert turn.sent_with(value)
        assert not turn.received_with(value)
    arrived = turn.received_with("My colleague [PERSON_")
    assert arrived
    found = PLACEHOLDER.findall(text_of(arrived[0].body))
    assert [name.rpartition("_")[0] for name in found] == ["[PERSON", "[EMAIL_ADDRESS", "[CREDIT_CARD"]
    assert changes(turn, dict(zip(found, values.personal, strict=True))) == []
    assert squeezed(f"{ECHO} {prompt}") in squeezed(turn.screen.text)


@pytest.mark.parametrize("client", [client for client in CLIENTS if client.signed], indirect=True, ids=repr)
def test_personal_data_in_a_signed_request_is_refused_and_said_so(
    client: Client, converse: Converse, values: Values
) -> None:
    turn = converse(client).say(f"My colleague {values.name} paid with card {values.card}. Write a note of thanks.")
    assert len(turn.sent_with(values.card)) == 1
    assert turn.received == ()
    assert "An error occurred (ValidationException)" in turn.screen.text
    assert len(set(DECISION.findall(turn.screen.text))) == 1, turn.screen.text


def test_password_is_refused_once_and_said_so(
    client: Client, refused: tuple[Conversation, Turn], values: Values
) -> None:
    _, turn = refused
    attempts = turn.sent_with(values.password)
    assert not turn.received_with(values.password)
    assert not turn.screen.hung
    assert 1 <= len(attempts) <= client.requests, [request.target for request in attempts]
    assert turn.screen.when(DECISION) - attempts[0].time < NOTICE_SECONDS
    assert len(set(DECISION.findall(turn.screen.text))) == 1, turn.screen.text
    assert not STACK.search(turn.screen.text), turn.screen.text


def test_conversation_goes_on_after_a_refusal(refused: tuple[Conversation, Turn], values: Values) -> None:
    conversation, _ = refused
    turn = conversation.say("Never mind. What is a passphrase?")
    assert not turn.received_with(values.password)
    assert turn.received_with("What is a passphrase?")
    assert len(turn.received) == len(turn.sent)
    assert len(turn.received_with("The database password is [")) == len(turn.sent_with(values.password))
    assert squeezed(f"{ECHO} Never mind. What is a passphrase?") in squeezed(turn.screen.text), turn.screen.text


def squeezed(text: str) -> str:
    """Without white space, as clients break lines as they like, and without quotes, which opencode adds to a prompt."""
    return re.sub(r'[\s"]+', "", text)
