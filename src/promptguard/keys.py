"""The secret of an installation, and the keys that are derived from it, one for each purpose.

Whoever has the master key can read the vault and write a record that verifies, so it lies apart from the database
and its backups.
"""

from __future__ import annotations

import base64
import hmac
import os
import secrets
import stat
from collections.abc import Collection
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from promptguard.errors import ConfigError

MASTER_FILE = "master.key"
MASTER_BYTES = 32

MAX_PSEUDONYMS = 10_000
"""Pseudonyms that are kept in memory: each request asks for one."""


def derive(secret: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose: HKDF-SHA256 (RFC 5869), no salt, the purpose as info.

    `secret` must be uniformly random, as the master key and every derived key are.
    """
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"promptguard/v1/" + purpose.encode()).derive(secret)


class SealingCipher:
    """AES-256-GCM, with a random nonce before each ciphertext."""

    _NONCE_BYTES = 12

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, plain: bytes, bound_to: bytes = b"") -> bytes:
        """What opens with the same key, and bound to the same alone."""
        nonce = secrets.token_bytes(self._NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, bound_to)

    def open(self, sealed: bytes, bound_to: bytes = b"") -> bytes:
        """What was sealed.

        Raises:
            ValueError: it was changed, sealed with another key, or bound to something else.
        """
        try:
            return self._cipher.decrypt(sealed[: self._NONCE_BYTES], sealed[self._NONCE_BYTES :], bound_to)
        except InvalidTag:
            raise ValueError("not sealed with this key and bound to this") from None


class Keys:
    """The keys of one installation, 32 bytes each. None of them can be computed from the others."""

    __slots__ = (
        "_file",
        "_pseudonym",
        "_pseudonyms",
        "_stamp",
        "acknowledgements",
        "allow_list",
        "audit",
        "cache",
        "configuration",
        "devices",
        "documents",
        "encryption",
        "fingerprint",
        "folder",
        "justifications",
        "ledger",
        "memory",
        "orders",
        "placeholder",
        "records",
        "reports",
        "second_factor",
        "sign_in",
        "sources",
        "spool",
        "tenants",
        "vault",
    )

    def __init__(self, master: bytes, folder: Path) -> None:
        """`folder` is where the master key lies, and what else must lie apart from the database."""
        if len(master) != MASTER_BYTES:
            raise ValueError(f"a master key has {MASTER_BYTES} bytes")
        self.folder = folder
        self._file = os.path.join(folder, MASTER_FILE)  # noqa: PTH118 - a text, see `check_in_place`
        self._stamp: tuple[int, ...] | None = None
        self.fingerprint = derive(master, "fingerprint")
        """For the keyed hashes of found values."""
        self.placeholder = derive(master, "placeholder")
        """For the names of placeholders."""
        self.vault = derive(master, "vault")
        """For the encryption of originals."""
        self.audit = derive(master, "audit")
        """For the seals of the audit record."""
        self.cache = derive(master, "cache")
        """For the keys of cached scans."""
        self.encryption = derive(master, "encryption")
        """For values that the policy replaces by their encryption."""
        self.tenants = derive(master, "tenants")
        """For the index of customers' names and ids."""
        self.documents = derive(master, "documents")
        """For the index of registered documents."""
        self.memory = derive(master, "memory")
        """For the hashes of what was refused, answered and sealed."""
        self.sources = derive(master, "sources")
        """For the index of registered source code."""
        self.ledger = derive(master, "ledger")
        """For the seals of what reviewers looked at."""
        self.records = derive(master, "records")
        """For the keys that records are sealed under."""
        self.second_factor = derive(master, "second factor")
        """For the encryption of what reviewers' one-time codes are made from."""
        self.configuration = derive(master, "configuration")
        """For the encryption of past configurations."""
        self.allow_list = derive(master, "allow list")
        """For the seals of what reviewers hold to be false alarms."""
        self.orders = derive(master, "orders")
        """For the seals of what people order beside the policy."""
        self.spool = derive(master, "spool")
        """For the encryption of what waits on this machine while the database is away."""
        self.sign_in = derive(master, "sign-in")
        """For what is handed out at sign-in and comes back, and for the hashes of those whom others vouch for."""
        self.devices = derive(master, "devices")
        """For what devices sign in to the proxy with."""
        self.justifications = derive(master, "justifications")
        """For the codes and seals of what is held for a reason, and for the encryption of reasons."""
        self.acknowledgements = derive(master, "acknowledgements")
        """For the seals of who has acknowledged what."""
        self.reports = derive(master, "reports")
        """For the encryption of the text that people add to a question to security."""
        self._pseudonym = derive(master, "pseudonym")
        self._pseudonyms: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"Keys({str(self.folder)!r})"

    def pseudonym(self, name: str) -> str:
        """What logs call a person, the same for the same name: `p_` and 16 characters (80 bits, base32, lower case)."""
        known = self._pseudonyms.get(name)
        if known is None:
            digest = hmac.digest(self._pseudonym, name.encode("utf-8", "surrogatepass"), "sha256")
            known = "p_" + base64.b32encode(digest[:10]).decode("ascii").lower()
            if len(self._pseudonyms) >= MAX_PSEUDONYMS:
                self._pseudonyms.clear()
            self._pseudonyms[name] = known
        return known

    def check_in_place(self) -> None:
        """See that the master key is still the one that these keys came from. Takes a microsecond where it is.

        Raises:
            ConfigError: it is gone, or another one: what is written now could not be read after the next start.
        """
        file = self.folder / MASTER_FILE
        try:
            # On the way of every request: a Path costs three times as much.
            stamp = _stamp(os.stat(self._file))  # noqa: PTH116
            if stamp == self._stamp:
                return
            same = hmac.compare_digest(derive(_read(file), "audit"), self.audit)
        except OSError as error:
            raise ConfigError(
                file, None, f"The master key is gone while it is in use: {error.strerror}.", _RESTORE
            ) from None
        if not same:
            raise ConfigError(file, None, "The master key was replaced by another one while it is in use.", _RESTORE)
        self._stamp = stamp

    @classmethod
    def load_or_create(cls, folder: Path, *, written: Collection[Path] = ()) -> Keys:
        """The keys whose master lies in `folder` as `master.key`; made if there is none yet.

        The folder is made with mode 700 and the file with mode 600. Several processes may call this at once: they
        all get the same keys.

        Args:
            written: files that are there only where something was written with a key: beside one of them that is not
                empty, none is made anew.

        Raises:
            ConfigError: the key can be read, or replaced, by other users of the machine (not checked on Windows), is
                damaged, or cannot be read or written; or it is gone.
        """
        file = folder / MASTER_FILE
        try:
            try:
                master = _read(file)
            except FileNotFoundError:
                _refuse_anew(file, written)
                _create(file)
                master = _read(file)
        except OSError as error:
            raise ConfigError(
                file,
                None,
                f"The master key cannot be read or made: {error.strerror}.",
                "Give the user who runs PromptGuard write access to this folder, or name another data folder.",
            ) from None
        return cls(master, folder)

    @classmethod
    def load(cls, folder: Path) -> Keys:
        """The keys whose master lies in `folder`, for use on what was written with them before.

        Raises:
            ConfigError: see `load_or_create`; or there is no master key.
        """
        file = folder / MASTER_FILE
        try:
            return cls(_read(file), folder)
        except OSError as error:
            raise ConfigError(
                file,
                None,
                f"The master key cannot be read: {error.strerror}.",
                "Run this as the user who runs PromptGuard, and name the data folder that it uses.",
            ) from None


_RESTORE = "Restore it from a backup. Without it the vault cannot be read and the audit record cannot be verified."


def _refuse_anew(file: Path, written: Collection[Path]) -> None:
    for other in written:
        if other.is_file() and other.stat().st_size and not file.exists():
            raise ConfigError(
                file,
                None,
                f"The master key is gone, and {other} was written with it.",
                f"{_RESTORE} To start anew, move that file aside.",
            )


def _stamp(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _read(file: Path) -> bytes:
    with file.open("rb") as stream:
        _check_private(file, os.fstat(stream.fileno()))
        master = stream.read(MASTER_BYTES + 1)
    if len(master) != MASTER_BYTES:
        raise ConfigError(
            file,
            None,
            f"The master key is damaged: it has {'more' if len(master) > MASTER_BYTES else 'less'} than "
            f"{MASTER_BYTES} bytes.",
            _RESTORE,
        )
    return master


def _check_private(file: Path, status: os.stat_result) -> None:
    """Refuse a key that others can read or replace. Windows has no such modes: there the folder's ACL decides."""
    if os.name != "posix":
        return
    if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ConfigError(
            file,
            None,
            f"Other users of this machine have access to the master key (mode {stat.S_IMODE(status.st_mode):o}).",
            f"Run: chmod 600 {file}. If strangers may have read it, move it and the database aside to start anew.",
        )
    folder_mode = stat.S_IMODE(file.parent.stat().st_mode)
    if folder_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise ConfigError(
            file.parent,
            None,
            f"Other users of this machine can replace the master key (mode {folder_mode:o}).",
            f"Run: chmod 700 {file.parent}",
        )


def _create(file: Path) -> None:
    """Put a new master key in place, whole or not at all; one that another process has just put there stays."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.parent.chmod(0o700)
    draft = file.with_name(f".{MASTER_FILE}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(secrets.token_bytes(MASTER_BYTES))
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(draft, file)  # unlike a rename, fails if the file is there
        except FileExistsError:
            return
    finally:
        draft.unlink()
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Make a new name in a folder survive a power cut. Windows does that by itself."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
