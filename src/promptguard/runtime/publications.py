"""Takes up configurations that were published: checked, written beside the data, and put in the place of the folder.

What is in force stands under `configuration/current` of the data folder, which leads to the folder of one version: the
published files, and links to what is the machine's own. So it holds after a restart, and without the database.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import orjson

from promptguard.configuration.bundle import Bundle, load_bundle
from promptguard.configuration.publishing import check_signature, is_shared
from promptguard.errors import PromptGuardError
from promptguard.policy.publications import Publication, PublicationStore, files_hash
from promptguard.runtime.data_folder import DataFolder

_FACTS: Final = ".publication.json"
"""Hidden, so that it is no file of the configuration."""

_KEPT: Final = 3
"""Folders of versions that stay."""


class NotWritten(PromptGuardError):
    """The disk did not take a version; it may at another time."""


class Publications:
    """What of them a data folder has.

    Args:
        config: the machine's own configuration folder.
        signers: files of public keys.
    """

    def __init__(self, config: Path, folder: DataFolder, signers: Sequence[Path]) -> None:
        self._config = config.absolute()
        self._folder = folder.configuration
        self._signers = signers
        self.current = self._folder / "current"

    @property
    def number(self) -> int:
        """That of the one in force; 0 where none is."""
        return int(self.current.resolve().name) if self.current.is_symlink() else 0

    @property
    def in_force(self) -> Path:
        """The configuration folder to go by.

        Raises:
            PromptGuardError: what was taken up has been changed, or counts no longer.
        """
        if not self._signers or not self.current.exists():
            return self._config
        place = self.current.resolve()
        try:
            self._held(place)
        except PromptGuardError as error:
            raise PromptGuardError(
                f"{place}: the published configuration cannot be used. {error}\n  Remove {self._folder}: it is "
                "taken up again from the database."
            ) from None
        _link(self._config, place)
        return self.current

    def _held(self, place: Path) -> Publication:
        """What the folder of a version holds.

        Raises:
            PromptGuardError: it has been changed, or counts no longer.
        """
        try:
            facts = orjson.loads((place / _FACTS).read_bytes())
            publication = Publication(**{**facts, "signature": bytes.fromhex(facts["signature"])})
            check_signature(publication, self._signers)
            unchanged = files_hash(_files_in(place)) == publication.hash
        except (OSError, ValueError, TypeError, KeyError):
            raise PromptGuardError("It cannot be read.") from None
        if not unchanged:
            raise PromptGuardError("Its files have been changed.")
        return publication

    def _has(self, publication: Publication, place: Path) -> bool:
        try:
            return self._held(place) == publication
        except PromptGuardError:
            return False

    def take_up(self, publication: Publication, store: PublicationStore, check: Callable[[Bundle], object]) -> None:
        """Put a published configuration in the place of the one in force. Reads the database, and waits for the disk.

        Args:
            check: raises a `PromptGuardError` for what cannot be used.

        Raises:
            NotWritten: it could not be written.
            PromptGuardError: it is not signed by one who may, is damaged, or there is a mistake in it.
        """
        check_signature(publication, self._signers)
        files = store.files(publication)
        if files is None or files_hash(files) != publication.hash:
            raise PromptGuardError("Its files are damaged, or were written with another master key.")
        if wrong := [name for name in files if not is_shared(name)]:
            raise PromptGuardError(f"It holds {wrong[0]}, which is each machine's own.")
        place = self._folder / f"{publication.number:06}"
        try:
            if not self._has(publication, place):  # else another process of this machine has, and reads it now
                self._write(place, publication, files)
            check(load_bundle(place))
            if publication.number > self.number:  # another process of this machine may have been quicker
                link = self._folder / f".current-{os.getpid()}"
                link.unlink(missing_ok=True)
                link.symlink_to(place.name)
                link.replace(self.current)
            self._forget(publication.number)
        except OSError as error:
            raise NotWritten(f"{place} cannot be written: {error.strerror}.") from None

    def _write(self, place: Path, publication: Publication, files: Mapping[str, bytes]) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._folder, prefix=".new-") as temporary:
            fresh = Path(temporary, place.name)
            fresh.mkdir(mode=0o700)
            _fill(fresh, files)
            names = ("number", "hash", "time", "author", "reason", "restores")
            facts = {name: getattr(publication, name) for name in names}
            (fresh / _FACTS).write_bytes(orjson.dumps({**facts, "signature": publication.signature.hex()}))
            _link(self._config, fresh)
            if place != self.current.resolve():  # what is in force is not touched
                shutil.rmtree(place, ignore_errors=True)
                with contextlib.suppress(OSError):  # another process of this machine has just written the same
                    fresh.rename(place)

    def _forget(self, number: int) -> None:
        numbers = sorted(int(path.name) for path in self._folder.iterdir() if path.name.isdecimal())
        for each in numbers[:-_KEPT]:
            if each < number:
                shutil.rmtree(self._folder / f"{each:06}", ignore_errors=True)


def configuration_in_force(config: Path, folder: DataFolder, signers: Sequence[Path]) -> Path:
    """The folder that a proxy on this data folder goes by: the published one, or the machine's own.

    Raises:
        PromptGuardError: see `Publications.in_force`.
    """
    return Publications(config, folder, signers).in_force


@contextmanager
def tried_out(config: Path, files: Mapping[str, bytes]) -> Iterator[Path]:
    """A folder as a proxy with the configuration folder `config` would have it if these files were published."""
    with tempfile.TemporaryDirectory(prefix="promptguard-configuration-") as folder:
        _fill(Path(folder), files)
        _link(config.absolute(), Path(folder))
        yield Path(folder)


def followed(place: Path, folder: DataFolder) -> Path:
    """The folder to look at for changes of a configuration that was read from `place`: where it may lead elsewhere."""
    is_published = place.parent == folder.configuration.resolve()
    return folder.configuration / "current" if is_published else place


def _fill(place: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = place / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(content)


def _link(config: Path, place: Path) -> None:
    """Let what is the machine's own be found beside what is published."""
    for path in config.iterdir():
        link = place / path.name
        if path.name.startswith(".") or is_shared(path.name) or link.exists():
            continue
        link.unlink(missing_ok=True)
        with contextlib.suppress(FileExistsError):  # another process of this machine has just made it
            link.symlink_to(path)


def _files_in(place: Path) -> dict[str, bytes]:
    """The published files in the folder of a version."""
    names = (path for path in sorted(place.rglob("*")) if path.is_file())
    return {name: path.read_bytes() for path in names if is_shared(name := path.relative_to(place).as_posix())}
