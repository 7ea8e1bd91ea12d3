"""`promptguard policy`: is it right, and what would it decide?"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import BinaryIO

import click

from promptguard.commands.support.annotations import annotation
from promptguard.commands.support.options import FINE, FOUND, Group, folders, names_option, print_json
from promptguard.commands.support.policy_versions import COMMANDS
from promptguard.errors import ConfigError


@click.group("policy", cls=Group)
def command() -> None:
    """Check the policy, and ask it what it would decide and why."""


for each in COMMANDS:
    command.add_command(each)


@command.command("check")
@folders
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="For people, for programs, or as annotations of a workflow at GitHub.",
)
def check(config: Path, data: Path, form: str) -> None:
    """Read the whole configuration and say what is wrong or doubtful in it."""
    from promptguard.configuration.bundle import load_bundle
    from promptguard.detectors.registry import entity_types, idle_allowances
    from promptguard.runtime.recognizers import recognizers_of
    from promptguard.wire.formats import load_formats

    try:
        bundle = load_bundle(config, formats=load_formats())
    except ConfigError as error:
        if form == "github":
            click.echo(annotation("error", error))
        raise
    recognizers = recognizers_of(bundle)
    doubts = bundle.doubts(entity_types=entity_types(recognizers))
    mistakes = [doubt.error for doubt in doubts if doubt.is_mistake]
    doubtful = (doubt.error for doubt in doubts if not doubt.is_mistake)
    warnings = [*doubtful, *recognizers.remarks, *idle_allowances(recognizers)]
    if form == "json":
        print_json(
            {
                "ok": not mistakes,
                "policy": bundle.policy.version,
                "hash": bundle.policy.hash,
                "destinations": len(bundle.registry.destinations),
                "recognizers": len(recognizers.recognizers),
                "mistakes": [_told(each) for each in mistakes],
                "warnings": [_told(each) for each in warnings],
            }
        )
        sys.exit(FOUND if mistakes else FINE)
    for kind, errors in (("error", mistakes), ("warning", warnings)):
        for told in errors:
            click.echo(annotation(kind, told) if form == "github" else f"{kind}: {told}")
    if mistakes:
        counts = f"{_counted(len(mistakes), 'mistake')}, {_counted(len(warnings), 'warning')}"
        click.echo(f"The configuration is not right: {counts}.")
        sys.exit(FOUND)
    click.echo(
        f"The configuration is right: policy {bundle.policy.version} ({bundle.policy.hash[:12]}), "
        f"{len(bundle.registry.destinations)} destinations, {len(recognizers.recognizers)} recognizers, "
        f"{_counted(len(warnings), 'warning')}."
    )


def _told(error: ConfigError) -> dict[str, object]:
    return {"file": str(error.file), "line": error.line, "problem": error.problem, "remedy": error.remedy}


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


@command.command("explain")
@folders
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--destination", default="openai-api", show_default=True, help="Id or host of the AI service.")
@click.option("--user", default="unknown", show_default=True, help="Who sends it.")
@names_option
def explain(config: Path, data: Path, file: BinaryIO, destination: str, user: str, names: bool) -> None:
    """Say what would happen to FILE, by which rule, and which rules do not apply.

    A text is taken for one that somebody types, a PDF or office document for one that somebody uploads.
    """
    lines, stopped = asyncio.run(_explain(config, data, file, destination, user, names))
    for line in lines:
        click.echo(line)
    sys.exit(FOUND if stopped else FINE)


async def _explain(
    config: Path, data: Path, file: BinaryIO, destination: str, user: str, names: bool
) -> tuple[list[str], bool]:
    from promptguard.runtime.tools import open_tools

    async with open_tools(config, data, names=names, destination=destination) as tools:
        name = Path(str(getattr(file, "name", ""))).name
        return await tools.explain_decision(file.read(), name, destination=destination, user=user)
