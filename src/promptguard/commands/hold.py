"""`promptguard hold`: legal holds, under which decisions do not expire."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promptguard.commands.support.options import Group, folders, format_option, load_settings, print_json, user_name
from promptguard.commands.support.reasons import reason_option, searched_option

if TYPE_CHECKING:
    from promptguard.audit.retention.holds import Hold
    from promptguard.runtime.retention import Retention


@click.group("hold", cls=Group)
def command() -> None:
    """Keep decisions from expiring, for a legal or an investigation's reason."""


@command.command("add")
@folders
@reason_option(help="Why it is held.")
@searched_option("--reference", help="The matter it is for, such as the number of a case.")
@click.option("--since", metavar="TIME", help="Decisions from then on: 2026-01-31 or 2026-01-31T08:00:00Z.")
@click.option("--until", metavar="TIME", help="Decisions before that.")
@click.option("--destination", default="", metavar="ID", help="Decisions on requests to this service.")
@click.option("--decision", multiple=True, metavar="ID", help="This decision; may be repeated.")
@click.option(
    "--incident",
    default="",
    metavar="ID",
    help="All decisions on one prompt, by the id of the first (pg-…), or an incident of the console (in-…).",
)
def add(
    config: Path,
    data: Path,
    reason: str,
    reference: str,
    since: str | None,
    until: str | None,
    destination: str,
    decision: tuple[str, ...],
    incident: str,
) -> None:
    """Put a hold on: decisions to which all of what is given applies do not expire while it is on."""
    from promptguard.audit.events import normalised_event_id
    from promptguard.audit.reading import moment_text
    from promptguard.audit.retention.holds import Hold, new_hold_id

    case = incident.strip() if incident.strip().startswith("in-") else ""
    hold = Hold(
        new_hold_id(),
        user_name(),
        reason,
        reference,
        moment_text(since),
        moment_text(until),
        destination,
        tuple(map(normalised_event_id, decision)),
        normalised_event_id(incident) if incident and not case else "",
        case=case,
    )
    with _opened(config, data) as retention:
        if case:
            of_incident = retention.decisions_of_incident(case)  # where there is none, that is told
            hold = replace(hold, decisions=hold.decisions or of_incident)
        retention.hold(hold)
    click.echo(f"{hold.id} is on. Lift it with `promptguard hold release {hold.id} --reason …`.")


@command.command("list")
@folders
@click.option("--all", "every", is_flag=True, help="Those that were lifted, too.")
@format_option
def list_holds(config: Path, data: Path, every: bool, form: str) -> None:
    """Print the holds that are on, one a line; with `--format json`, as one JSON object a line."""
    with _opened(config, data) as retention:
        found = [hold for hold in retention.holds() if every or not hold.released]
    for hold in found:
        if form == "json":
            print_json(asdict(hold))
        else:
            click.echo(_line(hold))
    if not found and form != "json":
        click.echo("Nothing is under a hold.")


@command.command("release")
@folders
@click.argument("hold")
@reason_option(help="Why it is lifted.")
def release(config: Path, data: Path, hold: str, reason: str) -> None:
    """Lift a HOLD: what has expired but for it goes the next time."""
    with _opened(config, data) as retention:
        retention.release(hold, user_name(), reason)
    click.echo(f"{hold} is lifted.")


def _line(hold: Hold) -> str:
    what = {
        "since": hold.since,
        "until": hold.until,
        "destination": hold.destination,
        "decisions": " ".join(hold.decisions),
        "incident": hold.case or hold.incident,
    }
    told = ", ".join(f"{name} {value}" for name, value in what.items() if value)
    lifted = f"  lifted {hold.released} by {hold.released_by}" if hold.released else ""
    why = f"{hold.reason} ({hold.reference})" if hold.reference else hold.reason
    return f"{hold.id}  {hold.time}  {hold.by}  {told}  {why}{lifted}"


def _opened(config: Path, data: Path) -> AbstractContextManager[Retention]:
    from promptguard.runtime.data_folder import DataFolder
    from promptguard.runtime.retention import open_retention

    return open_retention(load_settings(config), DataFolder(data))
