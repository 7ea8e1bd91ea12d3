"""Work that a console does again and again beside its pages: opening incidents by rule, paging people."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from promptguard.audit.interface import Store
from promptguard.errors import PromptGuardError
from promptguard.review.incidents.book import IncidentBook
from promptguard.review.incidents.opening import IncidentOpener
from promptguard.review.incidents.paging import Pager

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
END_SECONDS = 30.0
"""So long the end of the console waits for a page that is being sent."""


class Watching:
    """A thread for each kind of work: one that has to wait holds up none of the others.

    Args:
        work: by what is not done while it fails; each says how much there was, and is called again at once for more.
    """

    def __init__(self, work: Mapping[str, Callable[[], int]]) -> None:
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=each, name="promptguard-watching", daemon=True)
            for each in work.items()
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End, once what is being done is done."""
        self._stopped.set()
        for thread in self._threads:
            thread.join(END_SECONDS)

    def _run(self, undone: str, work: Callable[[], int]) -> None:
        failing = False
        while not self._stopped.is_set():
            try:
                done = work()
                failing = False
            except Exception as error:  # whatever it is, the next look may do
                done = 0
                if not failing:
                    what = error if isinstance(error, PromptGuardError) else type(error).__name__
                    log.error("%s: %s", undone, what)
                failing = True
            if not done:
                self._stopped.wait(LOOK_SECONDS)


@contextmanager
def watching(record: Store, book: IncidentBook, url: str) -> Iterator[None]:
    """Open incidents by rule, and page people, for so long.

    Args:
        url: of the console, for the links in pages.
    """
    work = {
        "No incidents are opened by rule": IncidentOpener(record, book).take_up,
        "Nobody is paged": Pager(book, lambda id: f"{url}/incidents/{id}").round,
    }
    watch = Watching(work)
    watch.start()
    try:
        yield
    finally:
        watch.stop()
