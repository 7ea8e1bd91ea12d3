"""An installation's keys: made with it, and never a second time beside what was written with them."""

from __future__ import annotations

from promptguard.configuration.settings import Settings
from promptguard.keys import Keys
from promptguard.runtime.data_folder import DataFolder


def open_keys(folder: DataFolder, settings: Settings) -> Keys:
    """The keys of an installation, made if it is a new one.

    Raises:
        ConfigError: see `Keys.load_or_create`.
    """
    return Keys.load_or_create(folder.keys, written=folder.sealed(settings.audit.path))
