"""`promptguard init`: a configuration of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from promptguard.installation.folders import own_config_folder
from promptguard.installation.presets import APPROVING, Preset

_OF_COMPANIES: Final = (Preset.POLICY_A, Preset.POLICY_B, Preset.POLICY_C)
"""Presets that come from a company's policy, of which some sentences are no rules."""


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False)
@click.option(
    "--preset",
    type=click.Choice([each.value for each in Preset]),
    default=Preset.BALANCED.value,
    show_default=True,
    help="What its policy begins as: docs/presets.md has them side by side.",
)
def command(folder: Path | None, preset: str) -> None:
    """Write out the shipped configuration, to change it: into FOLDER, or where `promptguard run` looks for it."""
    from promptguard.installation.following import write_out

    target = folder or own_config_folder()
    count = write_out(target, Preset(preset))
    click.echo(f"{target}: {count} files. What decides is in policy.yaml, what is set in promptguard.yaml.")
    if preset == Preset.TRIAL:
        click.echo("It is on trial: nothing is stopped or replaced. `mode: enforce` in policy.yaml ends that.")
    if (approved := APPROVING.get(Preset(preset))) is not None:
        told = f"Only {len(approved)} services are approved" if approved else "No service is approved yet"
        click.echo(f"{told}, and only approved ones may be used. For those that your company has approved, set")
        click.echo("`status: approved` in destinations/, with what is known of `data_handling`, or decide on the page")
        click.echo("Tools of the console.")
    if folder is not None:
        click.echo(f"Start with it: promptguard run --config {target}")
    if preset in _OF_COMPANIES:
        named = f" --config {target}" if folder is not None else ""
        click.echo(f"What else such a policy asks for, and what is not set up yet: promptguard controls{named}")
