"""The database of reviewing of an installation: that of the record, where it is on a server, else a file beside it."""

from __future__ import annotations

from promptguard.configuration.settings import Settings
from promptguard.review.database import ReviewDatabase
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.key_material import installation_id
from promptguard.runtime.record import check_driver


def open_reviewing(settings: Settings, folder: DataFolder) -> ReviewDatabase:
    """Open it; its tables are made where there are none.

    Raises:
        PromptGuardError: it cannot be opened.
    """
    if settings.database is None:
        return ReviewDatabase.open(folder.review)
    check_driver()
    return ReviewDatabase.on_server(settings.database.get_secret_value(), installation_id(folder))
