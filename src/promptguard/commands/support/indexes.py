"""What `documents` and `sources` have in common: their indexes are opened, listed and emptied alike."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promptguard.commands.support.options import FINE, FOUND, print_json

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
    from promptguard.runtime.data_folder import DataFolder
    from promptguard.runtime.key_material import open_keys

    settings = load_bundle(config).settings
    folder = DataFolder(data)
    keys = open_keys(folder, settings)
    path = folder.at(getattr(settings, scheme.id).index)
    key: bytes = getattr(keys, scheme.id)
    return FingerprintStore(path, key, scheme), key, path


def print_registered(scheme: Scheme, config: Path, data: Path, form: str) -> None:
    """Print what is registered: date, length, files, data class or `boilerplate`, name; as text or JSON."""
    store, _, path = open_store(scheme, config, data)
    entries = store.details() if path.exists() else []
    if form == "json":
        print_json(
            [
                {
                    "added": entry.added,
                    "characters": entry.characters,
                    "files": entry.files,
                    "class": None if entry.boilerplate else entry.data_class,
                    "boilerplate": entry.boilerplate,
                    "name": entry.name,
                }
                for entry in entries
            ]
        )
        return
    for entry in entries:
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
