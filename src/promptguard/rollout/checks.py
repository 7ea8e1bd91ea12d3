"""What can be looked at cheaply, by `promptguard doctor` once and by the console all the time."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from promptguard.runtime.data_folder import DataFolder
from promptguard.typed_yaml.fields import split_address

_CA_WARNING = timedelta(days=60)
_DISK_WARNING_BYTES = 1024**3


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One thing that was looked at."""

    subject: str
    ok: bool
    sentence: str
    """What is so, and if that is not right, what to do."""
    mark: str = ""

    def __post_init__(self) -> None:
        if not self.mark:
            object.__setattr__(self, "mark", "✓" if self.ok else "✗")


def certificate(folder: DataFolder) -> Iterator[CheckRow]:
    """How long laptops can trust the CA, and whether its key is kept."""
    path = folder.ca_certificate
    if not path.exists():
        yield CheckRow("certificate", True, "none yet: it is made at the first start", mark="!")
        return
    read = x509.load_pem_x509_certificate(path.read_bytes())
    ends = read.not_valid_after_utc
    if ends < datetime.now(UTC):
        yield CheckRow("certificate", False, f"{path} ended on {ends:%Y-%m-%d}: remove {path.parent} and roll out anew")
    elif ends < datetime.now(UTC) + _CA_WARNING:
        yield CheckRow("certificate", True, f"{path} ends on {ends:%Y-%m-%d}: roll out a new one soon", mark="!")
    else:
        yield CheckRow("certificate", True, f"{path}: valid until {ends:%Y-%m-%d}")
    key = folder.ca_key
    if os.name == "posix" and key.exists() and key.stat().st_mode & 0o077:
        yield CheckRow("certificate", False, f"other users can read the CA's key; run: chmod 600 {key}")


def disk(data: Path) -> Iterator[CheckRow]:
    """How much room the data folder has."""
    free = shutil.disk_usage(data if data.exists() else Path.cwd()).free
    enough = free > _DISK_WARNING_BYTES
    hint = "" if enough else ": requests are refused when decisions can no longer be recorded"
    yield CheckRow("disk", enough, f"{free / 1024**3:.1f} GB free{hint}")


def answers(address: str) -> bool:
    """Whether something takes connections at `HOST:PORT`."""
    try:
        with socket.create_connection(split_address(address), timeout=2):
            return True
    except OSError:
        return False
