"""One turn of a conversation, seen from both ends of the proxy and from before the screen."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from harness.clients.interface import Client
from harness.provider import AgentProvider
from harness.proxy import Sent, TappedProxy, received
from harness.servers import prompt_of
from harness.session import Screen, Session

PLACEHOLDER = re.compile(r"\[[A-Z][A-Z_]*_[0-9A-Z]{8,}\]")

_SETTLING_SECONDS = 1.0
_POLL_SECONDS = 0.1


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

    def __init__(self, client: Client, session: Session, proxy: TappedProxy, application: AgentProvider) -> None:
        self.client = client
        self._session = session
        self._proxy = proxy
        self._provider = application
        self._begun = False

    def say(self, prompt: str) -> Turn:
        """Let the client say the first or the next thing."""
        sent, arrived = len(self._proxy.sent), len(self._provider.received)
        self._provider.websockets = self.client.websockets
        speak = self.client.go_on if self._begun else self.client.ask
        self._begun = True
        screen = speak(self._session, prompt)
        return Turn(screen, *self._settled(sent, arrived))

    def _settled(self, sent: int, arrived: int) -> tuple[tuple[Sent, ...], tuple[Sent, ...]]:
        """What came since then: the last requests of a client that has ended may still be on their way."""
        deadline = time.monotonic() + _SETTLING_SECONDS
        while True:
            ends = (
                tuple(self._proxy.sent[sent:]),
                tuple(received(request) for request in self._provider.received[arrived:]),
            )
            if len(ends[0]) == len(ends[1]) or time.monotonic() > deadline:
                return ends
            time.sleep(_POLL_SECONDS)


def text_of(body: bytes) -> str:
    """A body's text, with JSON's escapes resolved as far as they are in the way of looking for a value; of a message of
    gRPC what it says, without the lengths around it."""
    if body[:1] == b"\0" and len(body) == 5 + int.from_bytes(body[1:5]):
        return prompt_of(body[5:])
    text = body.decode("utf-8", "replace")
    try:
        return json.dumps(json.loads(text), ensure_ascii=False) if text else ""
    except ValueError:
        return text


def changes(turn: Turn, originals: Mapping[str, str] | None = None) -> list[str]:
    """Where the provider received other bytes than were sent; with originals put back, where it received other text.

    Args:
        originals: the original of each placeholder; None compares bytes.
    """
    sent = Counter(_comparable(request, originals) for request in turn.sent)
    arrived = Counter(_comparable(request, originals) for request in turn.received)
    lost, new = sent - arrived, arrived - sent
    found = []
    for what in lost.elements():
        twin = next((other for other in new if other[:3] == what[:3]), None)
        if twin is not None:
            new -= Counter([twin])
        elif not what[3]:
            continue  # an agent that has its answer ends without waiting for what else it has asked for
        found.append(f"{' '.join(what[:3])}: {_difference(what[3], twin[3]) if twin else 'never arrived'}")
    return found + [f"{' '.join(what[:3])}: was never sent" for what in new.elements()]


def _comparable(request: Sent, originals: Mapping[str, str] | None) -> tuple[str, str, str, str]:
    method, host, target, body = request.what
    text = body.decode("utf-8", "backslashreplace") if originals is None else text_of(body)
    for placeholder, original in (originals or {}).items():
        text = text.replace(placeholder, original)
    return method, host, target, text


def _difference(sent: str, arrived: str) -> str:
    """What was replaced, each with a few characters around it."""
    blocks = SequenceMatcher(None, *(re.findall(r"\w+|\W", text) for text in (sent, arrived)), autojunk=False)
    left, right = blocks.a, blocks.b
    return "; ".join(
        f"{''.join(left[max(start - 6, 0) : end + 6])!r} as {''.join(right[other:stop])!r}"
        for tag, start, end, other, stop in blocks.get_opcodes()
        if tag != "equal"
    )
