"""The file of a tenant index: arrays that are mapped into memory, and nothing in plain text.

Layout, all numbers little-endian: `MAGIC`; salt (16 bytes); check of the key (16); length of the whole file (u8);
length of the description (u4); the description, JSON under AES-256-GCM-SIV (RFC 8452); the sections, each at a multiple
of 64 bytes; a keyed BLAKE2b digest of everything before it (32).
"""

from __future__ import annotations

import hmac
import json
import mmap
import os
import struct
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from promptguard.detectors.tenants.keyed_hashes import SALT_BYTES, TAG_BYTES, KeyedHashes
from promptguard.errors import ConfigError

MAGIC = b"PromptGuard tenants 2\n"
_ANY_MAGIC = b"PromptGuard tenants "
_HEAD = struct.Struct(f"<{SALT_BYTES}s16sQI")
_ALIGNMENT = 64
_PIECE = 1 << 20
_NONCE = bytes(12)
"""Fixed: the key is of this file only."""

_BUILD_AGAIN = "Build it again from the CSV: promptguard tenants build."


@dataclass(frozen=True, slots=True)
class IndexFile:
    """An index file that was read and found right."""

    hashes: KeyedHashes
    description: Mapping[str, Any]
    sections: Mapping[str, npt.NDArray[Any]]
    tag: bytes


def write_index_file(
    path: Path, hashes: KeyedHashes, description: Mapping[str, Any], sections: Mapping[str, npt.NDArray[Any]]
) -> None:
    """Write an index, whole or not at all, readable by its owner alone. A file that is in use stays as it is.

    Raises:
        ConfigError: the file cannot be written.
    """
    # The places of the sections depend on the length of the description, which depends on their number of digits;
    # so they count from the end of the description.
    layout, place = [], 0
    for name, section in sections.items():
        layout.append([name, section.dtype.str, len(section), place])
        place += -(-section.nbytes // _ALIGNMENT) * _ALIGNMENT
    encoded = json.dumps({**description, "sections": layout}).encode()
    encrypted = AESGCMSIV(hashes.description_key).encrypt(_NONCE, encoded, None)
    begin = _sections_begin(len(encrypted))
    total = begin + place + TAG_BYTES
    head = MAGIC + _HEAD.pack(hashes.salt, hashes.check, total, len(encrypted)) + encrypted
    draft: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            draft = Path(file.name)
            tag = hashes.tag()
            for content in (head, bytes(begin - len(head))):
                tag.update(content)
                file.write(content)
            for section in sections.values():
                array = memoryview(np.ascontiguousarray(section))
                for piece in (array.cast("B") if section.nbytes else b"", bytes(-section.nbytes % _ALIGNMENT)):
                    tag.update(piece)
                    file.write(piece)
            file.write(tag.digest())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        if draft:
            draft.unlink(missing_ok=True)
        raise ConfigError(
            path, None, f"the index cannot be written: {error.strerror}", "Check the folder, its permissions, the disk."
        ) from None


def read_index_file(path: Path, key: bytes) -> IndexFile:
    """Read an index that was written with the same key. All of it is read once, to see that it is whole.

    Raises:
        ConfigError: the file cannot be read, is no index of this version, was made with another key, or is damaged.
    """
    try:
        with path.open("rb") as file:
            return _read(path, file, key)
    except OSError as error:
        raise ConfigError(path, None, f"the index cannot be read: {error.strerror}", _BUILD_AGAIN) from None


def _read(path: Path, file: BinaryIO, key: bytes) -> IndexFile:
    magic = file.read(len(MAGIC))
    if magic != MAGIC:
        if magic.startswith(_ANY_MAGIC):
            raise ConfigError(path, None, "is an index of another version of PromptGuard", _BUILD_AGAIN)
        raise ConfigError(path, None, "is no tenant index", _BUILD_AGAIN)
    size = os.fstat(file.fileno()).st_size
    head = file.read(_HEAD.size)
    if len(head) < _HEAD.size:
        raise ConfigError(path, None, "is damaged: it ends in its head", _BUILD_AGAIN)
    salt, check, total, described = _HEAD.unpack(head)
    hashes = KeyedHashes(key, salt)
    if not hmac.compare_digest(hashes.check, check):
        raise ConfigError(
            path, None, "was made with another key, or is damaged", f"{_BUILD_AGAIN} Use the data folder of the proxy."
        )
    if size != total:
        raise ConfigError(path, None, f"is damaged: it has {size} bytes of {total}", _BUILD_AGAIN)
    tag = _verified(path, file, hashes, size)
    content = _content(file)
    description_begin = len(MAGIC) + _HEAD.size
    try:
        description = json.loads(
            AESGCMSIV(hashes.description_key).decrypt(
                _NONCE, bytes(content[description_begin : description_begin + described]), None
            )
        )
    except (InvalidTag, ValueError):
        raise ConfigError(path, None, "is damaged", _BUILD_AGAIN) from None
    begin = _sections_begin(described)
    sections = {
        name: np.frombuffer(content, dtype, count, begin + place) if count else np.zeros(0, dtype)
        for name, dtype, count, place in description["sections"]
    }
    return IndexFile(hashes, description, sections, tag)


def _sections_begin(described: int) -> int:
    return -(-(len(MAGIC) + _HEAD.size + described) // _ALIGNMENT) * _ALIGNMENT


def _verified(path: Path, file: BinaryIO, hashes: KeyedHashes, size: int) -> bytes:
    """The file's digest, if it is right."""
    file.seek(0)
    tag = hashes.tag()
    left = size - TAG_BYTES
    while left > 0 and (piece := file.read(min(_PIECE, left))):
        tag.update(piece)
        left -= len(piece)
    if not hmac.compare_digest(tag.digest(), file.read(TAG_BYTES)):
        raise ConfigError(path, None, "is damaged", _BUILD_AGAIN)
    return tag.digest()


def _content(file: BinaryIO) -> bytes | mmap.mmap:
    """The file's bytes: mapped, so that only what is looked at takes memory, and all processes share it.

    A mapped file that is replaced stays as it was until it is let go. Windows would not let it be replaced: there it is
    read.
    """
    if sys.platform == "win32":
        file.seek(0)
        return file.read()
    mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    # Without it, the system would read ahead around each of the few places that are looked at.
    if hasattr(mmap, "MADV_RANDOM"):
        mapped.madvise(mmap.MADV_RANDOM)
    return mapped
