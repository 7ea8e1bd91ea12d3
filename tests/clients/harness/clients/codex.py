"""Codex (@openai/codex), over a WebSocket and, where the service grants none, over POST."""

from __future__ import annotations

from typing import ClassVar

from harness.clients.interface import Client, node
from harness.session import Screen, Session

_FLAGS = ("--skip-git-repo-check", "-s", "read-only")


class Codex(Client):
    """`codex exec`."""

    name = "codex-websocket"
    part = "codex"
    host = "api.openai.com"
    keys: ClassVar = {"OPENAI_API_KEY": "stand-in", "CODEX_API_KEY": "stand-in"}

    def prepare(self, session: Session) -> None:
        """No statistics and no look for updates."""
        folder = session.home / ".codex"
        folder.mkdir()
        (folder / "config.toml").write_text("check_for_update_on_startup = false\n[analytics]\nenabled = false\n")
        authority = session.environment["SSL_CERT_FILE"]
        session.environment["CODEX_CA_CERTIFICATE"] = authority

    def ask(self, session: Session, prompt: str) -> Screen:
        """See `Client.ask`."""
        return session.run([node(self.part, "codex"), "exec", *_FLAGS, prompt])

    def go_on(self, session: Session, prompt: str) -> Screen:
        """See `Client.go_on`."""
        return session.run([node(self.part, "codex"), "exec", *_FLAGS, "resume", "--last", prompt])


class CodexPost(Codex):
    """The same at a service that answers the upgrade with status 426."""

    name = "codex-post"
    websockets = False
