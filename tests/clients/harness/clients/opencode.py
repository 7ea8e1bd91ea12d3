"""opencode (opencode-ai) with Anthropic's API."""

from __future__ import annotations

from typing import ClassVar

from harness.clients.interface import Client, node
from harness.session import Screen, Session

_MODEL = ("--model", "anthropic/claude-sonnet-4-5")


class OpenCode(Client):
    """`opencode run`."""

    name = "opencode"
    part = "opencode"
    host = "api.anthropic.com"
    requests = 2
    keys: ClassVar = {
        "ANTHROPIC_API_KEY": "stand-in",
        "OPENCODE_DISABLE_AUTOUPDATE": "1",
        "OPENCODE_DISABLE_MODELS_FETCH": "1",
        "OPENCODE_DISABLE_LSP_DOWNLOAD": "1",
    }

    def ask(self, session: Session, prompt: str) -> Screen:
        """See `Client.ask`."""
        return session.run([node(self.part, "opencode"), "run", *_MODEL, prompt])

    def go_on(self, session: Session, prompt: str) -> Screen:
        """See `Client.go_on`."""
        return session.run([node(self.part, "opencode"), "run", *_MODEL, "-c", prompt])
