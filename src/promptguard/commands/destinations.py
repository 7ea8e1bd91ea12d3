"""`promptguard destinations`: which AI services are known, what is known of each, and what should be looked at."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from promptguard.commands.support.options import FINE, FOUND, Group, folders, format_option, print_json
from promptguard.commands.support.tool_assessments import ask
from promptguard.errors import PromptGuardError
from promptguard.model import SERVICE_STATUSES, Destination, Kind

if TYPE_CHECKING:
    from promptguard.configuration.destinations import Destinations


@click.group("destinations", cls=Group)
def command() -> None:
    """List the AI services of the registry, show and export them, and check what should be looked at."""


command.add_command(ask)


def _filters(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--kind`, `--status` and `--host`."""
    for option in (
        click.option(
            "--host", help="Those of a host, decrypted or not; or of all hosts that match a pattern with `*`."
        ),
        click.option(
            "--status", multiple=True, type=click.Choice([str(each) for each in SERVICE_STATUSES]), help="Of a status."
        ),
        click.option("--kind", multiple=True, type=click.Choice([str(each) for each in Kind]), help="Of a kind."),
    ):
        command = option(command)
    return command


def _load(config: Path) -> Destinations:
    from promptguard.configuration.destinations import load_destinations
    from promptguard.wire.formats import load_formats

    return load_destinations(config, load_formats())


def _chosen(
    config: Path, data: Path, kinds: Iterable[str], statuses: Iterable[str], host: str | None
) -> tuple[Destinations, list[Destination]]:
    """The registry, and those of its services that are asked for, with the status that was decided."""
    from promptguard.commands.support.decided import as_decided

    loaded = as_decided(config, data, _load(config))
    chosen = [
        each
        for each in loaded.registry.destinations
        if (not kinds or each.kind in kinds) and (not statuses or each.status in statuses)
        if host is None or _has(loaded, each, host)
    ]
    return loaded, chosen


def _has(loaded: Destinations, destination: Destination, host: str) -> bool:
    if "*" in host:
        return any(fnmatchcase(each, host.lower()) for each in (*destination.hosts, *destination.undecrypted_hosts))
    return destination in (loaded.registry.find_host(host), loaded.registry.find_undecrypted(host))


@command.command("list")
@folders
@_filters
@format_option
def list_destinations(
    config: Path, data: Path, kind: tuple[str, ...], status: tuple[str, ...], host: str | None, form: str
) -> None:
    """Print the AI services: id, name, kind, status, number of decrypted hosts, file and line."""
    from promptguard.configuration.destination_forms import as_json

    loaded, chosen = _chosen(config, data, kind, status, host)
    if form == "json":
        print_json([as_json(each, loaded.definitions[each.id]) for each in chosen])
        return
    for each in chosen:
        hosts = f"{len(each.hosts)} host{'' if len(each.hosts) == 1 else 's'}"
        hosts = hosts if each.enabled else "switched off"
        told = f"{each.id}  {each.name}  {each.kind}  {each.status}  {hosts}  {loaded.definitions[each.id]}"
        click.echo(told)
    click.echo(f"{len(chosen)} of {len(loaded.registry.destinations)} services.", err=True)


@command.command("show")
@folders
@click.argument("name", metavar="ID")
@format_option
def show(config: Path, data: Path, name: str, form: str) -> None:
    """Show all that is known of the service ID, which may be one of its hosts too; or why a host is never decrypted."""
    from promptguard.commands.support.decided import decided_status
    from promptguard.configuration.destination_forms import as_json

    loaded = _load(config)
    registry = loaded.registry
    found = registry.destination(name) or registry.find_host(name) or registry.find_undecrypted(name)
    if found is None:
        _show_never_decrypted(loaded, name, form)
    elif form == "json":
        decided = decided_status(config, data, found.id)
        print_json({**as_json(found, loaded.definitions[found.id]), "decided": decided})
    else:
        click.echo("\n".join(_shown(loaded, found, decided_status(config, data, found.id))))


def _show_never_decrypted(loaded: Destinations, name: str, form: str) -> None:
    from promptguard.destinations.hosts import normalised

    group = loaded.registry.never_decrypt.find(normalised(name))
    if group is None:
        raise PromptGuardError(
            f"“{name}” is neither the id nor a host of any destination, and no host of never_decrypt."
            f" {loaded.registry.suggestion(name)}"
        )
    if form == "json":
        print_json({"host": name, "never_decrypt": {"group": group.group, "reason": group.reason}})
        return
    click.echo(f"{name} is never decrypted: {group.group}. {group.reason}")


def _shown(loaded: Destinations, destination: Destination, decided: Mapping[str, str] | None) -> Iterator[str]:
    facts = destination.data_handling
    yield f"{destination.name} ({destination.id}), {loaded.definitions[destination.id]}"
    yield from _rows(
        ("kind", destination.kind),
        ("status", destination.status),
        ("decided", _decided(decided)),
        ("enabled", None if destination.enabled else "no: its hosts pass undecrypted"),
        ("owner", destination.owner),
        ("review due", destination.review_due),
        ("reviewed", facts.reviewed),
        ("format", destination.format),
        ("body signed", "yes: allowed or blocked, never redacted" if destination.body_signed else None),
        ("layer in pages", _layer(destination)),
        ("alternatives", ", ".join(destination.alternatives)),
        ("trains on prompts", {None: None, True: "yes", False: "no"}[facts.trains_on_prompts]),
        ("retention", None if facts.retention_days is None else f"{facts.retention_days} days"),
        ("region", facts.region),
        ("agreement", facts.agreement),
        ("on training", facts.references.training),
        ("on retention", facts.references.retention),
        ("on region", facts.references.region),
        ("on contract", facts.references.contract),
    )
    yield from _listed("hosts", destination.hosts)
    yield from _listed("undecrypted hosts", destination.undecrypted_hosts)
    yield from _listed("routes", [f"{route.path}  {route.purpose}  {route.format}" for route in destination.routes])


