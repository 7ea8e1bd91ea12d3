"""`promptguard coverage`: how well each AI service is understood, and what is out of reach."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promptguard.commands.support.options import FINE, FOUND, Group, folders, format_option, print_json

if TYPE_CHECKING:
    from promptguard.runtime.coverage import Coverage

_HEADING = (
    f"{'service':<28} {'prompts':>8} {'not inspected':>14} {'no format':>10} {'unexpected':>11} {'no text':>8}"
    f" {'not restored':>13}  moved?"
)

OUT_OF_REACH = """\
Out of reach of any proxy, this one too:
  models that run on the laptop (their downloads can be blocked), apps that pin certificates, voice over WebRTC,
  HTTP/3 where UDP port 443 is open, chats that are encrypted end to end (allow or block them by host), and devices
  that are not routed through here."""

days_option = click.option(
    "--days", type=click.IntRange(1, 90), default=14, show_default=True, help="How far back to look."
)


@click.group("coverage", cls=Group, invoke_without_command=True)
@folders
@days_option
@format_option
@click.pass_context
def command(context: click.Context, config: Path, data: Path, days: int, form: str) -> None:
    """Tell how well each AI service is understood. Exit status 1 where somebody should look."""
    if context.invoked_subcommand is not None:
        return
    from promptguard.runtime.coverage import coverage_of

    found = coverage_of(config, data, days)
    if form == "json":
        for each in found:
            print_json(_members(each))
    else:
        click.echo(_HEADING)
        for each in found:
            click.echo(_line(each))
        if not found:
            click.echo(f"No request to an AI service in the last {days} days.", err=True)
        click.echo(f"\n{OUT_OF_REACH}", err=True)
    sys.exit(FOUND if any(each.alarm for each in found) else FINE)


@command.command("shapes")
@folders
@days_option
@format_option
def shapes(config: Path, data: Path, days: int, form: str) -> None:
    """List the shapes of requests that no format describes."""
    from promptguard.runtime.coverage import shapes_of

    found = shapes_of(config, data, days)
    for shape in found:
        if form == "json":
            print_json({**shape._asdict(), "sign": str(shape.sign), "outline": json.loads(shape.outline)})
        else:
            click.echo(f"{shape.id}  {shape.times:>7}  {shape.last_day}  {shape.sign:<9}  {shape.host}")
    if not found:
        click.echo(f"No request of the last {days} days was in a shape that no format describes.", err=True)


@command.command("shape")
@folders
@click.argument("id")
def shape(config: Path, data: Path, id: str) -> None:
    """Print one shape, ID as `shapes` lists it: members and the kinds of their values, no value."""
    from promptguard.runtime.coverage import shapes_of

    found = next((each for each in shapes_of(config, data, 90) if each.id == id), None)
    if found is None:
        click.echo(f"No shape {id} was seen. `promptguard coverage shapes` lists them.", err=True)
        sys.exit(FOUND)
    click.echo(json.dumps(json.loads(found.outline), indent=2, ensure_ascii=False))


def _members(each: Coverage) -> dict[str, object]:
    return {
        "destination": each.destination,
        "prompts": each.usage.prompts,
        "not_inspected": each.usage.not_inspected,
        "last_prompt": each.usage.last_prompt or None,
        "silent_since": each.usage.silent_since or None,
        "signs": {str(sign): count for sign, count in sorted(each.signs.items())},
        "alarm": each.alarm,
    }


def _line(each: Coverage) -> str:
    from promptguard.destinations.sightings import Sign

    numbers = [each.signs[sign] for sign in (Sign.UNCLAIMED, Sign.SPEECH, Sign.EMPTY, Sign.UNRESTORED)]
    moved = f"no prompt since {each.usage.silent_since}, other traffic goes on" if each.usage.silent_since else ""
    widths = zip((each.usage.prompts, each.usage.not_inspected, *numbers), (8, 14, 10, 11, 8, 13), strict=True)
    return f"{each.destination:<28} {' '.join(f'{number:>{width}}' for number, width in widths)}  {moved}".rstrip()
