"""Pages people: takes the pages that are due, of several consoles one each, sends them, and keeps what became of them.

A page is taken in the database before it is sent. A console that ends in between leaves it to the next one, once
`CLAIM_SECONDS` are over: it is not lost. It may then come twice if it had just gone out; both have the same id.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import inf
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from promptguard.review.incident_tables import incident_page
from promptguard.review.incidents.book import IncidentBook
from promptguard.review.incidents.case import IncidentCase
from promptguard.review.incidents.channels import AnyChannel
from promptguard.review.incidents.clock import DuePage, pages_of
from promptguard.review.incidents.senders import PageMessage, PageNotSent, send
from promptguard.review.inserting import insert_or_leave

CLAIM_SECONDS = 120
"""So long another console waits for one that may have ended: longer than sending takes."""

RETRY_SECONDS = 15
"""After the first failure; twice as long after each further one, up to `MAX_RETRY_SECONDS`."""
MAX_RETRY_SECONDS = 600

MAX_TRIES = 100
"""Most of a day."""

MAX_AT_ONCE = 20
"""Pages that are sent side by side."""

MAX_PROBLEM = 200


class Pager:
    """Pages for the incidents of an installation. For one thread at a time.

    Args:
        link: the address of an incident's page, by its id.
        send: see `senders.send`.
    """

    def __init__(
        self,
        book: IncidentBook,
        link: Callable[[str], str],
        send: Callable[[AnyChannel, PageMessage], None] = send,
    ) -> None:
        self._database = book.database
        self._book = book
        self._link = link
        self._send = send
        self._next = inf

    @property
    def seconds_left(self) -> float:
        """Until there is a page to send, if nothing changes; at least one, and infinite for none."""
        return max(1.0, self._next - self._book.now())

    def round(self) -> int:
        """Send what is due, and say how many pages were tried.

        Raises:
            PromptGuardError: the database cannot be used.
        """
        cases = {case.id: case for case in self._book.shelf.to_page()} if self._book.file.channels else {}
        taken = self._take([page for case in cases.values() for page in pages_of(case, self._book.file)])
        if not taken:
            return 0
        with ThreadPoolExecutor(len(taken), thread_name_prefix="promptguard-page") as pool:
            problems = list(pool.map(lambda page: self._try(page, cases[page.incident]), taken))
        for page, problem in zip(taken, problems, strict=True):
            self._keep(page, problem)
        return len(taken)

    def _take(self, pages: Sequence[DuePage]) -> list[DuePage]:
        """Those of the pages that this console sends now."""
        now = self._book.now()
        due = [page for page in pages if page.at <= now]
        self._next = min((page.at for page in pages if page.at > now), default=inf)
        if not due:
            return []
        with self._database.reading() as connection:
            mine = incident_page.c.incident.in_({page.incident for page in due})
            known = {tuple(row[:4]): row for row in connection.execute(select(incident_page).where(mine))}
        again = [_again(known[page.key], now) if page.key in known else now for page in due]
        self._next = min(self._next, *again)
        wanted = [page for page, at in zip(due, again, strict=True) if at <= now][:MAX_AT_ONCE]
        if not wanted:
            return []
        with self._database.writing() as connection:
            return [page for page in wanted if self._claim(connection, page, now)]

    def _claim(self, connection: Connection, page: DuePage, now: int) -> bool:
        until = now + CLAIM_SECONDS
        row = {**_columns(page), "tries": 0, "claimed_until": until, "next_try": 0, "sent": None, "problem": ""}
        if insert_or_leave(connection, incident_page, [row]):
            return True
        columns = incident_page.c
        free = (columns.claimed_until <= now) | (columns.claimed_until > until)  # the clock was set back
        waiting = columns.sent.is_(None) & (columns.next_try <= now) & (columns.tries < MAX_TRIES)
        again = update(incident_page).where(_is(page), free, waiting).values(claimed_until=until)
        return connection.execute(again).rowcount == 1

    def _try(self, page: DuePage, case: IncidentCase) -> PageNotSent | None:
        try:
            self._send(self._book.file.channels[page.channel], self._message(page, case))
        except PageNotSent as error:
            return error
        except Exception as error:  # whatever it is, it is tried again
            return PageNotSent(type(error).__name__)
        return None

    def _message(self, page: DuePage, case: IncidentCase) -> PageMessage:
        return PageMessage(
            id=f"{page.incident}.{page.round}.{page.minute}.{page.channel}",
            incident=case.id,
            kind=case.kind_id,
            title=case.title,
            began=case.began,
            opened=case.opened,
            due=case.due or case.began,
            minute=page.minute,
            number=page.number,
            of=page.of,
            link=self._link(case.id),
            overdue=page.overdue,
        )

    def _keep(self, page: DuePage, problem: PageNotSent | None) -> None:
        about = page.told
        now = self._book.now()
        if problem is None:
            self._set(page, sent=now, claimed_until=0, problem="")
            self._book.note_page(page.incident, about)
            return
        told = str(problem)[:MAX_PROBLEM]
        with self._database.reading() as connection:
            tries = (connection.scalar(select(incident_page.c.tries).where(_is(page))) or 0) + 1
        wait = max(min(RETRY_SECONDS * 2 ** min(tries - 1, 10), MAX_RETRY_SECONDS), min(problem.retry_after, 3600))
        self._set(page, tries=tries, claimed_until=0, next_try=now + int(wait), problem=told)
        if tries == 1:
            self._book.note_page(page.incident, about, told)

    def _set(self, page: DuePage, **values: object) -> None:
        with self._database.writing() as connection:
            connection.execute(update(incident_page).where(_is(page)).values(values))


def _again(row: Any, now: int) -> float:
    """When a page may be tried again, in seconds since 1970; never where it was sent, or tried too often."""
    if row.sent is not None or row.tries >= MAX_TRIES:
        return inf
    is_claimed = row.claimed_until <= now + CLAIM_SECONDS  # else the clock was set back
    return float(max(row.next_try, row.claimed_until if is_claimed else 0))


def _columns(page: DuePage) -> dict[str, object]:
    return {"incident": page.incident, "round": page.round, "minute": page.minute, "channel": page.channel}


def _is(page: DuePage) -> ColumnElement[bool]:
    columns = incident_page.c
    same = (columns.incident == page.incident) & (columns.round == page.round)
    return same & (columns.minute == page.minute) & (columns.channel == page.channel)
