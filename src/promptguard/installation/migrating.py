"""Brings a company's own configuration files into the form of this version, and keeps what they were before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from promptguard.discovery import classes_in, modules_of
from promptguard.errors import ConfigError
from promptguard.installation import migrations
from promptguard.installation.migrations.interface import Conflict, Migration
from promptguard.installation.shipped import files_of, shipped_configuration
from promptguard.installation.writing import replace
from promptguard.typed_yaml.editing import NotEditable, YamlText
from promptguard.typed_yaml.reading import YamlFile

KEPT: Final = ".before-upgrade"
"""The folder in the configuration, hidden and so none of it, where files are kept as they were before an upgrade."""

_MARK: Final = "\ufeff"
"""Of the byte order, with which some editors begin a file."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """One file that needs to be changed."""

    path: str
    """In the configuration folder, with `/`."""
    before: str
    after: str
    done: Sequence[str]
    """What was changed, as sentences without their full stops."""


def load_migrations() -> list[Migration]:
    """All migrations, in their order."""
    return [each() for module in modules_of(migrations) for each in classes_in(module, Migration)]


def due(folder: Path, *, besides: Collection[str] = ()) -> list[Migrated]:
    """What has to be changed in a configuration folder, by path. Changes nothing.

    Args:
        besides: paths of files that need nothing, as they are about to become what is shipped.

    Raises:
        ConfigError: a person has to decide first, or a file cannot be changed by a program.
        OSError: a file cannot be read.
    """
    shipped = files_of(shipped_configuration())
    all_migrations = load_migrations()
    found = []
    for path, content in files_of(folder).items():
        if path in besides or content == shipped.get(path):
            continue
        its = [each for each in all_migrations if Path(path).match(each.files)]
        if its and (changed := _migrate(folder, path, content, its, shipped)):
            found.append(changed)
    return found


def write(folder: Path, changed: Iterable[Migrated]) -> None:
    """Write files as they have to be.

    Raises:
        OSError: one cannot be written.
    """
    for each in changed:
        replace(folder / each.path, each.after.encode("utf-8"))


def keep(folder: Path, paths: Iterable[str]) -> Path | None:
    """Keep files as they are, before they are changed, in a folder of this moment. Returns it; None for no files.

    Raises:
        OSError: one cannot be read or written.
    """
    kept = folder / KEPT / datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    existing = [path for path in paths if (folder / path).is_file()]
    if existing:
        kept.mkdir(parents=True, mode=0o700)  # what is in it may be its owner's alone
    for path in existing:
        replace(kept / path, (folder / path).read_bytes())
        (kept / path).chmod((folder / path).stat().st_mode & 0o777)
    return kept if existing else None


def _migrate(
    folder: Path, path: str, content: bytes, its: Iterable[Migration], shipped: Mapping[str, bytes]
) -> Migrated | None:
    def shipped_text(name: str) -> str | None:
        found = shipped.get(name)
        return None if found is None else found.decode("utf-8-sig")

    try:
        before = content.decode("utf-8")
        text = YamlText(before.removeprefix(_MARK))
        done = [sentence for each in its for sentence in each.apply(path, text, shipped_text)]
    except Conflict as conflict:
        raise YamlFile(folder / path).error(conflict.keys, conflict.problem, conflict.remedy) from None
    except UnicodeDecodeError:
        return None  # whoever loads it says so, with its line
    except NotEditable as why:
        YamlFile(folder / path)  # what is no YAML is told with its line
        raise ConfigError(
            folder / path, None, f"it cannot be brought into this version's form by a program: {why}", "Do it by hand."
        ) from None
    mark = _MARK if before.startswith(_MARK) else ""
    return Migrated(path, before, mark + text.text, done) if done else None
