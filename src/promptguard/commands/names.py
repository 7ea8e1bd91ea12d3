"""`promptguard names …`: the names model for a server."""

from __future__ import annotations

import re
from pathlib import Path

import click

from promptguard.commands.support.options import Group
from promptguard.errors import PromptGuardError

_SERVERS = ("triton", "openvino", "mlserver")
_PRECISIONS = ("float32", "int8")


@click.group("names", cls=Group)
def command() -> None:
    """Have a server run the names model."""


@command.command("export")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="The server's model repository."
)
@click.option("--for", "server", required=True, type=click.Choice(_SERVERS), help="Which server it is for.")
@click.option(
    "--precision",
    default=_PRECISIONS[0],
    show_default=True,
    type=click.Choice(_PRECISIONS),
    help="Of the weights: `int8` is for ONNX Runtime on processors.",
)
@click.option("--name", default="promptguard-names", show_default=True, help="What the model is called there.")
def export(out: Path, server: str, precision: str, name: str) -> None:
    """Write the model `rampart` for a server of the Open Inference Protocol; see `names.server`."""
    from promptguard.detectors.names.model_kinds import without_extra

    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}", name):
        raise click.BadParameter("letters, digits, `.`, `_` and `-`, and a letter or digit first", param_hint="--name")
    try:
        from promptguard.detectors.names.inference_server.graph import Precision
        from promptguard.detectors.names.inference_server.repository import Server, write_repository
        from promptguard.detectors.names.weights import model_folder

        click.echo(write_repository(out, Server(server), name, Precision(precision), model_folder()))
    except ModuleNotFoundError as error:
        raise PromptGuardError(without_extra(f"The package {error.name}")) from None
