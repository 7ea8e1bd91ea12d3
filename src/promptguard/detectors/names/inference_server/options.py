"""Which server workers ask, on their command line."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LOCAL_FALLBACK: Final = "local"
"""What `names.server.fallback` says where workers judge themselves what the server does not."""


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """Which server, and what becomes of texts that it does not judge."""

    url: str
    """`https://HOST[:PORT][/PATH]`; `http` for loopback."""
    model: str
    """What the model is called there."""
    timeout: float
    """Seconds for one request."""
    ca_file: Path | None
    """Certificates (PEM) to trust in place of the system's."""
    local_fallback: bool
    """Whether those texts are judged here; else they count as not inspected."""

    def arguments(self) -> list[str]:
        """For the worker's command line; `options_of` reads them."""
        told = ["--server", self.url, "--server-model", self.model, "--server-timeout", f"{self.timeout:g}"]
        if self.ca_file:
            told += ["--server-ca-file", str(self.ca_file)]
        return [*told, "--server-fallback"] if self.local_fallback else told


def add_options(parser: argparse.ArgumentParser) -> None:
    """Have a command line understand them."""
    parser.add_argument("--server", help="the address of a server that runs the model")
    parser.add_argument("--server-model", help="what the model is called there")
    parser.add_argument("--server-timeout", type=float, help="seconds for one request to it")
    parser.add_argument("--server-ca-file", type=Path, help="certificates to trust")
    parser.add_argument("--server-fallback", action="store_true", help="judge here what it does not")


def options_of(arguments: argparse.Namespace) -> ServerOptions | None:
    """The server that a command line names; None if there is none."""
    if not arguments.server:
        return None
    return ServerOptions(
        arguments.server,
        arguments.server_model,
        arguments.server_timeout,
        arguments.server_ca_file,
        arguments.server_fallback,
    )
