"""`promptguard allow-list`: values that reviewers hold to be false alarms, and that pass for a time."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promptguard.commands.support.options import Group, folders, format_option, print_json

if TYPE_CHECKING:
    from promptguard.detectors.false_alarms import FalseAlarm


@click.group("allow-list", cls=Group)
def command() -> None:
    """See which values pass as false alarms, and let them pass no more."""


@command.command("list")
@folders
@format_option
@click.option("--all", "everything", is_flag=True, help="Also what waits for an answer, was refused or has expired.")
def list_(config: Path, data: Path, form: str, everything: bool) -> None:
    """List what passes now, one a line."""
    from promptguard.runtime.policy_exchange import false_alarms, now

    at = now()
    with false_alarms(config, data) as store:
        found = [each for each in store.all() if everything or each.holds(at)]
    for each in found:
        if form == "json":
            print_json({**asdict(each), "holds": each.holds(at)})
            continue
        state = "passes" if each.holds(at) else _why_not(each)
        decided = f", {each.decided_name} decided" if each.decided_name else ""
        click.echo(
            f"{each.id}  {state} until {each.expires[:10]}  {each.entity_type}  {each.decision_id}  "
            f"{each.asked_name} asked{decided}: {each.reason}"
        )
    if not found and form == "text":
        click.echo("Nothing passes as a false alarm.")


def _why_not(alarm: FalseAlarm) -> str:
    return "changed in the database" if not alarm.genuine else "in doubt" if alarm.in_doubt else str(alarm.state)


@command.command("revoke")
@folders
@click.argument("id")
def revoke(config: Path, data: Path, id: str) -> None:
    """Find the value of ID again, from now on. It is noted in the ledger of reviewers."""
    from promptguard.console.administration import revoke_false_alarm

    alarm = revoke_false_alarm(config, data, id)
    click.echo(f"{alarm.id}: values of type {alarm.entity_type} with this fingerprint are found again.")
