"""The file of a backup: a tar archive with a list of what is in it, whole or not there."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import secrets
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, Final

import orjson

from promptguard.errors import PromptGuardError
from promptguard.keys import sync_folder

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
MAX_MANIFEST_BYTES: Final = 64 * 2**20
_PIECE: Final = 2**20


class BackupDamaged(PromptGuardError):
    """A file that is no backup, or not a whole one."""


class Draft:
    """An archive that is being written. It stands under another name until it is whole and on the disk."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._files: dict[str, dict[str, object]] = {}

    def add(self, name: str, path: Path) -> None:
        """Put a file in, as it is now.

        Raises:
            OSError: it cannot be read, or the archive not be written.
        """
        with path.open("rb") as stream:
            self._put(name, os.fstat(stream.fileno()).st_size, stream)

    def add_bytes(self, name: str, content: bytes) -> None:
        """Put a file with this content in."""
        self._put(name, len(content), io.BytesIO(content))

    def finish(self, members: dict[str, Any]) -> None:
        """Put the list of all files in, last."""
        content = orjson.dumps({**members, "format": FORMAT, "files": self._files}, option=orjson.OPT_INDENT_2)
        self._put(MANIFEST, len(content), io.BytesIO(content))

    def _put(self, name: str, size: int, stream: Any) -> None:
        reader = _Hashing(stream, size)
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        self._tar.addfile(info, reader)
        self._files[name] = {"bytes": size, "sha256": reader.digest.hexdigest()}


class _Hashing:
    """Reads so many bytes of a file, which may go on growing, and hashes them."""

    def __init__(self, stream: Any, size: int) -> None:
        self._stream = stream
        self._left = size
        self.digest = hashlib.sha256()

    def read(self, size: int = _PIECE) -> bytes:
        piece: bytes = self._stream.read(min(size, self._left))
        self._left -= len(piece)
        self.digest.update(piece)
        return piece


@contextmanager
def writing(path: Path) -> Iterator[Draft]:
    """An archive that is at `path` once this ends without an error, and not before.

    Raises:
        PromptGuardError: something is there.
        OSError: it cannot be written.
    """
    with whole_file(path) as stream, tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as tar:
        yield Draft(tar)


@contextmanager
def whole_file(path: Path) -> Iterator[Any]:
    """A file (mode 600) that is at `path` once this ends without an error, and not before.

    Raises:
        PromptGuardError: something is there.
        OSError: it cannot be written.
    """
    if path.exists():
        raise PromptGuardError(f"{path} is there already. Nothing was written: name another file.")
    for left in path.parent.glob(f".{path.name}.*.part"):
        left.unlink(missing_ok=True)  # of a run that was cut off
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.link(draft, path)  # unlike a rename, fails if something is there by now
        sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def read_manifest(path: Path) -> dict[str, Any]:
    """The list of what is in a backup, and what it says of itself.

    Raises:
        BackupDamaged: it is no backup, or a newer PromptGuard's.
        OSError: it cannot be read.
    """
    with _opened(path) as tar:
        try:
            member = tar.getmember(MANIFEST)
            content = tar.extractfile(member) if member.size <= MAX_MANIFEST_BYTES else None
            found: Any = orjson.loads(content.read() if content else b"")
        except (KeyError, ValueError, tarfile.TarError):
            found = None
    if not isinstance(found, dict) or not isinstance(found.get("files"), dict):
        raise BackupDamaged(f"{path} is no backup of PromptGuard's, or not a whole one.")
    if found.get("format") != FORMAT:
        raise BackupDamaged(f"{path} was made by a newer PromptGuard.")
    return found


def extract(path: Path, folder: Path) -> dict[str, Any]:
    """Put all files of a backup into a folder that is empty, and check each; its list.

    Raises:
        BackupDamaged: a file is missing, damaged, one too many, or would stand elsewhere.
        OSError: they cannot be written.
    """
    manifest = read_manifest(path)
    listed: dict[str, Any] = dict(manifest["files"])
    with _opened(path) as tar:
        try:
            for member in tar:
                if member.name != MANIFEST:
                    _extract(tar, member, folder, listed.pop(member.name, None), path)
        except tarfile.TarError:
            raise BackupDamaged(f"{path} is damaged.") from None
    if listed:
        raise BackupDamaged(f"{path} lacks {', '.join(sorted(listed))}.")
    return manifest


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path, listed: Any, path: Path) -> None:
    name = PurePosixPath(member.name)
    source = tar.extractfile(member) if member.isreg() else None
    if source is None or listed is None or name.is_absolute() or ".." in name.parts:
        raise BackupDamaged(f"{path} has {member.name!r} in it, which is not in its list.")
    target = folder / name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        while piece := source.read(_PIECE):
            digest.update(piece)
            stream.write(piece)
        stream.flush()
        os.fsync(stream.fileno())
    if digest.hexdigest() != listed["sha256"]:
        raise BackupDamaged(f"{member.name} in {path} is damaged.")


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    with contextlib.ExitStack() as stack:
        try:
            yield stack.enter_context(tarfile.open(path, "r:"))
        except tarfile.TarError:
            raise BackupDamaged(f"{path} is no backup of PromptGuard's, or not a whole one.") from None
