"""`promptguard audit`: the record of decisions, to be read and verified."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promptguard.audit.forms import load_forms
from promptguard.commands.support.options import (
    FINE,
    FOUND,
    Group,
    folders,
    format_option,
    load_settings,
    print_json,
    sentences,
    user_name,
)
from promptguard.errors import PromptGuardError
from promptguard.model import Action

if TYPE_CHECKING:
    from promptguard.audit.reading import Reader


actions_option = click.option(
    "--action",
    multiple=True,
    type=click.Choice([str(action) for action in Action]),
    help="Only decisions with this action; may be repeated.",
)


@click.group("audit", cls=Group)
def command() -> None:
    """Read and verify the record of decisions."""


@command.command("tail")
@folders
@click.option(
    "-n", "--lines", type=click.IntRange(min=0), default=20, show_default=True, help="How many of the last decisions."
)
@click.option("-f", "--follow", is_flag=True, help="Wait for more.")
@actions_option
@click.option("--destination", multiple=True, metavar="ID", help="Only decisions about this service; may be repeated.")
@click.option("--person", multiple=True, metavar="PSEUDONYM", help="Only of this pseudonym; may be repeated.")
@click.option("--since", metavar="TIME", help="RFC 3339, such as 2026-01-31 or 2026-01-31T08:00:00Z.")
@click.option("--each", is_flag=True, help="One line a decision; clean requests in a row are told once otherwise.")
@format_option
def tail(
    config: Path,
    data: Path,
    lines: int,
    follow: bool,
    action: tuple[str, ...],
    destination: tuple[str, ...],
    person: tuple[str, ...],
    since: str | None,
    each: bool,
    form: str,
) -> None:
    """Print the last decisions, one a line; with `--format json`, as one JSON object a line.

    The heading and the sum go to standard error, so that what is piped on is decisions alone.
    """
    from promptguard.audit.reading import moment
    from promptguard.audit.tail import HEADING, Wanted, folded, format_line, summary

    wanted = Wanted(frozenset(action), frozenset(destination), frozenset(person), moment(since))
    with _open_record(config, data) as reader:
        events = reader.tail(lines, follow=follow, wanted=wanted)
        if form == "json":
            for event in events:
                print_json(event)
            return
        if destination:
            _tell_unknown(config, destination)
        click.echo(HEADING, err=True)
        shown = []
        for event, number in ((event, 1) for event in events) if follow or each else folded(events):
            click.echo(format_line(event, sentences(config), number=number))
            if not follow:  # which may go on for weeks
                shown.append((event, number))
        click.echo(summary(shown) if lines else "With -n 0 only what comes is shown: add --follow.", err=True)


@command.command("show")
@folders
@click.argument("decision")
def show(config: Path, data: Path, decision: str) -> None:
    """Print everything that is recorded of one DECISION (its id stands in the notice)."""
    with _open_record(config, data) as reader:
        record = reader.show(decision)
        reasons = reader.reasons(decision)
        expired = record is None and reader.has_expired(decision)
    if record is None:
        said = "Decision {} was recorded, and has expired." if expired else "No decision {} is recorded."
        click.echo(said.format(decision), err=True)
        sys.exit(FOUND)
    click.echo(record)
    for sentence in map(sentences(config), reasons):
        click.echo(sentence, err=True)


@command.command("verify")
@folders
@format_option
def verify(config: Path, data: Path, form: str) -> None:
    """Check that no record was changed, deleted, added or cut off since it was written."""
    with _open_record(config, data) as reader:
        report = reader.verify()
    if form == "json":
        print_json({"ok": report.ok, "sentence": report.sentence})
    else:
        click.echo(report.sentence)
    sys.exit(FINE if report.ok else FOUND)


@command.command("export")
@folders
@click.option("--format", "form", type=click.Choice(sorted(load_forms())), default="jsonl", show_default=True)
@click.option("--since", metavar="TIME", help="RFC 3339, such as 2026-01-31 or 2026-01-31T08:00:00Z.")
@click.option("--until", metavar="TIME", help="As --since; exclusive.")
@actions_option
@click.option("--verdicts", is_flag=True, help="With what reviewers said of each in the console.")
def export(
    config: Path,
    data: Path,
    form: str,
    since: str | None,
    until: str | None,
    action: tuple[str, ...],
    verdicts: bool,
) -> None:
    """Print recorded decisions for other tools."""
    from promptguard.audit.reading import moment
    from promptguard.runtime.review_database import open_verdicts

    begin, end = moment(since), moment(until)
    if begin and end and begin >= end:
        raise click.BadOptionUsage("until", f"--until {until} is not after --since {since}: nothing lies between.")
    with _open_record(config, data) as reader, ExitStack() as opened:
        beside = opened.enter_context(open_verdicts(config, data)) if verdicts else iter
        for line in reader.export(form, since=since, until=until, actions=action, beside=beside):
            click.echo(line, nl=False)


@command.command("expire")
@folders
@click.option("--dry-run", is_flag=True, help="Say what would expire, and change nothing.")
@format_option
def expire(config: Path, data: Path, dry_run: bool, form: str) -> None:
    """Make decisions unreadable whose time is over (`retention` in promptguard.yaml), but for what is under a hold.

    With them goes what the console kept long enough. A running proxy does so once a day. The chain stays whole:
    `audit verify` tells how many have expired.
    """
    from promptguard.runtime.data_folder import DataFolder
    from promptguard.runtime.retention import open_retention

    with open_retention(load_settings(config), DataFolder(data)) as retention:
        due = retention.due() if dry_run else retention.expire(user_name())
    if due is None:
        raise PromptGuardError("Another process is at it just now.")
    decisions, console = due.decisions, due.console.counts
    counts = sorted(decisions.counts.items())
    classes = [{"class": name, "day": day, "decisions": count} for (name, day), count in counts]
    if form == "json":
        told = {"decisions": decisions.records, "held": due.held, "classes": classes, "console": console}
        print_json({**told, "dry_run": dry_run})
        return
    for each in classes:
        click.echo("{day}  {decisions:>8}  {class}".format(**each))
    for what, count in console.items():
        click.echo(f"{count} {_CONSOLE[what]}")
    verb = "would expire" if dry_run else "have expired"
    click.echo(f"{decisions.records} decisions {verb}; {due.held} are kept because of a hold or an incident.")


_CONSOLE = {
    "incidents": "incidents",
    "reports": "reports of staff",
    "evidence_requests": "requests for evidence",
    "ledger": "entries of the ledger",
}
"""What the console keeps, in words."""


def _tell_unknown(config: Path, destinations: tuple[str, ...]) -> None:
    """Say which of them the configuration does not know: the record may hold decisions about one that it knew once."""
    from promptguard.configuration.bundle import load_bundle

    registry = load_bundle(config).registry
    for name in destinations:
        if registry.destination(name) is None:
            click.echo(f"The configuration has no destination ‘{name}’. {registry.suggestion(name)}", err=True)


def _open_record(config: Path, data: Path) -> AbstractContextManager[Reader]:
    from promptguard.runtime.record import open_record

    return open_record(config, data)
