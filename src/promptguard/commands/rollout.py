"""`promptguard rollout …`: what laptops need."""

from __future__ import annotations

from pathlib import Path

import click

from promptguard.commands.support.options import Group, folders
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
