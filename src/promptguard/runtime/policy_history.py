"""The configurations that decided and those that were published, told together: who, when, why, and their texts."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from promptguard.audit.events import timestamp
from promptguard.configuration.deciding_files import deciding_files, is_deciding
from promptguard.configuration.publishing import shared_files
from promptguard.configuration.reading_settings import read_settings
from promptguard.errors import PromptGuardError
from promptguard.keys import Keys
from promptguard.policy.publications import Publication, PublicationStore
from promptguard.policy.versions import POLICY_FILE, ConfigurationText, PolicyVersion, PolicyVersionStore
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.publishing import check_files
from promptguard.runtime.record import open_to_read

_SHORTEST = 6
"""Characters of a hash that name a version."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A version that was in force, and by which publications it came to be: none where somebody edited the folder."""

    version: PolicyVersion
    publications: Sequence[Publication]
    periods: Sequence[tuple[str, str]]
    """From when to when it was in force, the first time first: several where it was gone back to. As `Event.time`."""


class PolicyHistory:
    """What an installation went by."""

    def __init__(self, versions: PolicyVersionStore, publications: PublicationStore) -> None:
        self._versions = versions
        self._publications = publications

    def entries(self) -> list[HistoryEntry]:
        """All versions, the last one that was taken up first."""
        published: dict[str, list[Publication]] = {}
        for publication in self._publications.all():
            if files := self._publications.files(publication):
                published.setdefault(_text(files).hash, []).append(publication)
        versions = self._versions.all()
        return [
            HistoryEntry(version, published.get(version.hash, ()), periods(version, versions)) for version in versions
        ]

    def files(self, name: str) -> Mapping[str, str]:
        """The texts of a version, by the beginning of its hash, or of a publication, by `#` and its number.

        Raises:
            PromptGuardError: there is none, or several.
        """
        if name.startswith("#"):
            found = [each for each in self._publications.all() if str(each.number) == name[1:]]
            files = self._publications.files(found[0]) if found else None
            if files is None:
                raise PromptGuardError(f"There is no publication {name}. See `promptguard configuration history`.")
            return dict(_text(files).files)
        hashes = [each.hash for each in self._versions.all() if each.hash.startswith(name.lower())]
        if len(name) < _SHORTEST or len(hashes) != 1:
            problem = "Several versions begin" if len(hashes) > 1 else "No version begins"
            raise PromptGuardError(f"{problem} with “{name}”. See `promptguard policy history`.")
        return self._of(hashes[0])

    def in_force(self) -> Mapping[str, str]:
        """The texts of what was taken up last.

        Raises:
            PromptGuardError: no proxy has taken up any yet.
        """
        versions = self._versions.all()
        if not versions:
            raise PromptGuardError("No proxy has taken up a configuration yet.")
        return self._of(versions[0].hash)

    def before(self, current: Mapping[str, str]) -> Mapping[str, str]:
        """The texts of the version before some others.

        Raises:
            PromptGuardError: there is none.
        """
        hash = ConfigurationText("", "", current).hash
        hashes = [each.hash for each in self._versions.all()]
        later = hashes.index(hash) if hash in hashes else -1
        if later + 1 >= len(hashes):
            raise PromptGuardError("There is no version before this one. See `promptguard policy history`.")
        return self._of(hashes[later + 1])

    def _of(self, hash: str) -> Mapping[str, str]:
        files = self._versions.files(hash)
        if files is None:
            raise PromptGuardError(f"Version {hash[:12]} is not kept, or was written with another master key.")
        return files


def periods(version: PolicyVersion, versions: Sequence[PolicyVersion]) -> list[tuple[str, str]]:
    """When a version was in force, without the times of those that came after it and went before it did.

    Of each version is kept when it was first and last seen: what lies between was another's where somebody went back.
    """
    within = sorted(
        (each.first_seen, each.last_seen)
        for each in versions
        if version.first_seen < each.first_seen and each.last_seen < version.last_seen
    )
    found, begin = [], version.first_seen
    for first, last in within:
        if begin < first:
            found.append((begin, first))
        begin = max(begin, last)
    return [*found, (begin, version.last_seen)]


@contextlib.contextmanager
def open_history(config: Path, data: Path) -> Iterator[PolicyHistory]:
    """The history of an installation.

    Raises:
        PromptGuardError: there is none, or its database cannot be opened.
    """
    folder = DataFolder(data)
    key = Keys.load(folder.keys).configuration
    with open_to_read(read_settings(config), folder) as backend:
        yield PolicyHistory(backend.policy_versions(key), backend.publications(key))


def write_files(folder: Path, files: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Make the deciding files of a folder these ones; all others stay. What is the same is not written again.

    Returns:
        The names of those written, and of those removed.

    Raises:
        OSError: one cannot be written.
    """
    there = deciding_files(folder) if folder.is_dir() else {}
    changed = [name for name, text in sorted(files.items()) if there.get(name) != text and is_deciding(name)]
    for name in changed:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.new")
        temporary.write_bytes(files[name].encode())
        temporary.replace(path)
    gone = [name for name in there if name not in files]
    for name in gone:
        (folder / name).unlink()
    return changed, gone


def roll_back(config: Path, data: Path, files: Mapping[str, str]) -> tuple[Path, Sequence[str]]:
    """Make the configuration folder what a version was; a running proxy takes it up within seconds.

    Returns:
        Where a copy is of what was there, and the names of the files that are otherwise.

    Raises:
        PromptGuardError: the version cannot be used any more, or configurations are published here.
        OSError: a file cannot be written.
    """
    if read_settings(config).configuration.signed_by:
        raise PromptGuardError(
            "Configurations are published here, and signed: go back with `promptguard configuration rollback`."
        )
    current = deciding_files(config)
    others = {name: text.encode() for name, text in files.items()}
    kept_apart = {name: content for name, content in shared_files(config).items() if not is_deciding(name)}
    check_files(config, {**kept_apart, **others}, config)
    copies = DataFolder(data).path / "before-rollback"
    copies.mkdir(mode=0o700, exist_ok=True)
    copy = Path(tempfile.mkdtemp(prefix=timestamp(datetime.now(UTC))[:19].replace(":", "") + "-", dir=copies))
    write_files(copy, current)
    changed, gone = write_files(config, files)
    return copy, [*changed, *gone]


def _text(files: Mapping[str, bytes]) -> ConfigurationText:
    texts = {name: content.decode("utf-8", "replace") for name, content in files.items() if is_deciding(name)}
    return ConfigurationText("", POLICY_FILE, texts)
