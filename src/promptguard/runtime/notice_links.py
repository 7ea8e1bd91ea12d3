"""Links in notices: made on the way of a request, and handed to the console's database beside it."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from promptguard.configuration.console_settings import ConsoleSettings
from promptguard.errors import PromptGuardError
from promptguard.review.database import ReviewDatabase
from promptguard.review.staff_links import NewLink, StaffLinks, new_link

log = logging.getLogger(__name__)

MAX_WAITING: Final = 256
"""Links that are not kept yet; while there are more, notices have none."""
_MAX_AT_ONCE: Final = 64
_AGAIN_SECONDS: Final = 5.0
_FORGET_SECONDS: Final = 60.0
"""Pages on what happened are promised to be gone by the hour, whether others are made or not."""


def links_begin_with(settings: ConsoleSettings, running: Path) -> str:
    """What links begin with; empty where notices have none.

    Args:
        running: the file that says where a console runs (`DataFolder.console`): the command line may have named
            another port than the settings.
    """
    configured = settings.staff_url
    if not configured or settings.url:
        return configured
    try:
        port = urlsplit(running.read_text("utf-8").partition("\n")[0]).port
    except (OSError, ValueError):
        return configured
    parts = urlsplit(configured)
    return f"{parts.scheme}://{parts.hostname}:{port}" if port else configured


class LinkKeeper:
    """Makes links, and keeps them in a thread of its own: no request waits for the console's database.

    Where they cannot be kept, notices have none until they can: a link that leads nowhere would be worse.

    Args:
        settings: of the console, to which links lead.
        running: see `links_begin_with`.
        open_database: where they are kept.
    """

    def __init__(self, settings: ConsoleSettings, running: Path, open_database: Callable[[], ReviewDatabase]) -> None:
        self.settings = settings
        self._running = running
        self._open_database = open_database
        self._waiting: queue.Queue[NewLink | None] = queue.Queue(MAX_WAITING)
        self._failing = False
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to keep links."""
        self._thread = threading.Thread(target=self._run, name="notice links", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Keep what is waiting, and end."""
        if self._thread is None:
            return
        self._stopping.set()
        with suppress(queue.Full):
            self._waiting.put_nowait(None)
        self._thread.join(_AGAIN_SECONDS)

    @property
    def available(self) -> bool:
        """Whether notices have links now."""
        return bool(self._address()) and not self._failing

    def make(self, decision_id: str, *, redacted: str, files: Sequence[str]) -> str:
        """The address of a page on a decision; empty where there is none. Returns at once."""
        if not self.available:
            return ""
        link = new_link(decision_id, redacted=redacted, files=files, now=time.time())
        try:
            self._waiting.put_nowait(link)
        except queue.Full:
            return ""
        return self._address() + link.path

    def _address(self) -> str:
        return links_begin_with(self.settings, self._running)

    def _run(self) -> None:
        """Have the database open while links come. What is waiting at the end is kept still."""
        pending = self._next()
        while pending is not None:
            try:
                with closing(self._open_database()) as database:
                    links = StaffLinks(database)
                    while pending is not None:
                        links.keep(pending)
                        self._failing = False
                        pending = self._next()
            except Exception as error:  # whatever it is, it may be over in a while
                if not self._failing:
                    what = error if isinstance(error, PromptGuardError) else type(error).__name__
                    log.error("Notices have no links for now: %s", what)
                self._failing = True
                if self._stopping.wait(_AGAIN_SECONDS):
                    return

    def _next(self) -> list[NewLink] | None:
        """The next link, once there is one, with those that came as quickly; None at the end.

        Every so often it is an empty list: with each list that is kept, what is too old is deleted.
        """
        several: list[NewLink] = []
        while len(several) < _MAX_AT_ONCE and not (self._waiting.empty() and (several or self._stopping.is_set())):
            try:
                link = self._waiting.get(timeout=_FORGET_SECONDS)
            except queue.Empty:
                if self._address():
                    return several
                continue
            if link is None:
                break
            several.append(link)
        return several or None
