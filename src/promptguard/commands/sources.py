"""`promptguard sources`: which source code is one's own."""

from __future__ import annotations

from pathlib import Path

import click

from promptguard.commands.support.indexes import open_store, print_registered, remove_registered
from promptguard.commands.support.options import Group, folders, format_option


@click.group("sources", cls=Group)
def command() -> None:
    """The source code that is one's own."""


@command.command("add")
@folders
@click.argument("folder", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--name", help="What findings call the repository, in place of its folder's name; for one FOLDER.")
@click.option("--boilerplate", is_flag=True, help="What stands in FOLDER is public, and counts for nothing in others.")
def add(config: Path, data: Path, folder: tuple[Path, ...], name: str | None, boilerplate: bool) -> None:
    """Register the source code in each FOLDER, in place of what has the same name.

    In a git repository the tracked files are read, else all but hidden and built ones. Vendored, generated, minified
    and binary files are left out, and so is what stands in the repository's licences.
    """
    from promptguard.detectors.fingerprints.registering import Fingerprinter
    from promptguard.detectors.fingerprints.repositories import read_repository
    from promptguard.detectors.fingerprints.scheme import SOURCES

    if name is not None and len(folder) > 1:
        raise click.UsageError(f"one name for {len(folder)} folders")
    names = [each.resolve().name for each in folder]
    if len(set(names)) < len(names):
        raise click.UsageError("two of the folders have one name: add one of them alone, with --name")
    store, key, path = open_store(SOURCES, config, data)
    fingerprinter = Fingerprinter(SOURCES, key)
    for each in folder:
        entry = read_repository(each, name, fingerprinter, boilerplate=boilerplate)
        store.put([entry])
        click.echo(f"{entry.details.files} files of {entry.details.name} added to {path}.")
    click.echo("A running proxy takes it up by itself.")


@command.command("list")
@folders
@format_option
def list_(config: Path, data: Path, form: str) -> None:
    """Print what is registered: when, characters, files, data class, name."""
    from promptguard.detectors.fingerprints.scheme import SOURCES

    print_registered(SOURCES, config, data, form)


@command.command("remove")
@folders
@click.argument("name", nargs=-1, required=True)
def remove(config: Path, data: Path, name: tuple[str, ...]) -> None:
    """Remove the repositories called NAME from the index."""
    from promptguard.detectors.fingerprints.scheme import SOURCES

    remove_registered(SOURCES, config, data, name)
