"""aider (aider-chat), one message a call."""

from __future__ import annotations

from typing import ClassVar

from harness.clients.interface import Client, python
from harness.session import Screen, Session

_FLAGS = (
    "--model=openai/gpt-4o-mini",
    "--no-git",
    "--yes-always",
    "--no-check-update",
    "--no-show-model-warnings",
    "--no-show-release-notes",
    "--analytics-disable",
    "--no-pretty",
)


class Aider(Client):
    """`aider --message`."""

    name = "aider"
    part = "aider"
    host = "api.openai.com"
    keys: ClassVar = {"OPENAI_API_KEY": "stand-in", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}

    def ask(self, session: Session, prompt: str) -> Screen:
        """See `Client.ask`."""
        return session.run([python(self.part, "aider"), *_FLAGS, "--message", prompt])

    def go_on(self, session: Session, prompt: str) -> Screen:
        """See `Client.go_on`."""
        return session.run([python(self.part, "aider"), *_FLAGS, "--restore-chat-history", "--message", prompt])
