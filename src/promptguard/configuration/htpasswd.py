"""The file of users and password hashes: what Apache's `htpasswd` writes (its documentation, “Password Formats”)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from promptguard.errors import ConfigError

_KNOWN: Final = re.compile(r"\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}|\{SHA\}[A-Za-z0-9+/]{27}=")
"""Hashes that can be checked: bcrypt, and SHA-1 in base64."""


def read_htpasswd(path: Path) -> Mapping[str, str]:
    """Each user and the hash of their password.

    Raises:
        ConfigError: it cannot be read, or a line of it; the sentence quotes no hash.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise ConfigError(path, None, f"the file cannot be read: {why}", "Make it with `htpasswd -B -c`.") from None
    hashes: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        entry = line.strip()
        if not entry or entry.startswith("#"):
            continue
        user, colon, rest = entry.partition(":")
        digest = rest.partition(":")[0]
        if not colon or not user:
            raise ConfigError(path, number, "there is no user with a hash", "Write USER:HASH, as `htpasswd -B` does.")
        if not _KNOWN.fullmatch(digest):
            problem = f"the hash of ‘{user}’ is neither bcrypt nor SHA-1"
            raise ConfigError(path, number, problem, f"Make it anew: htpasswd -B {path.name} {user}")
        if user in hashes:
            raise ConfigError(path, number, f"‘{user}’ stands above already", "Keep one of the two lines.")
        hashes[user] = digest
    return hashes
