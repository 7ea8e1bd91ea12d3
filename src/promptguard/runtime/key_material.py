"""An installation's keys, and its id: made with it, the keys never a second time beside what was written with them."""

from __future__ import annotations

import os
import re
import secrets

from promptguard.configuration.settings import Settings
from promptguard.errors import ConfigError
from promptguard.keys import Keys, sync_folder
from promptguard.runtime.data_folder import DataFolder


def open_keys(folder: DataFolder, settings: Settings) -> Keys:
    """The keys of an installation, made if it is a new one.

    Raises:
        ConfigError: see `Keys.load_or_create`.
    """
    return Keys.load_or_create(folder.keys, written=folder.sealed(settings.audit.path))


_ID = re.compile(r"[0-9a-f]{12}")


def installation_id(folder: DataFolder) -> str:
    """The id of a data folder, 12 hexadecimal digits; made once.

    Raises:
        ConfigError: it cannot be read or made.
    """
    path = folder.installation
    try:
        if not path.exists():
            _make_id(folder)
        found = path.read_text(encoding="ascii", errors="replace").strip()
    except OSError as error:
        problem = f"The id of this installation cannot be read or made: {error.strerror}."
        raise ConfigError(path, None, problem, "Give the user who runs PromptGuard write access to it.") from None
    if not _ID.fullmatch(found):
        remedy = "Restore it from a backup; or remove it, and new chains begin under another id."
        raise ConfigError(path, None, "The id of this installation is damaged.", remedy)
    return found


def _make_id(folder: DataFolder) -> None:
    """Put an id in place, whole or not at all; one that another process has just put there stays."""
    folder.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder.installation.with_name(f".installation.{secrets.token_hex(8)}")
    with draft.open("w", encoding="ascii") as stream:
        stream.write(f"{secrets.token_hex(6)}\n")
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(draft, folder.installation)
    except FileExistsError:
        return
    finally:
        draft.unlink()
    sync_folder(folder.keys)
