"""Lifting a legal hold takes two people: one asks, with a reason, and another one lifts it, or refuses."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, insert, select, update

from promptguard.audit.events import timestamp
from promptguard.review.accounts import Account, NotPossible
from promptguard.review.database import ReviewDatabase
from promptguard.review.fitting import fitted, one_line
from promptguard.review.hold_tables import hold_lifting
from promptguard.review.roles import Permission
from promptguard.review.two_persons import chose_password, may, not_two_persons

MAX_WORDS: Final = 500
"""Characters of a reason."""


@dataclass(frozen=True, slots=True)
class Lifting:
    """A request to lift a hold that waits for an answer. Times are as `Event.time`."""

    id: str
    hold: str
    reason: str
    asked_by: str
    """The id of an account."""
    asked_name: str
    asked: str


class HoldLiftings:
    """The requests of an installation. For any thread; several processes may use the same database."""

    def __init__(self, database: ReviewDatabase) -> None:
        self._database = database

    def waiting(self) -> Mapping[str, Lifting]:
        """Those that wait for an answer, by hold."""
        with self._database.reading() as connection:
            rows = connection.execute(_WAITING).all()
        return {row.hold: Lifting(*row) for row in rows}

    def ask(self, hold: str, by: Account, reason: str) -> None:
        """Ask for a hold to be lifted.

        Raises:
            NotPossible: there is no reason, or somebody has asked already.
        """
        reason = one_line(reason, MAX_WORDS)
        if not reason:
            raise NotPossible("Say why: lifting a hold has a reason.")
        asked = {"asked_by": by.id, "asked_name": by.name, "asked": _now()}
        row = {"id": secrets.token_hex(8), "hold": hold, "reason": reason, **asked}
        with self._database.writing() as connection:
            if _find(connection, hold) is not None:
                raise NotPossible("Somebody has asked for it already, and nobody has answered yet.")
            unanswered = {"answered_name": "", "answered": "", "lifted": ""}
            connection.execute(insert(hold_lifting).values(fitted(hold_lifting, {**row, **unanswered})))

    def check(self, hold: str, by: Account) -> Lifting:
        """The request that somebody may answer by lifting the hold.

        Raises:
            NotPossible: there is none, or whoever asked may not any more, or they may be the one who asked.
        """
        with self._database.reading() as connection:
            found = _find(connection, hold)
            if found is None:
                raise NotPossible("Nobody has asked for it to be lifted, or it was answered meanwhile.")
            if found.asked_by != by.id and not may(connection, found.asked_by, Permission.HOLD):
                raise NotPossible("The one who asked may not ask any more.")
            if problem := not_two_persons(connection, found.asked_by, by.id):
                raise NotPossible(problem)
            asked = int(datetime.fromisoformat(found.asked).timestamp())
            if chose_password(connection, by.id, asked) or chose_password(connection, found.asked_by, asked):
                raise NotPossible("A password of one of you two was chosen after this was asked for: ask again.")
        return found

    def problem(self, hold: str, by: Account) -> str:
        """Why somebody may not lift a hold, as a sentence; empty if they may."""
        try:
            self.check(hold, by)
        except NotPossible as problem:
            return str(problem)
        return ""

    def answer(self, lifting: Lifting, by: Account, *, lifted: bool) -> None:
        """Keep what became of a request.

        Raises:
            NotPossible: somebody else has answered it.
        """
        still = (hold_lifting.c.id == lifting.id) & (hold_lifting.c.answered == "")
        values = {"answered_name": by.name, "answered": _now(), "lifted": "yes" if lifted else "no"}
        with self._database.writing() as connection:
            if connection.execute(update(hold_lifting).where(still).values(values)).rowcount != 1:
                raise NotPossible("Somebody else has answered it.")

    def take_back(self, lifting: Lifting) -> None:
        """Let a request wait again that was answered, where what follows could not be done."""
        values = {"answered_name": "", "answered": "", "lifted": ""}
        with self._database.writing() as connection:
            connection.execute(update(hold_lifting).where(hold_lifting.c.id == lifting.id).values(values))

    def refuse(self, hold: str, by: Account) -> None:
        """Refuse a request, or withdraw one's own.

        Raises:
            NotPossible: there is none.
        """
        with self._database.reading() as connection:
            found = _find(connection, hold)
        if found is None:
            raise NotPossible("Nobody has asked for it to be lifted, or it was answered meanwhile.")
        self.answer(found, by, lifted=False)


_WAITING: Final = select(
    *(hold_lifting.c[name] for name in ("id", "hold", "reason", "asked_by", "asked_name", "asked"))
).where(hold_lifting.c.answered == "")


def _find(connection: Connection, hold: str) -> Lifting | None:
    row = connection.execute(_WAITING.where(hold_lifting.c.hold == hold)).first()
    return Lifting(*row) if row else None


def _now() -> str:
    return timestamp(datetime.now(UTC))
