"""Where configuration and data are, where nobody names them.

A checkout, or a folder made like one, has them in `config` and `data` of the working folder. Elsewhere they are where
the operating system keeps what belongs to a user, as its own conventions say (XDG Base Directory Specification;
`Application Support`; `%LOCALAPPDATA%`): PromptGuard is the same one from whichever folder it is started.

A configuration may hold code, and data a CA: what another user has left in the working folder is not taken unasked.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

import platformdirs

from promptguard.errors import PromptGuardError
from promptguard.installation.shipped import shipped_configuration

CONFIG_VARIABLE: Final = "PROMPTGUARD_CONFIG"
DATA_VARIABLE: Final = "PROMPTGUARD_DATA"

_NAME: Final = "promptguard"
_CONFIG: Final = Path("config")
_DATA: Final = Path("data")
_OURS: Final = ("policy.yaml", "promptguard.yaml")
"""What a configuration folder of ours has, and other programs' `config` has not."""


def config_folder() -> Path:
    """The configuration: what the environment names, else `config` here, else the user's, else the shipped one.

    Raises:
        PromptGuardError: the one here is another user's.
    """
    if named := os.environ.get(CONFIG_VARIABLE):
        return Path(named)
    if _is_here():
        return _CONFIG
    own = own_config_folder()
    return own if own.exists() else shipped_configuration()


def data_folder() -> Path:
    """The folder for database, keys and CA: what the environment names, else `data` here, else the user's.

    Raises:
        PromptGuardError: the one here is another user's.
    """
    if named := os.environ.get(DATA_VARIABLE):
        return Path(named)
    return _DATA if _is_here() else platformdirs.user_data_path(_NAME, appauthor=False)


def own_config_folder() -> Path:
    """Where `promptguard init` writes the configuration, where nobody names another folder."""
    named = os.environ.get(CONFIG_VARIABLE)
    return Path(named) if named else platformdirs.user_config_path(_NAME, appauthor=False)


def device_folder() -> Path:
    """Where a device keeps what it has got by signing in to a proxy."""
    return platformdirs.user_config_path(_NAME, appauthor=False) / "device"


def _is_here() -> bool:
    if not any((_CONFIG / name).exists() for name in _OURS):
        return False
    if _CONFIG.resolve() != shipped_configuration().resolve():  # of a checkout, the code itself is run
        for folder in (_CONFIG, _DATA):
            _refuse_others(folder)
    return True


def _refuse_others(folder: Path) -> None:
    if sys.platform == "win32" or not os.path.lexists(folder):
        return
    ours = {0, os.geteuid(), int(os.environ.get("SUDO_UID") or 0)}
    owners = {folder.lstat().st_uid, folder.stat().st_uid} if folder.exists() else {folder.lstat().st_uid}
    if owners - ours:
        raise PromptGuardError(
            f"{folder.absolute()}: this folder is another user's, whose settings, code or CA would be used.\n"
            "  Start PromptGuard elsewhere; or, if you trust them, name both folders with --config and --data."
        )
