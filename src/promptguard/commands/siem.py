"""`promptguard siem`: do recorded decisions arrive where they are handed on to?"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from promptguard.commands.support.options import FINE, FOUND, Group, folders, format_option, print_json


@click.group("siem", cls=Group)
def command() -> None:
    """See whether the sinks in `audit.sinks` take what they are handed."""


@command.command("test")
@folders
@click.argument("name", required=False)
@format_option
def test(config: Path, data: Path, name: str | None, form: str) -> None:
    """Send one marked test event through each sink, or through NAME alone, and say what came back."""
    from promptguard.configuration.bundle import load_bundle
    from promptguard.runtime.data_folder import DataFolder
    from promptguard.runtime.sinks import try_sinks

    fine = True
    for sink, kind, trial in try_sinks(load_bundle(config).settings, DataFolder(data), name):
        fine = fine and trial.ok
        if form == "json":
            members = {"ok": trial.ok, "event": trial.event_id, "said": trial.said, "remedy": trial.remedy}
            print_json({"sink": sink, "kind": kind, **members})
            continue
        click.echo(f"{'✓' if trial.ok else '✗'} {sink} ({kind}): {trial.said}. Event {trial.event_id}.")
        if trial.remedy:
            click.echo(f"  {trial.remedy}")
    sys.exit(FINE if fine else FOUND)
