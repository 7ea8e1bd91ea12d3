"""One turn of a conversation, seen from both ends of the proxy and from before the screen."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.clients.interface import Client
from harness.provider import AgentProvider
from harness.proxy import Sent, TappedProxy, received
from harness.session import Screen, Session

PLACEHOLDER = re.compile(r"\[[A-Z][A-Z_]*_[0-9A-Z]{8,}\]")

_SETTLING_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Turn:
    """What one prompt led to."""

    screen: Screen
    sent: tuple[Sent, ...]
    """What the client sent to AI services, in the order in which it arrived at the proxy."""
    received: tuple[Sent, ...]
    """What the provider received."""

    def sent_with(self, words: str) -> list[Sent]:
        """What the client sent that holds `words`."""
        return [request for request in self.sent if words in text_of(request.body)]

    def received_with(self, words: str) -> list[Sent]:
        """What the provider received that holds `words`."""
        return [request for request in self.received if words in text_of(request.body)]


class Conversation:
    """A client's conversation behind the proxy."""

    def __init__(self, client: Client, session: Session, proxy: TappedProxy, provider: AgentProvider) -> None:
        self.client = client
        self._session = session
        self._proxy = proxy
        self._provider = provider
        self._begun = False

    def say(self, prompt: str) -> Turn:
        """Let the client say the first or the next thing."""
        sent, arrived = len(self._proxy.sent), len(self._provider.received)
        self._provider.websockets = self.client.websockets
        speak = self.client.go_on if self._begun else self.client.ask
        self._begun = True
        screen = speak(self._session, prompt)
        deadline = time.monotonic() + _SETTLING_SECONDS
        while True:
            # The last requests of a client that has ended may still be on their way.
            turn = Turn(
                screen,
                tuple(self._proxy.sent[sent:]),
                tuple(received(request) for request in self._provider.received[arrived:]),
            )
            if time.monotonic() > deadline or len(turn.sent) == len(turn.received):
                return turn
            time.sleep(0.1)


def text_of(body: bytes) -> str:
    """A body's text, with JSON's escapes resolved as far as they are in the way of looking for a value."""
    text = body.decode("utf-8", "replace")
    try:
        return json.dumps(json.loads(text), ensure_ascii=False) if text else ""
    except ValueError:
        return text


def changes(turn: Turn, originals: Mapping[str, str]) -> list[str]:
    """Where the provider received other requests than were sent, once its placeholders are put back.

    Args:
        originals: the original of each placeholder.
    """
    sent = Counter(_comparable(request, {}) for request in turn.sent)
    arrived = Counter(_comparable(request, originals) for request in turn.received)
    return [
        *(f"sent and not received as sent: {_short(what)}" for what in sent - arrived),
        *(f"received and never sent: {_short(what)}" for what in arrived - sent),
    ]


def _comparable(request: Sent, originals: Mapping[str, str]) -> tuple[str, str, str, str]:
    method, host, target, body = request.what
    text = text_of(body)
    for placeholder, original in originals.items():
        text = text.replace(placeholder, original)
    return method, host, target, text


def _short(what: tuple[Any, ...]) -> str:
    return " ".join(str(part)[:2000] for part in what)
