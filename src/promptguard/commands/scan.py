"""`promptguard scan`: what is sensitive in files and folders."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click

from promptguard.commands.support.options import FINE, FOUND, WRONG, folders, names_option


@click.command("scan")
@folders
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path, allow_dash=True), metavar="FILE...")
@click.option("--format", "form", type=click.Choice(["text", "json", "jsonl"]), default="text", show_default=True)
@names_option
@click.option("--explain", "explained", is_flag=True, help="Say why each was found, and what else was looked at.")
def command(config: Path, data: Path, files: tuple[Path, ...], form: str, names: bool, explained: bool) -> None:
    """Say what is sensitive in each FILE, all files of it where it is a folder, or standard input; never printing it.

    With `--format jsonl`, each line of input is `{"id", "text"}` and each line of output
    `{"id", "spans": [{"start", "end", "type", "class", "score", "detector"}]}`; the exit status is then 0 whatever is
    found, as in any filter of a pipe.
    """
    if explained and form != "text":
        raise click.BadOptionUsage("explained", "--explain writes for people: use it with --format text.")
    if form == "jsonl" and any(file.is_dir() for file in files):
        raise click.BadOptionUsage("form", "--format jsonl reads lines of JSON: name files, no folders.")
    asked = files or (Path("-"),)
    if form == "jsonl":
        asyncio.run(_scan_lines(config, data, asked, names))
        sys.exit(FINE)
    found, failed = asyncio.run(_scan_files(config, data, asked, form, names, explained))
    sys.exit(WRONG if failed else FOUND if found else FINE)


async def _scan_lines(config: Path, data: Path, files: tuple[Path, ...], names: bool) -> None:
    from promptguard.commands.support.json_lines import scan_lines
    from promptguard.commands.support.options import sentences
    from promptguard.runtime.tools import open_tools

    async with open_tools(config, data, names=names) as tools:
        for file in files:
            with click.open_file(str(file), "rb") as lines:
                await scan_lines(tools, lines, sys.stdout, sentences(config))


async def _scan_files(
    config: Path, data: Path, files: tuple[Path, ...], form: str, names: bool, explained: bool
) -> tuple[bool, bool]:
    """Whether anything was found, and whether any file could not be read."""
    from promptguard.commands.support.scan_reports import JsonReport, TextReport
    from promptguard.commands.support.scanned_files import scan_files
    from promptguard.runtime.tools import open_tools

    report = JsonReport() if form == "json" else TextReport(explained=explained)
    async with open_tools(config, data, names=names) as tools:
        return await scan_files(tools, files, report, config)
