"""What every client under test is made of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

from harness.session import Screen, Session

ROOT = Path(__file__).parents[4]
INSTALLED = ROOT / ".make" / "clients"
"""Where tools/install_clients.sh puts the clients."""


class Client(ABC):
    """An unmodified client: how it is set up, asked, and asked again in the same conversation."""

    name: str
    """What the test is called."""
    part: str
    """The part of tools/install_clients.sh that brings it."""
    host: str
    """The service it talks to."""
    websockets = True
    """Whether the provider grants it a WebSocket."""
    requests = 1
    """How many requests one prompt makes at most: some agents ask for a title beside the answer."""
    signed = False
    """Whether it signs its requests' bodies: they pass as they are, or not at all."""
    keys: Mapping[str, str]
    """Environment variables: the credential for the service, and what keeps the client from asking elsewhere."""

    def missing(self) -> str:
        """Why the client is not here; empty if it is."""
        if (INSTALLED / f"{self.part}.installed").exists():
            return ""
        file = INSTALLED / "missing"
        lines = file.read_text().splitlines() if file.exists() else []
        reasons = [line for line in lines if line.startswith(f"{self.part}:")]
        return f"could not be installed: {reasons[0]}" if reasons else "run tools/install_clients.sh first"

    def prepare(self, session: Session) -> None:  # noqa: B027 - most need nothing
        """Lay settings into the home folder before the first prompt."""

    @abstractmethod
    def ask(self, session: Session, prompt: str) -> Screen:
        """Begin a conversation."""

    @abstractmethod
    def go_on(self, session: Session, prompt: str) -> Screen:
        """Say the next thing in the newest conversation."""

    def __repr__(self) -> str:
        return self.name


def python(part: str, command: str) -> Path:
    """A command of a Python part."""
    return INSTALLED / part / "bin" / command


def node(part: str, command: str) -> Path:
    """A command of a Node.js part."""
    return INSTALLED / part / "node_modules" / ".bin" / command
