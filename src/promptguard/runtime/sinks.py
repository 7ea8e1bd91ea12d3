"""Puts the sinks of an installation together with its record."""

from __future__ import annotations

from promptguard.audit.head_file import HeadFiles
from promptguard.audit.interface import Store
from promptguard.audit.privacy import PrivacyFilter
from promptguard.audit.sinks import open_sink
from promptguard.audit.sinks.cursor_file import CursorFile
from promptguard.audit.sinks.feed import Feed
from promptguard.audit.sinks.settled import SettledRecords
from promptguard.configuration.settings import Settings
from promptguard.keys import Keys
from promptguard.runtime.data_folder import DataFolder


def make_feeds(settings: Settings, folder: DataFolder, store: Store, keys: Keys) -> list[Feed]:
    """What serves the sinks in `audit.sinks`, not started yet."""
    head_files = HeadFiles(keys.folder, keys.audit)
    may_leave = PrivacyFilter(settings.audit.leave_out)
    return [
        Feed(
            name,
            open_sink(sink, folder.path),
            store,
            CursorFile(folder.sinks / f"{name}.cursor"),
            SettledRecords(head_files),
            may_leave,
        )
        for name, sink in settings.audit.sinks.items()
    ]
