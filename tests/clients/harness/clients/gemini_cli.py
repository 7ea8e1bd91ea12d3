"""Gemini CLI (@google/gemini-cli) with an API key."""

from __future__ import annotations

import json
from typing import ClassVar

from harness.clients.interface import Client, node
from harness.session import Screen, Session

_MODEL = ("-m", "gemini-2.5-flash")
"""A named model: without, the CLI asks a model first which model to ask."""


class GeminiCli(Client):
    """`gemini -p`."""

    name = "gemini-cli"
    part = "gemini"
    host = "generativelanguage.googleapis.com"
    keys: ClassVar = {"GEMINI_API_KEY": "stand-in", "GEMINI_CLI_TRUST_WORKSPACE": "true"}

    def prepare(self, session: Session) -> None:
        """The kind of sign-in, which the CLI asks for otherwise; no statistics and no look for updates."""
        settings = {
            "security": {"auth": {"selectedType": "gemini-api-key"}},
            "privacy": {"usageStatisticsEnabled": False},
            "general": {"disableAutoUpdate": True, "disableUpdateNag": True},
        }
        folder = session.home / ".gemini"
        folder.mkdir()
        (folder / "settings.json").write_text(json.dumps(settings))

    def ask(self, session: Session, prompt: str) -> Screen:
        """See `Client.ask`."""
        return session.run([node(self.part, "gemini"), *_MODEL, "-p", prompt])

    def go_on(self, session: Session, prompt: str) -> Screen:
        """See `Client.go_on`."""
        return session.run([node(self.part, "gemini"), *_MODEL, "--resume", "latest", "-p", prompt])
