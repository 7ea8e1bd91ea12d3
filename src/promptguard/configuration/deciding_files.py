"""The files of a configuration that decide: what is kept of it, so that each decision leads to the text that decided.

Without `identities.yaml` and `promptguard.yaml`: who people are and where databases stand decides nothing. What stands
under `notices` is what people are told, and decides nothing either.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from promptguard.configuration import destinations
from promptguard.configuration.bundle import POLICY, RECOGNIZERS, Bundle
from promptguard.configuration.folder_contents import folder_version
from promptguard.policy.versions import ConfigurationText


def is_deciding(name: str) -> bool:
    """Whether a file decides, by its path in the configuration folder, with slashes."""
    parts = name.split("/")
    if len(parts) == 1:
        return name in (POLICY, destinations.FILE, destinations.NEVER_DECRYPT)
    return parts[0] in (destinations.FOLDER, RECOGNIZERS) and name.endswith(".yaml") and not parts[-1].startswith(".")


def deciding_files(folder: Path) -> dict[str, str]:
    """The texts of a folder that decide, by their paths.

    Raises:
        OSError: one cannot be read.
    """
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode("utf-8", "replace") for path in _paths(folder)
    }


def deciding_text(bundle: Bundle) -> ConfigurationText | None:
    """The texts behind a bundle; None where the folder has changed since, or cannot be read: the next look finds that.

    Reads files.
    """
    try:
        files = deciding_files(bundle.folder)
        if folder_version(bundle.folder) != bundle.version:
            return None
    except OSError:
        return None
    return ConfigurationText(bundle.policy.hash, bundle.policy.version, files)


def _paths(folder: Path) -> Iterator[Path]:
    for name in (POLICY, destinations.FILE, destinations.NEVER_DECRYPT):
        if (folder / name).is_file():
            yield folder / name
    for name in (destinations.FOLDER, RECOGNIZERS):
        yield from sorted(path for path in (folder / name).rglob("*.yaml") if not path.name.startswith("."))
