"""What reviewers say of findings: right, or a false alarm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select

from promptguard.audit.events import timestamp
from promptguard.review.database import ReviewDatabase
from promptguard.review.fitting import fitted
from promptguard.review.tables import account as accounts
from promptguard.review.tables import verdict

MAX_COMMENT = 500


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
