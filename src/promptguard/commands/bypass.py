"""`promptguard bypass`: what goes to AI services and past the proxy."""

from __future__ import annotations

import ipaddress
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promptguard.commands.support.options import FINE, FOUND, WRONG, folders, format_option, print_json
from promptguard.errors import PromptGuardError

if TYPE_CHECKING:
    from promptguard.configuration.settings import Settings
    from promptguard.rollout.bypass.networks import Network
    from promptguard.rollout.bypass.own_view import Seen
    from promptguard.rollout.bypass.report import Report


def _network(text: str) -> Network:
    """An address or network.

    Raises:
        click.BadParameter: it is none.
    """
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        raise click.BadParameter(
            f"‘{text}’ is neither an address nor a network. Write one such as 192.0.2.17 or 10.20.0.0/16."
        ) from None


def _proxies(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> list[Network]:
    return [_network(text) for text in values]


def _names(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[Network, str]:
    found: dict[Network, str] = {}
    for text in values:
        network, equals, name = text.partition("=")
        if not equals or not name.strip().isprintable() or not name.strip():
            raise click.BadParameter(f"‘{text}’ names no network. Write one such as 10.20.0.0/16=Berlin.")
        found[_network(network)] = name.strip()
    return found


def _day(context: click.Context, parameter: click.Parameter, value: datetime | None) -> str:
    return value.date().isoformat() if value else ""


@click.command("bypass")
@folders
@click.argument("logs", metavar="LOG...", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--proxy-address",
    "proxies",
    multiple=True,
    metavar="ADDRESS",
    callback=_proxies,
    help="An address of the proxy, or its network: what it connects to is no way past it.",
)
@click.option(
    "--network",
    "names",
    multiple=True,
    metavar="NETWORK=NAME",
    callback=_names,
    help="What to call a network, such as 10.20.0.0/16=Berlin; others are told as /24, or /48 for IPv6.",
)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=_day,
    metavar="DATE",
    help="The first day to count, such as 2026-11-29.",
)
@format_option
def command(
    config: Path,
    data: Path,
    logs: tuple[Path, ...],
    proxies: list[Network],
    names: dict[Network, str],
    since: str,
    form: str,
) -> None:
    """Tell what goes to AI services past the proxy, and what it let pass. Exit status 1 where anything does.

    LOGs are files or folders of Zeek, Suricata, dnsmasq, Pi-hole, pfSense or OPNsense, packed with gzip or not; - for
    standard input. Addresses of machines are masked, and nobody is counted.
    """
    from promptguard.rollout.bypass.report import as_json, as_text, remarks

    report = _report(config, data, logs, proxies, names, since)
    for remark in remarks(report):
        click.echo(remark, err=True)
    if form == "json":
        print_json(as_json(report))
    else:
        for line in as_text(report):
            click.echo(line)
        if not report.is_read:
            click.echo("So it is not known what goes to AI services past the proxy.", err=True)
        elif not report.found:
            told = "Nothing was found that goes" if logs else "No log was named, which would show what goes"
            click.echo(f"{told} to AI services past the proxy.", err=True)
    if not report.is_read:
        sys.exit(WRONG)
    sys.exit(FINE if report.is_fine else FOUND)


def _report(
    config: Path, data: Path, logs: tuple[Path, ...], proxies: list[Network], names: dict[Network, str], since: str
) -> Report:
    from promptguard.configuration.bundle import load_bundle
    from promptguard.rollout.bypass.log_files import files_of, read_file, read_stream
    from promptguard.rollout.bypass.networks import Networks
    from promptguard.rollout.bypass.report import Report
    from promptguard.rollout.bypass.tally import Tally
    from promptguard.rollout.bypass.watched import WatchedHosts

    bundle = load_bundle(config)
    tally = Tally(WatchedHosts(bundle.registry), Networks(names, proxies), since)
    read = []
    for path in logs:
        if str(path) == "-":
            read.append(read_stream(sys.stdin.buffer, "standard input", tally))
        else:
            read += [read_file(file, tally) for file in files_of([path])]
    own = _own_view(bundle.settings, data, since, optional=bool(logs))
    return Report(tally.found(), read, tally.left_out, bool(proxies), own)


def _own_view(settings: Settings, data: Path, since: str, *, optional: bool) -> list[Seen]:
    """What the proxy has seen; nothing where it is optional and there is no record."""
    from promptguard.rollout.bypass.own_view import seen_by_proxy

    try:
        return seen_by_proxy(settings, data, since)
    except PromptGuardError as error:
        if not optional:
            raise
        click.echo(f"What the proxy itself has seen is not told: {error}", err=True)
        return []
