"""The database of reviewing of an installation: that of the record, where it is on a server, else a file beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from promptguard.audit.reading import Beside
from promptguard.configuration.bundle import load_bundle
from promptguard.configuration.settings import Settings
from promptguard.errors import PromptGuardError
from promptguard.review.database import ReviewDatabase
from promptguard.review.verdicts import Verdicts
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


@contextmanager
def open_verdicts(config: Path, data: Path) -> Iterator[Beside]:
    """What puts reviewers' verdicts beside the records of an installation.

    Raises:
        PromptGuardError: nobody has reviewed there yet, or the database of reviewing cannot be opened.
    """
    settings, folder = load_bundle(config).settings, DataFolder(data)
    if settings.database is None and not folder.review.exists():
        raise PromptGuardError(f"{folder.review}: there are no verdicts: the console has not been started here.")
    with closing(open_reviewing(settings, folder)) as database:
        yield Verdicts(database).beside
