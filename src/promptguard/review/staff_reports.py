"""What staff tell of decisions on their requests, and what security answers. No report says whose it is."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, func, insert, select, tuple_, update

from promptguard.audit.events import timestamp
from promptguard.keys import SealingCipher
from promptguard.review.accounts import NotPossible
from promptguard.review.database import ReviewDatabase
from promptguard.review.fitting import fitted, one_line
from promptguard.review.staff_tables import staff_answer, staff_report
from promptguard.review.tables import account

MAX_REPORTS = 10
"""On one decision: whoever has a link can tell no more by it."""
MAX_REMARK = 2000
MAX_SIGNED = 64
MAX_ADDED = 4000
"""Characters of the text that somebody adds: with the words beside it, it fits into a form."""
PAGE = 50

type ReportPlace = tuple[str, str]
"""Where a report stands in lists: its time and its id."""


class ReportKind(StrEnum):
    """What is told."""

    FALSE_ALARM = "false_alarm"
    MISSED = "missed"
    QUESTION = "question"
    BY_MISTAKE = "by_mistake"
    APPROVED_USE = "approved_use"
    REQUEST_APPROVAL = "request_approval"
    """The tool is wanted: whoever answers for the registry may assess it."""
    WRONG_OUTPUT = "wrong_output"
    PHISHING = "phishing"


class ReportOutcome(StrEnum):
    """What became of a report."""

    OPEN = ""
    ANSWERED = "answered"
    JUDGED = "judged"
    """It became a verdict on the decision."""
    INCIDENT = "incident"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class StaffAnswer:
    """What security answered."""

    by: str
    """The account's name, for security alone."""
    remark: str
    time: str


@dataclass(frozen=True, slots=True)
class StaffReport:
    """One thing that was told."""

    id: str
    decision_id: str
    token: bytes | None
    """The link that it came by, hashed; None for somebody who was signed in."""
    kind: str
    remark: str
    signed: str
    """As whoever told wants to be called; empty for no name."""
    time: str
    outcome: str
    incident: str
    settled: str
    """When it was; empty while it is open."""
    added: str = field(default="", repr=False)
    """Their text with placeholders, where they added it, searched and masked; empty for none."""
    answers: tuple[StaffAnswer, ...] = ()

    @property
    def place(self) -> ReportPlace:
        """Where it stands in lists."""
        return self.time, self.id


class StaffReports:
    """All that was told. For any thread.

    Args:
        key: 32 bytes, for the encryption of texts that people add.
    """

    def __init__(self, database: ReviewDatabase, key: bytes) -> None:
        self._database = database
        self._cipher = SealingCipher(key)

    def tell(
        self,
        decision_id: str,
        kind: ReportKind,
        *,
        token: bytes | None,
        remark: str = "",
        signed: str = "",
        added: str = "",
    ) -> str:
        """Keep what is told, and say its id.

        Args:
            decision_id: what it is about.
            token: the link that it comes by, hashed.
            remark: words that were searched and masked.
            signed: as whoever tells wants to be called.
            added: the text with placeholders of the request, searched and masked; kept encrypted.

        Raises:
            NotPossible: enough was told about this decision.
        """
        now, id = timestamp(datetime.now(UTC)), secrets.token_hex(8)
        row = {
            "id": id,
            "decision_id": decision_id,
            "token": token,
            "kind": str(kind),
            "remark": remark.strip()[:MAX_REMARK],
            "signed": one_line(signed, MAX_SIGNED),
            "time": now,
            "outcome": "",
            "incident": "",
            "settled": "",
            "added": self._cipher.seal(added[:MAX_ADDED].encode(), id.encode()) if added.strip() else None,
        }
        with self._database.writing() as connection:
            if _count(connection, decision_id) >= MAX_REPORTS:
                raise NotPossible("Enough was told about this decision.")
            connection.execute(insert(staff_report).values(fitted(staff_report, row)))
        return id

    def is_full(self, decision_id: str) -> bool:
        """Whether no more can be told about a decision."""
        with self._database.reading() as connection:
            return _count(connection, decision_id) >= MAX_REPORTS

    def find(self, id: str) -> StaffReport | None:
        """A report by its id."""
        return next(iter(self._reports(staff_report.c.id == id)), None)

    def of_link(self, token: bytes) -> list[StaffReport]:
        """What was told by a link, the newest first."""
        return self._reports(staff_report.c.token == token)

    def of_decision(self, decision_id: str) -> list[StaffReport]:
        """What was told about a decision, the newest first."""
        return self._reports(staff_report.c.decision_id == decision_id)

    def page(self, *, still_open: bool, before: ReportPlace | None = None, size: int = PAGE) -> list[StaffReport]:
        """Reports, the newest first; `before` goes on after a page."""
        wanted = [staff_report.c.outcome == "" if still_open else staff_report.c.outcome != ""]
        if before is not None:
            wanted.append(tuple_(staff_report.c.time, staff_report.c.id) < before)
        return self._reports(*wanted, size=size)

    def open_of_kind(self, kind: ReportKind) -> list[StaffReport]:
        """What of one kind was told and not settled, the newest first."""
        return self._reports(staff_report.c.outcome == "", staff_report.c.kind == str(kind))

    def answer(self, id: str, account_id: str, remark: str) -> None:
        """Answer a report; who told reads it on the page that the link leads to."""
        now = timestamp(datetime.now(UTC))
        row = {"id": secrets.token_hex(8), "report": id, "account": account_id, "remark": remark, "time": now}
        with self._database.writing() as connection:
            connection.execute(insert(staff_answer).values(fitted(staff_answer, row)))
        self.settle(id, ReportOutcome.ANSWERED)

    def settle(self, id: str, outcome: ReportOutcome, *, incident: str = "") -> None:
        """Say what became of a report."""
        settled = timestamp(datetime.now(UTC)) if outcome else ""
        values = {"outcome": str(outcome), "settled": settled} | ({"incident": incident} if incident else {})
        with self._database.writing() as connection:
            connection.execute(update(staff_report).where(staff_report.c.id == id).values(values))

    def _reports(self, *wanted: ColumnElement[bool], size: int = PAGE) -> list[StaffReport]:
        order = (staff_report.c.time.desc(), staff_report.c.id.desc())
        statement = select(staff_report).where(*wanted).order_by(*order).limit(size)
        with self._database.reading() as connection:
            rows = connection.execute(statement).all()
            said = connection.execute(
                select(staff_answer.c.report, account.c.name, staff_answer.c.remark, staff_answer.c.time)
                .outerjoin(account, account.c.id == staff_answer.c.account)
                .where(staff_answer.c.report.in_([row.id for row in rows]))
                .order_by(staff_answer.c.time, staff_answer.c.id)
            ).all()
        return [
            StaffReport(**{**row._mapping, "added": self._opened(row.added, row.id)}, answers=_answers(row.id, said))
            for row in rows
        ]

    def _opened(self, sealed: bytes | None, id: str) -> str:
        """What was added; empty where it was changed since, or the installation has another key now."""
        try:
            return self._cipher.open(sealed, id.encode()).decode() if sealed else ""
        except ValueError:
            return ""


def _count(connection: Connection, decision_id: str) -> int:
    return connection.scalar(select(func.count()).where(staff_report.c.decision_id == decision_id)) or 0


def _answers(report: str, said: Sequence[tuple[str, str | None, str, str]]) -> tuple[StaffAnswer, ...]:
    return tuple(StaffAnswer(name or "", remark, time) for of, name, remark, time in said if of == report)
