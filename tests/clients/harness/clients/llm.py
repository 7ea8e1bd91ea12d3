"""llm (llm, llm-anthropic), which keeps conversations in a database."""

from __future__ import annotations

from harness.clients.interface import Client, python
from harness.session import Screen, Session


class Llm(Client):
    """`llm -m MODEL`."""

    part = "llm"

    def __init__(self, model: str, host: str, key: str) -> None:
        self.name = f"llm-{model.partition('/')[0].partition('-')[0]}"
        self.host = host
        self.keys = {key: "stand-in"}
        self._model = model

    def ask(self, session: Session, prompt: str) -> Screen:
        """See `Client.ask`."""
        return session.run([python(self.part, "llm"), "-m", self._model, prompt])

    def go_on(self, session: Session, prompt: str) -> Screen:
        """See `Client.go_on`."""
        return session.run([python(self.part, "llm"), "-m", self._model, "-c", prompt])
