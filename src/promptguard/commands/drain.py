"""`promptguard drain`: have the proxies of this machine finish what is under way, and end."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from promptguard.commands.support.options import FOUND, folders
from promptguard.errors import PromptGuardError

STOP_SECONDS = 15.0
"""That a proxy takes beside `proxy.drain_s`: to see that it is to end, and to write out the record."""


@click.command("drain")
@folders
@click.option("--wait/--no-wait", default=True, show_default=True, help="Whether to return only once it has ended.")
def command(config: Path, data: Path, wait: bool) -> None:
    """Have the proxy finish what is under way, and end; `proxy.drain_s` bounds it. The same as SIGTERM."""
    from promptguard.commands.support.options import load_settings
    from promptguard.runtime.data_folder import DataFolder
    from promptguard.runtime.state import read_state, runs

    folder = DataFolder(data)
    states = [state for path in folder.states() if (state := read_state(path)) and runs(state)]
    if not states:
        raise PromptGuardError(f"{data}: no proxy runs on this folder. Name its folder with --data.")
    seconds = load_settings(config).proxy.drain_s + STOP_SECONDS
    folder.drain.touch()
    until = time.monotonic() + seconds
    while wait and any(runs(state) for state in states):
        if time.monotonic() > until:
            click.echo(f"It has not ended within {seconds:g} s.", err=True)
            sys.exit(FOUND)
        time.sleep(0.1)
