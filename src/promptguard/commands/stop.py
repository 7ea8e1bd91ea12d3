"""`promptguard stop`: the switch that stops a tool, a data class or all of it within seconds, and lets it go on."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promptguard.commands.support.durations import DURATION
from promptguard.commands.support.options import Group, folders, format_option, print_json, user_name
from promptguard.commands.support.reasons import SearchedOption, masked, reason_option

if TYPE_CHECKING:
    from datetime import timedelta

    from promptguard.policy.orders import Order

_STOPPING = "order"


class _StopGroup(Group):
    """`promptguard stop chatgpt` is short for `promptguard stop order chatgpt`: nobody has time to look it up."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in {*self.commands, *ctx.help_option_names}:
            args = [_STOPPING, *args]
        return super().parse_args(ctx, args)


@click.group("stop", cls=_StopGroup)
def command() -> None:
    """Stop a tool, a data class or all AI tools at once: `promptguard stop chatgpt --reason …` will do."""


@command.command(_STOPPING)
@folders
@click.argument("tool", required=False, default="")
@click.option("--class", "data_class", default="", metavar="CLASS", help="Stop all that holds data of this class.")
@click.option("--all", "everything", is_flag=True, help="Stop all AI tools.")
@click.option("--reason", cls=SearchedOption, required=True, help="Why. People who are stopped read it.")
@click.option(
    "--for",
    "lasting",
    type=DURATION,
    metavar="TIME",
    help="So long, such as 30m, 4h or 2d; else until it is lifted.",
)
def order(
    config: Path, data: Path, tool: str, data_class: str, everything: bool, reason: str, lasting: timedelta | None
) -> None:
    """Stop TOOL, by its id in the registry, or what the options say."""
    from promptguard.console.masking import NOT_YET
    from promptguard.console.stopping import stopping, what_is_stopped

    with stopping(config, data) as desk:
        pending = NOT_YET if reason.strip() else ""  # its words take seconds to be searched, and it waits for nothing
        stop = desk.order(
            name=user_name(), reason=pending, tool=tool, data_class=data_class, everything=everything, lasting=lasting
        )
        until = f" until {stop.expires}" if stop.expires else ""
        click.echo(f"{stop.id}: {what_is_stopped(stop)}: stopped{until}.")
        if desk.problem:
            click.echo(f"Whether there is such a tool could not be looked up: {desk.problem}", err=True)
        if unread := desk.unread_hosts(stop):
            click.echo(f"Not stopped, since it passes undecrypted: {', '.join(unread)}.", err=True)
        click.echo(f"Lift it with `promptguard stop lift {stop.id} --reason …`.")
        desk.book.explain(stop, masked(config, data, reason, urgent=True))


@command.command("list")
@folders
@click.option("--all", "every", is_flag=True, help="Those that were lifted or have ended, too.")
@format_option
def list_stops(config: Path, data: Path, every: bool, form: str) -> None:
    """Print what is stopped now, one a line; with `--format json`, as one JSON object a line."""
    from promptguard.console.stopping import stopping

    with stopping(config, data) as desk:
        holding = {stop.id for stop in desk.book.in_force()}
        found = [stop for stop in desk.book.all() if every or stop.id in holding]
    for stop in found:
        if form == "json":
            print_json({**asdict(stop), "holds": stop.id in holding})
        else:
            click.echo(_line(stop, holds=stop.id in holding))
    if not found and form == "text":
        click.echo("Nothing is stopped.")


@command.command("lift")
@folders
@click.argument("id")
@reason_option(help="Why it is lifted.")
def lift(config: Path, data: Path, id: str, reason: str) -> None:
    """Let go on what the stop ID held, as the policy says."""
    from promptguard.console.stopping import stopping

    with stopping(config, data) as desk:
        desk.lift(id, name=user_name(), reason=reason)
    click.echo(f"{id} is lifted.")


def _line(stop: Order, *, holds: bool) -> str:
    from promptguard.console.stopping import what_is_stopped

    state = "stopped" if holds else f"lifted {stop.ended}" if stop.ended else "over"
    state += "" if stop.genuine else " (changed in the database)"
    until = f" until {stop.expires}" if stop.expires else ""
    lifted = f"; {stop.ended_name} lifted it: {stop.end_reason}" if stop.ended else ""
    told = f"{what_is_stopped(stop)}  {state}{until}"
    return f"{stop.id}  {stop.asked}  {told}  {stop.asked_name}: {stop.reason}{lifted}"
