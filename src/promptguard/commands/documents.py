"""`promptguard documents`: which documents must not leave."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from promptguard.commands.support.indexes import open_store, print_registered, remove_registered
from promptguard.commands.support.options import FINE, FOUND, Group, folders, format_option, sentences
from promptguard.model import DataClass


@click.group("documents", cls=Group)
def command() -> None:
    """The documents of which no passage must leave."""


@command.command("add")
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
    from promptguard.commands.support.document_files import DocumentFiles
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


@command.command("list")
@folders
@format_option
def list_(config: Path, data: Path, form: str) -> None:
    """Print what is registered: when, characters, files, data class, name."""
    from promptguard.detectors.fingerprints.scheme import DOCUMENTS

    print_registered(DOCUMENTS, config, data, form)


@command.command("remove")
@folders
@click.argument("name", nargs=-1, required=True)
def remove(config: Path, data: Path, name: tuple[str, ...]) -> None:
    """Remove the documents called NAME from the index."""
    from promptguard.detectors.fingerprints.scheme import DOCUMENTS

    remove_registered(DOCUMENTS, config, data, name)
