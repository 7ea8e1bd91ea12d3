"""`promptguard redact`: a text with placeholders for everything sensitive in it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import BinaryIO

import click

from promptguard.commands.support.options import FINE, FOUND, folders, names_option


@click.command("redact")
@folders
@click.argument("file", type=click.File("rb"), default="-")
@names_option
def command(config: Path, data: Path, file: BinaryIO, names: bool) -> None:
    """Print FILE (or standard input) with placeholders for everything sensitive in it."""
    text, found = asyncio.run(_redact(config, data, file, names))
    sys.stdout.write(text)
    sys.exit(FOUND if found else FINE)


async def _redact(config: Path, data: Path, file: BinaryIO, names: bool) -> tuple[str, bool]:
    from promptguard.runtime.tools import open_tools, text_of

    text = text_of(file)
    async with open_tools(config, data, names=names) as tools:
        return await tools.redact(text)