def _decided(decided: Mapping[str, str] | None) -> str | None:
    if decided is None:
        return None
    told = "{status} by {decided_by} on {decided}, as {asked_by} asked ({id}); to be reviewed by {review_due}"
    handling = decided["data_handling"]
    return told.format_map(decided) + (f"; of the provider: {handling}" if handling else "")


def _layer(destination: Destination) -> str | None:
    """Whether its pages show what was decided; None where nobody expects that."""
    if destination.in_page:
        return "yes, unless notices.in_page is false"
    return "no" if destination.kind is Kind.WEB_CHAT else None


def _rows(*rows: tuple[str, str | None]) -> Iterator[str]:
    for name, value in rows:
        if value:
            yield f"  {name:18} {value}"


def _listed(name: str, lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f"  {'' if number else name:18} {line}"


@command.command("export")
@folders
@_filters
@click.option(
    "--format",
    "form",
    type=click.Choice(["md", "csv", "json"]),
    default="md",
    show_default=True,
    help="How to write it.",
)
def export(
    config: Path, data: Path, kind: tuple[str, ...], status: tuple[str, ...], host: str | None, form: str
) -> None:
    """Print the registry whole: for a page, a spreadsheet, or a program."""
    from promptguard.configuration.destination_forms import TABLES, as_json

    loaded, chosen = _chosen(config, data, kind, status, host)
    if form == "json":
        print_json([as_json(each, loaded.definitions[each.id]) for each in chosen])
        return
    click.echo(TABLES[form](chosen, loaded.definitions), nl=False)


def _day(context: click.Context, parameter: click.Parameter, value: datetime | None) -> date:
    return value.date() if value else datetime.now(UTC).date()


@command.command("check")
@folders
@click.option("--all", "every", is_flag=True, help="Print what is only good to know, too.")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=_day,
    metavar="DATE",
    help="The day to look from, such as 2027-05-31; today by default.",
)
@format_option
def check(config: Path, data: Path, every: bool, on: date, form: str) -> None:
    """Say which reviews are overdue, which hosts are out of reach, and what is not known of services."""
    from promptguard.commands.support.decided import as_decided
    from promptguard.destinations.reviews import remarks

    loaded = as_decided(config, data, _load(config))
    found = list(remarks(loaded.registry, on))
    failures = [each for each in found if each.is_failure]
    shown = found if every else failures
    if form == "json":
        keys = [{"id": each.id, "problem": each.problem, "failure": each.is_failure} for each in found]
        print_json({"ok": not failures, "destinations": len(loaded.definitions), "remarks": keys})
        sys.exit(FOUND if failures else FINE)
    for each in shown:
        mark = "error" if each.is_failure else "note"
        click.echo(f"{mark}: {loaded.definitions[each.id]}: {each.id}: {each.problem}.")
    registry = loaded.registry
    hidden = "" if every or len(found) == len(failures) else f" ({len(found) - len(failures)} notes: --all)"
    click.echo(
        f"{len(registry.destinations)} services, {len(registry.hosts())} hosts; {len(failures)} to put right{hidden}."
    )
    sys.exit(FOUND if failures else FINE)


@command.command("sightings")
@folders
@click.option("--days", type=click.IntRange(1, 90), default=14, show_default=True, help="How far back to look.")
@format_option
def sightings(config: Path, data: Path, days: int, form: str) -> None:
    """Print the hosts that look like AI services and are not listed: host, how often, first and last day, why."""
    from promptguard.runtime.coverage import unlisted_in

    found = unlisted_in(config, data, days)
    for each in found:
        if form == "json":
            print_json(each._asdict())
        else:
            click.echo(f"{each.host}  {each.times}  {each.first_day}  {each.last_day}")
    if form == "text":
        click.echo(
            f"{len(found)} unapproved tool{'' if len(found) == 1 else 's'} seen in the last {days} days.", err=True
        )
        if found:
            click.echo("Inspect one: promptguard destinations adopt HOST", err=True)


@command.command("adopt")
@folders
@click.argument("host")
@click.option(
    "--kind",
    type=click.Choice([str(each) for each in Kind]),
    default=str(Kind.WEB_CHAT),
    show_default=True,
    help="What sort of tool it is.",
)
@click.option("--name", default="", help="The name that people know it by; the host by default.")
def adopt(config: Path, data: Path, host: str, kind: str, name: str) -> None:
    """Take HOST into the registry, under review: it is decrypted and inspected from then on."""
    from promptguard.configuration.adopting import adopt as take
    from promptguard.wire.formats import load_formats

    today = datetime.now(UTC).date()
    path = take(config, host, load_formats(), kind=Kind(kind), name=name, today=today)
    click.echo(f"{host} is in {path} now. A running proxy takes it up by itself. Review it, and set its status there.")
