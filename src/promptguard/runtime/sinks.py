"""Puts the sinks of an installation together with its record."""

from __future__ import annotations

from collections.abc import Iterator

from promptguard.audit.head_file import HeadFiles
from promptguard.audit.interface import Store
from promptguard.audit.privacy import PrivacyFilter
from promptguard.audit.sinks import open_sink
from promptguard.audit.sinks.cursor_file import CursorFile
from promptguard.audit.sinks.feed import Feed
from promptguard.audit.sinks.settled import SettledRecords
from promptguard.audit.sinks.trial import Trial, try_out
from promptguard.configuration.settings import Settings
from promptguard.errors import PromptGuardError
from promptguard.keys import Keys
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.following import Next, Topic, Work


def make_feeds(settings: Settings, folder: DataFolder, store: Store, keys: Keys) -> list[Feed]:
    """What serves the sinks in `audit.sinks`."""
    head_files = HeadFiles(keys.folder, keys.audit, store.installation)
    may_leave = PrivacyFilter(settings.audit.leave_out)
    return [
        Feed(
            name,
            open_sink(sink, folder.path),
            store,
            CursorFile(folder.sinks / f"{name}.cursor"),
            SettledRecords(head_files),
            may_leave,
            lambda record: head_files.is_ours(record.chain),
        )
        for name, sink in settings.audit.sinks.items()
    ]


def feed_work(feed: Feed) -> Work:
    """Serving a sink: at once where there are new records, unless it has to be left alone."""

    def serve() -> Next:
        seconds = feed.attempt()
        return Next(seconds, at_news=not feed.failing)

    return Work("A sink is handed no records", serve, {Topic.RECORDS}, feed.end)


def try_sinks(settings: Settings, folder: DataFolder, name: str | None = None) -> Iterator[tuple[str, str, Trial]]:
    """Hand each sink one marked event: its name, its kind, and what became of it.

    Args:
        name: only this one; all if None.

    Raises:
        PromptGuardError: there is none, or none of that name.
    """
    sinks = settings.audit.sinks
    if not sinks:
        raise PromptGuardError("There are no sinks: name them under audit.sinks in promptguard.yaml.")
    if name is not None and name not in sinks:
        raise PromptGuardError(f"There is no sink ‘{name}’: the sinks are {', '.join(sorted(sinks))}.")
    may_leave = PrivacyFilter(settings.audit.leave_out)
    for each in [name] if name is not None else sinks:
        yield each, sinks[each].kind, try_out(open_sink(sinks[each], folder.path), may_leave)
