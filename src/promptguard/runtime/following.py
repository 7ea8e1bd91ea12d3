"""Threads that do some work again and again: at once where something has changed, and after a time all the same."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from promptguard.errors import PromptGuardError
from promptguard.storage.changes import MAX_WAIT_SECONDS, Changes
from promptguard.storage.changes import Topic as Topic

log = logging.getLogger(__name__)

RETRY_SECONDS: Final = 1.0
"""After a failure of which the work itself does not say when it may be tried again."""

GATHER_SECONDS: Final = 0.1
"""What is told of within this time is looked at once."""

END_SECONDS: Final = 30.0
"""So long the end waits for work that is being done, such as a page that is being sent."""


class Next(NamedTuple):
    """When some work is to be done the next time."""

    seconds: float
    """After so many, at the latest; 0: at once, as there is more."""
    at_news: bool = True
    """Whether sooner where something has changed."""


AT_ONCE: Final = Next(0)
LATER: Final = Next(MAX_WAIT_SECONDS)
"""When something has changed; what is announced may get lost, so it is looked all the same."""


@dataclass(frozen=True, slots=True)
class Work:
    """Something that is done again and again, in a thread of its own: what has to wait holds up nothing else."""

    undone: str
    """What is not done while it fails, as the log says it: `Nobody is paged`."""
    do: Callable[[], Next]
    """Does what there is to do now. What it raises is logged once, and it is tried again."""
    topics: Collection[Topic] = ()
    """It is done at once where something of these has changed."""
    end: Callable[[], object] = lambda: None
    """Called once, when it is not done any more."""


class Following:
    """Does some work from `start` to `stop`.

    Args:
        works: what is done.
        sources: what tells of changes. They are closed in the end.
    """

    def __init__(self, works: Sequence[Work], sources: Sequence[Changes] = ()) -> None:
        self._works = [(work, threading.Event()) for work in works]
        self._sources = sources
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=each, name="promptguard-work", daemon=True) for each in self._works
        ]
        self._listeners = [
            threading.Thread(target=self._listen, args=(each,), name="promptguard-changes", daemon=True)
            for each in sources
        ]

    def start(self) -> None:
        """Begin."""
        for thread in (*self._listeners, *self._threads):
            thread.start()

    def stop(self, seconds: float | None = END_SECONDS) -> None:
        """End, once what is being done is done; after so many seconds all the same. Can be called twice."""
        self._stopped.set()
        for source in self._sources:
            source.close()
        for _, told in self._works:
            told.set()
        for thread in (*self._threads, *self._listeners):
            if thread.ident is not None:
                thread.join(seconds)

    def _listen(self, source: Changes) -> None:
        while not self._stopped.is_set():
            changed = set(source.wait(MAX_WAIT_SECONDS))
            for work, told in self._works:
                if not changed.isdisjoint(work.topics):
                    told.set()

    def _run(self, work: Work, told: threading.Event) -> None:
        failing = False
        while not self._stopped.is_set():
            told.clear()  # first: what changes from here on may not be seen
            try:
                following = work.do()
                failing = False
            except Exception as error:  # whatever it is, the next try may do
                following = Next(RETRY_SECONDS, at_news=False)
                if not failing:
                    what = error if isinstance(error, PromptGuardError) else type(error).__name__
                    log.error("%s: %s", work.undone, what)
                failing = True
            self._pause(following, told)
        work.end()

    def _pause(self, following: Next, told: threading.Event) -> None:
        if self._stopped.is_set():  # `stop` may have told of it before that was cleared
            return
        if not following.at_news:
            self._stopped.wait(following.seconds)
        elif following.seconds and told.wait(following.seconds):
            self._stopped.wait(GATHER_SECONDS)
