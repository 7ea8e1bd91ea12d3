"""`promptguard documents`: which documents must not leave."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promptguard.commands.shared import FINE, FOUND, Group, folders, sentences
from promptguard.model import DataClass

if TYPE_CHECKING:
    from promptguard.detectors.fingerprints.scheme import Scheme
    from promptguard.detectors.fingerprints.store import FingerprintStore


def open_store(scheme: Scheme, config: Path, data: Path) -> tuple[FingerprintStore, bytes, Path]:
    """The index of a kind of texts in an installation, its key, and where it is.

    Raises:
        ConfigError: the configuration or the master key cannot be read.
    """
    from promptguard.configuration.bundle import load_bundle
    from promptguard.detectors.fingerprints.store import FingerprintStore
    from promptguard.keys import Keys
    from promptguard.runtime.data_folder import DataFolder

    settings = load_bundle(config).settings
    folder = DataFolder(data)
    keys = Keys.load_or_create(folder.keys)
    path = folder.at(getattr(settings, scheme.id).index)
    key: bytes = getattr(keys, scheme.id)
    return FingerprintStore(path, key, scheme), key, path


def print_registered(scheme: Scheme, config: Path, data: Path) -> None:
    """Print what is registered: date, length, files, data class or `boilerplate`, name."""
    store, _, path = open_store(scheme, config, data)
    if not path.exists():
        return
    for entry in store.details():
        what = "boilerplate" if entry.boilerplate else str(entry.data_class)
        click.echo(f"{entry.added}  {entry.characters:>10}  {entry.files:>6}  {what:20}  {entry.name}")


def remove_registered(scheme: Scheme, config: Path, data: Path, names: tuple[str, ...]) -> None:
    """Remove texts by name; ends with status 1 where one of them is not registered."""
    store, _, path = open_store(scheme, config, data)
    unknown = store.remove(names) if path.exists() else list(names)
    for name in unknown:
        click.echo(f"No {scheme.noun} {name} is registered.", err=True)
    if len(unknown) < len(names):
        click.echo(f"{len(names) - len(unknown)} removed from {path}. A running proxy takes it up by itself.")
    sys.exit(FOUND if unknown else FINE)


@click.group(cls=Group)
def documents() -> None:
    """The documents of which no passage must leave."""


@documents.command("add")
@folders
@click.argument("file", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--name", help="What findings call the document, in place of its file's name; for one FILE.")
@click.option(
    "--data-class",
    type=click.Choice([str(data_class) for data_class in DataClass]),
    default=str(DataClass.CONFIDENTIAL_RECORDS),
    show_default=True,
    help="What kind of data it is, for the policy.",
)
@click.option("--boilerplate", is_flag=True, help="What stands in FILE counts for nothing in other documents.")
def add(config: Path, data: Path, file: tuple[Path, ...], name: str | None, data_class: str, boilerplate: bool) -> None:
    """Register each FILE, and all files in it where it is a folder, in place of what has the same name."""
    from promptguard.commands.document_files import DocumentFiles
    from promptguard.detectors.fingerprints.registering import Fingerprinter, name_documents, register_documents
    from promptguard.detectors.fingerprints.scheme import DOCUMENTS

    try:
        named = name_documents(file, name)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    store, key, path = open_store(DOCUMENTS, config, data)
    fingerprinter = Fingerprinter(DOCUMENTS, key)
    kind = DataClass(data_class)
    refused = 0
    said = sentences(config)
    with DocumentFiles() as files:
        for each in register_documents(
            named, store, fingerprinter, files.read, data_class=kind, boilerplate=boilerplate
        ):
            refused += 1
            click.echo(f"{each.path}: refused: {said(each.reason)}", err=True)
    added = len(named) - refused
    click.echo(f"{added} added to {path}, {refused} refused. A running proxy takes it up by itself.")
    sys.exit(FOUND if not added else FINE)


@documents.command("list")
@folders
def list_(config: Path, data: Path) -> None:
    """Print what is registered: when, characters, files, data class, name."""
    from promptguard.detectors.fingerprints.scheme import DOCUMENTS

    print_registered(DOCUMENTS, config, data)


@documents.command("remove")
@folders
@click.argument("name", nargs=-1, required=True)
def remove(config: Path, data: Path, name: tuple[str, ...]) -> None:
    """Remove the documents called NAME from the index."""
    from promptguard.detectors.fingerprints.scheme import DOCUMENTS

    remove_registered(DOCUMENTS, config, data, name)
