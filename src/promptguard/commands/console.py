"""`promptguard console`: where security reviews decisions, in a browser."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import click

from promptguard.commands.support.options import FINE, FOUND, Group, address_of, folders


@click.group("console", cls=Group)
def command() -> None:
    """Review decisions in a browser."""


@command.command("run")
@folders
@click.option("--listen", metavar="HOST:PORT", help="Where the console listens; default as configured, 127.0.0.1:8081.")
@click.option(
    "--published",
    metavar="HOST:PORT",
    help="In a container: where its port is published, such as 127.0.0.1:8081. It is reached there alone.",
)
def run(config: Path, data: Path, listen: str | None, published: str | None) -> None:
    """Start a console by itself, as where `promptguard run --console off` runs the proxy."""
    from promptguard.console.server import serve

    address, known_as = address_of(listen, "--listen"), address_of(published, "--published")
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    sys.exit(serve(config, data, listen=address, published=known_as))


@command.command("link")
@folders
@click.argument("name", required=False)
def link(config: Path, data: Path, name: str | None) -> None:
    """Make a link by which NAME chooses a new password, once, within a day.

    Without NAME, a link that makes the first account.
    """
    from promptguard.console.administration import make_link

    click.echo(make_link(config, data, name))


@command.command("verify")
@folders
def verify(config: Path, data: Path) -> None:
    """Check that the ledger of who looked at what is whole."""
    from promptguard.console.administration import ledger_problem

    problem, expired = ledger_problem(config, data)
    click.echo(problem or f"The ledger is whole.{f' Of it, {expired} entries have expired.' if expired else ''}")
    sys.exit(FOUND if problem else FINE)
