"""`promptguard fingerprint`: the keyed hash of a value, for allow lists and for looking it up in the record."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

import click

from promptguard.commands.support.options import folders


@click.command("fingerprint")
@folders
@click.argument("file", type=click.File("r", encoding="utf-8"), default="-")
def command(config: Path, data: Path, file: TextIO) -> None:
    """Print the fingerprint of the value on each line of FILE (or standard input).

    It is the one that the record has for this value on this installation, and that an allow list may name under
    `fingerprints`.
    """
    from promptguard.configuration.bundle import load_bundle
    from promptguard.detectors.values import fingerprint
    from promptguard.runtime.data_folder import DataFolder
    from promptguard.runtime.key_material import open_keys

    key = open_keys(DataFolder(data), load_bundle(config).settings).fingerprint
    for line in file:
        if value := line.strip("\r\n"):
            click.echo(fingerprint(value, key))
