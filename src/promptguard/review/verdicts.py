"""What reviewers say of findings: right, or a false alarm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import delete, insert, select

from promptguard.audit.events import timestamp
from promptguard.review.database import ReviewDatabase
from promptguard.review.fitting import fitted
from promptguard.review.growing import growing
from promptguard.review.tables import account as accounts
from promptguard.review.tables import verdict

MAX_COMMENT = 500

_AT_ONCE: Final = 500
"""Decisions whose verdicts are looked up together, at most."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one reviewer says of one decision."""

    by: str
    """The account's name."""
    right: bool
    comment: str
    time: str


class Verdicts:
    """For any thread."""

    def __init__(self, database: ReviewDatabase) -> None:
        self._database = database

    def give(self, decision_id: str, account: str, *, right: bool, comment: str) -> None:
        """Say it; what the same account said before is replaced."""
        row = {
            "decision_id": decision_id,
            "account": account,
            "right": int(right),
            "comment": " ".join(comment.split())[:MAX_COMMENT],
            "time": timestamp(datetime.now(UTC)),
        }
        with self._database.writing() as connection:
            mine = (verdict.c.decision_id == decision_id) & (verdict.c.account == account)
            connection.execute(delete(verdict).where(mine))
            connection.execute(insert(verdict).values(fitted(verdict, row)))

    def of(self, decision_id: str) -> list[Verdict]:
        """All that was said of a decision, the latest first."""
        statement = (
            select(accounts.c.name, verdict.c.right, verdict.c.comment, verdict.c.time)
            .join(accounts, accounts.c.id == verdict.c.account)
            .where(verdict.c.decision_id == decision_id)
            .order_by(verdict.c.time.desc())
        )
        with self._database.reading() as connection:
            return [Verdict(name, bool(right), said, at) for name, right, said, at in connection.execute(statement)]

    def beside(self, records: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        """Records, each with what was said of it as `verdicts` (`audit.columns.VERDICTS`), the latest first.

        Reviewers are told by the roles that they have, and by nothing else: nobody is to be counted.
        """
        for some in growing(records, _AT_ONCE):
            said = self._of_several([str(record["id"]) for record in some])
            yield from ({**record, "verdicts": said.get(str(record["id"]), [])} for record in some)

    def _of_several(self, decision_ids: Sequence[str]) -> dict[str, list[dict[str, str]]]:
        columns = verdict.c
        statement = (
            select(columns.decision_id, columns.right, columns.comment, columns.time, accounts.c.roles)
            .join(accounts, accounts.c.id == columns.account)
            .where(columns.decision_id.in_(decision_ids))
            .order_by(columns.time.desc())
        )
        found: dict[str, list[dict[str, str]]] = {}
        with self._database.reading() as connection:
            for id, right, comment, time, roles in connection.execute(statement):
                told = {"verdict": "true_alarm" if right else "false_alarm", "by": roles}
                found.setdefault(id, []).append({**told, "comment": comment, "time": time})
        return found
