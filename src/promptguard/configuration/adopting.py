"""Takes a host that was seen into the registry: from then on it is decrypted and inspected."""

from __future__ import annotations

import os
from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from promptguard.configuration.destinations import FOLDER, load_destinations
from promptguard.destinations.hosts import host_mistake, normalised
from promptguard.errors import ConfigError, PromptGuardError
from promptguard.model import Kind, Status

ADOPTED: Final = "adopted.yaml"
"""The file of the folder that adopted hosts are written to."""

REVIEW_DAYS: Final = 30
"""Days until an adopted service is to be reviewed."""

_HEAD: Final = """\
# AI services that were seen in use and taken over by `promptguard destinations adopt`. Review each, and move it to the
# file of its kind: docs/destinations.md.

destinations:
"""


def adopt(config: Path, host: str, formats: Collection[str], *, kind: Kind, name: str = "", today: date) -> Path:
    """Add a service with one host to the registry, under review, read in any shape. The file it was written to.

    Args:
        formats: ids of the wire formats that the registry may name.
        name: by which people know it; the host where it is empty.

    Raises:
        PromptGuardError: the host is none, or known already; or the registry is one file, or cannot be read.
        OSError: the file cannot be written.
    """
    host = normalised(host)
    if wrong := host_mistake(host):
        raise PromptGuardError(f"{wrong[0]}. {wrong[1]}")
    registry = load_destinations(config, formats).registry
    if known := registry.find_host(host) or registry.find_undecrypted(host):
        off = "" if known.enabled else ", which is switched off"
        raise PromptGuardError(f"{host} belongs to {known.name} ({known.id}) already{off}.")
    if group := registry.never_decrypt.find(host):
        raise PromptGuardError(f"{host} is never decrypted: {group.group}. {group.reason}")
    folder = config / FOLDER
    if not folder.is_dir():
        raise PromptGuardError(f"{config} has no folder {FOLDER}/: add {host} to destinations.yaml by hand.")
    path = folder / ADOPTED
    before = path.read_text("utf-8") if path.exists() else _HEAD
    entry = _entry(host, name or host, kind, _free_id(host, {each.id for each in registry.destinations}), today)
    _replace(path, f"{before.rstrip()}\n\n{entry}" if path.exists() else before + "\n" + entry)
    try:
        load_destinations(config, formats)
    except ConfigError:
        _replace(path, before) if before != _HEAD else path.unlink()
        raise
    return path


def _free_id(host: str, taken: Collection[str]) -> str:
    base = "-".join(part for part in host.replace("*", "any").replace("_", "-").split(".") if part).strip("-")
    return next(id for id in (base, *(f"{base}-{number}" for number in range(2, 10_000))) if id not in taken)


def _entry(host: str, name: str, kind: Kind, id: str, today: date) -> str:
    due = (today + timedelta(days=REVIEW_DAYS)).isoformat()
    quoted = "'" + name.replace("'", "''").replace("\n", " ") + "'"
    return (
        f"  - id: {id}\n    name: {quoted}\n    hosts: ['{host}']\n    kind: {kind}\n"
        f"    status: {Status.UNDER_REVIEW}\n    review_due: {due}\n"
    )


def _replace(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, "utf-8")
    draft.replace(path)
