"""`promptguard run`: the proxy with its workers, its record and its console."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from promptguard.commands.support.options import address_of, folders


@click.command("run")
@folders
@click.option("--listen", metavar="HOST:PORT", help="Where the proxy listens; default as configured, 127.0.0.1:8080.")
@click.option(
    "--console",
    metavar="HOST:PORT|off",
    help="Where the console listens; default as configured, 127.0.0.1:8081. `off` starts none.",
)
@click.option(
    "--console-published",
    metavar="HOST:PORT",
    help="In a container: where its console's port is published, such as 127.0.0.1:8081. It is reached there alone.",
)
@click.option(
    "--allow-unknown-clients", is_flag=True, default=None, help="Serve other machines without knowing who uses them."
)
@click.option(
    "--connect-to",
    multiple=True,
    metavar="HOST=ADDRESS:PORT",
    help="Fetch answers for HOST (or `*`) from elsewhere: for trials against a stand-in provider.",
)
@click.option(
    "--upstream-ca",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Certificates (PEM) to trust in AI services, beside the public ones.",
)
@click.option(
    "--upstream-proxy",
    metavar="URL",
    help="A further proxy that everything goes through; better in PROMPTGUARD_UPSTREAM_PROXY if it holds a password.",
)
def command(
    config: Path,
    data: Path,
    listen: str | None,
    console: str | None,
    console_published: str | None,
    allow_unknown_clients: bool | None,
    connect_to: tuple[str, ...],
    upstream_ca: Path | None,
    upstream_proxy: str | None,
) -> None:
    """Start the proxy with its workers, its record and its console."""
    from promptguard.proxy.run import run
    from promptguard.runtime.console_process import ConsoleOption

    address = address_of(listen, "--listen")
    console_at = address_of(None if console == "off" else console, "--console")
    published = address_of(console_published, "--console-published")
    status = run(
        config,
        data,
        listen=address,
        console=None if console == "off" else ConsoleOption(console_at, published),
        connect_to=connect_to,
        upstream_ca=upstream_ca,
        upstream_proxy=upstream_proxy,
        allow_unknown_clients=allow_unknown_clients,
    )
    sys.exit(status)
