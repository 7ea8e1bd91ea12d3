"""`promptguard controls`: what policies ask for, and how this installation meets it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promptguard.commands.support.options import Group, folders, print_json

if TYPE_CHECKING:
    from promptguard.configuration.bundle import Bundle
    from promptguard.controls.assessing import Assessed


@click.group("controls", cls=Group, invoke_without_command=True)
@folders
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "md"]),
    default="text",
    show_default=True,
    help="For a terminal, for programs, or as a table in Markdown.",
)
@click.pass_context
def command(context: click.Context, config: Path, data: Path, form: str) -> None:
    """Say how this installation meets each of the 38 controls that policies of companies ask for."""
    if context.invoked_subcommand is not None:
        return
    from promptguard.controls.forms import as_json, as_markdown, as_text

    _, assessed = _assessed(config, data)
    if form == "json":
        print_json(as_json(assessed))
    else:
        click.echo(as_markdown(assessed) if form == "md" else as_text(assessed))


@command.command("export")
@folders
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write the pack into."
)
def export(config: Path, data: Path, out: Path) -> None:
    """Write the auditor's pack: the controls as JSON and as PDF, with version and hash of the policy."""
    import orjson

    from promptguard.controls.forms import as_json, summary
    from promptguard.controls.pdf import as_pdf

    bundle, assessed = _assessed(config, data)
    facts = {
        "made": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "promptguard": version("promptguard"),
        "policy_version": bundle.policy.version,
        "policy_sha256": bundle.policy.hash,
        "configuration_sha256": bundle.version,
    }
    out.mkdir(parents=True, exist_ok=True)
    document = orjson.dumps({**facts, "controls": as_json(assessed)}, option=orjson.OPT_INDENT_2)
    (out / "controls.json").write_bytes(document + b"\n")
    (out / "controls.pdf").write_bytes(as_pdf(assessed, list(facts.items())))
    click.echo(f"{out}: controls.json, controls.pdf. {summary(assessed)}")


def _assessed(config: Path, data: Path) -> tuple[Bundle, Sequence[Assessed]]:
    from promptguard.controls.assessing import assess
    from promptguard.controls.outcome import Installation
    from promptguard.runtime.decided import load_decided

    bundle = load_decided(config, data)
    return bundle, assess(Installation(bundle, data, datetime.now(UTC).date().isoformat()))
