"""Claude Code (@anthropic-ai/claude-code), printing instead of drawing."""

from __future__ import annotations

from typing import ClassVar

from harness.clients.interface import Client, node
from harness.session import Screen, Session


class ClaudeCode(Client):
    """`claude -p`."""

    name = "claude-code"
    part = "claude"
    host = "api.anthropic.com"
    requests = 2
    keys: ClassVar = {
        "ANTHROPIC_API_KEY": "stand-in",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "DISABLE_AUTOUPDATER": "1",
        "DISABLE_ERROR_REPORTING": "1",
        "DISABLE_TELEMETRY": "1",
    }

    def ask(self, session: Session, prompt: str) -> Screen:
        """See `Client.ask`."""
        return session.run([node(self.part, "claude"), "-p", prompt])

    def go_on(self, session: Session, prompt: str) -> Screen:
        """See `Client.go_on`."""
        return session.run([node(self.part, "claude"), "-p", "-c", prompt])
