"""`promptguard rollout …`: what laptops need."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from promptguard.commands.support.options import FINE, FOUND, Group, folders
from promptguard.errors import PromptGuardError


@click.group("rollout", cls=Group)
def command() -> None:
    """Make what laptops need to go through the proxy."""


@command.command("pac")
@folders
@click.option(
    "--proxy", multiple=True, metavar="HOST:PORT", help="In place of `pac.proxies`: the proxy as laptops reach it."
)
@click.option("--everything", is_flag=True, default=None, help="Send all hosts through it, not AI services alone.")
@click.option(
    "--direct", multiple=True, metavar="HOST", help="With `--everything`: a host, or *.domain, that goes past it."
)
def pac(config: Path, data: Path, proxy: tuple[str, ...], everything: bool | None, direct: tuple[str, ...]) -> None:
    """Print the PAC file, as the proxy serves it at `pac.listen`."""
    from pydantic import ValidationError

    from promptguard.configuration.bundle import load_bundle
    from promptguard.configuration.pac_settings import PacSettings
    from promptguard.rollout.pac_server import pac_of
    from promptguard.wire.formats import load_formats

    bundle = load_bundle(config, formats=load_formats())
    given = {"proxies": list(proxy), "everything": everything, "direct": list(direct)}
    told = {name: value for name, value in given.items() if value or value is False}
    try:
        settings = PacSettings.model_validate({**bundle.settings.pac.model_dump(), **told})
    except ValidationError as error:
        first = error.errors()[0]
        raise click.BadParameter(str(first.get("ctx", {}).get("error", first["msg"]))) from None
    if not settings.proxies:
        raise PromptGuardError(
            "A PAC file needs a proxy. Name it with --proxy, or as `pac.proxies` in promptguard.yaml."
        )
    click.echo(pac_of(bundle, settings), nl=False)


@command.command("make")
@folders
@click.option("--for", "target", required=True, metavar="TARGET", help="intune, gpo, jamf, kandji, google or linux.")
@click.option("--proxy", metavar="HOST:PORT", help="In place of the first of `pac.proxies`: the proxy of programs.")
@click.option("--pac", metavar="URL", help="The PAC file as laptops reach it; by default that of `pac.listen`.")
@click.option("--direct", multiple=True, metavar="HOST", help="In place of `pac.direct`: what goes past the proxy.")
@click.option("--organisation", default="PromptGuard", show_default=True, help="Whose profiles they are.")
@click.option("--git", is_flag=True, help="Name the proxy in git's own configuration too.")
@click.option(
    "--to", type=click.Path(file_okay=False, path_type=Path), help="The folder to write. [default: kit-TARGET]"
)
def make(
    config: Path,
    data: Path,
    target: str,
    proxy: str | None,
    pac: str | None,
    direct: tuple[str, ...],
    organisation: str,
    git: bool,
    to: Path | None,
) -> None:
    """Write the kit that device management distributes: CA, proxy, policies of browsers, runtimes and agents."""
    from cryptography import x509

    from promptguard.configuration.bundle import load_bundle
    from promptguard.configuration.pac_settings import host_of
    from promptguard.rollout.ca import make_ca
    from promptguard.rollout.ca_constraints import permitted_by
    from promptguard.rollout.kit import Rollout, load_targets, write_kit
    from promptguard.runtime.data_folder import DataFolder
    from promptguard.typed_yaml.fields import is_this_machine
    from promptguard.wire.formats import load_formats

    targets = load_targets()
    if target not in targets:
        raise click.BadParameter(f"‘{target}’ is none of {', '.join(sorted(targets))}", param_hint="--for")
    bundle = load_bundle(config, formats=load_formats())
    settings = bundle.settings.pac
    if proxy is None:
        if not settings.proxies:
            raise PromptGuardError(
                "A kit needs the proxy. Name it with --proxy, or as `pac.proxies` in promptguard.yaml."
            )
        proxy = settings.proxies[0]
    if (
        pac is None
        and settings.address
        and is_this_machine(settings.address[0])
        and not is_this_machine(host_of(proxy))
    ):
        raise PromptGuardError(
            f"The PAC file is served at {settings.listen} (`pac.listen`), which laptops do not reach. "
            "Name it as they fetch it with --pac, or listen at 0.0.0.0."
        )
    place = DataFolder(data)
    made = not place.ca_key.exists()
    certificate = x509.load_pem_x509_certificate(make_ca(place, permitted_by(bundle)).read_bytes())
    try:
        rollout = Rollout(
            certificate,
            proxy,
            pac=pac or settings.url_at(proxy),
            direct=direct or settings.direct,
            organisation=organisation,
            git=git,
            asks=bundle.settings.identity.asks,
        )
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    folder = to or Path(f"kit-{target}")
    files = write_kit(targets[target], rollout, folder)
    click.echo(f"{folder}: {len(files)} files. README.txt says in steps what goes where.")
    click.echo(f"The CA in it is {place.ca_certificate}{', made now' if made else ''}.")
    if made:
        click.echo(
            "A proxy that was started with another --data has another CA: name its folder, and make the kit again."
        )


@command.group("ca", cls=Group)
def ca() -> None:
    """Look at the CA that laptops trust, and change it for a new one."""


@ca.command("status")
@folders
def ca_status(config: Path, data: Path) -> None:
    """Say what laptops have to trust, for how long, what it may sign, and whether an older one still does."""
    from promptguard.configuration.bundle import load_bundle
    from promptguard.rollout.ca_status import status_of
    from promptguard.runtime.data_folder import DataFolder
    from promptguard.wire.formats import load_formats

    bundle = load_bundle(config, formats=load_formats())
    status = status_of(DataFolder(data), bundle.registry.destinations, bundle.workspaces.sign_in_hosts)
    for line in status.lines():
        click.echo(line)
    sys.exit(FINE if status.ok else FOUND)


@ca.command("rotate")
@folders
@click.option("--no-overlap", is_flag=True, help="Laptops with the old CA alone lose AI services at once.")
@click.confirmation_option(prompt="Make a new CA, and delete the key of the one there is?")
def ca_rotate(config: Path, data: Path, no_overlap: bool) -> None:
    """Put a new CA in place, which the old one signs too, so that laptops may have either meanwhile.

    It has name constraints where `ca.name_constraints` says so. Proxies take it up at their next start.
    """
    from promptguard.configuration.bundle import load_bundle
    from promptguard.rollout.ca import rotate
    from promptguard.rollout.ca_constraints import permitted_by
    from promptguard.runtime.data_folder import DataFolder
    from promptguard.wire.formats import load_formats

    folder = DataFolder(data)
    found = rotate(folder, permitted_by(load_bundle(config, formats=load_formats())), overlap=not no_overlap)
    click.echo(f"The new CA is {folder.ca_certificate}.")
    click.echo("Restart the proxies (of several machines, copy the folder `ca` to each before), and roll it out.")
    if found.before is not None:
        ends = found.chain[0].not_valid_after_utc
        click.echo(
            f"Laptops that trust the old one go on until {ends:%Y-%m-%d}, or until `promptguard rollout ca finish`."
        )


@ca.command("finish")
@folders
@click.confirmation_option(prompt="Do all laptops trust the new CA?")
def ca_finish(config: Path, data: Path) -> None:
    """End the overlap: laptops that trust only the old CA lose AI services at the proxies' next start."""
    from promptguard.rollout.ca import finish
    from promptguard.runtime.data_folder import DataFolder

    finish(DataFolder(data))
    click.echo("The old CA counts no more once the proxies were restarted. Take it off the laptops.")
