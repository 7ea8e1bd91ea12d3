"""Decisions on tools asked for at the command line, beside a console that may be running; the ledger tells of them.

Nothing is decided here: at a command line two people cannot be told apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from promptguard.console.assessment_files import Row
from promptguard.policy.orders import Order
from promptguard.policy.tool_status import DESTINATION
from promptguard.review.accounts import NotPossible
from promptguard.review.ledger import Act, Ledger
from promptguard.review.tool_reviews import Assessment, ToolBook
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.doubts import opened_decided
from promptguard.runtime.review_database import open_reviewing
from promptguard.typed_yaml.reading import together


@dataclass(frozen=True, slots=True)
class AssessmentDesk:
    """Asks for decisions on tools; each is noted in the ledger first."""

    book: ToolBook
    ledger: Ledger

    def prepare(self, assessment: Assessment, *, name: str) -> Order:
        """What is to be asked for, not kept yet.

        Raises:
            NotPossible: something is missing, or a decision on the tool is waited for already.
        """
        for order in self.book.orders.waiting():
            if order.scope.get(DESTINATION) == assessment.tool:
                raise NotPossible(f"A decision on it is asked for already ({order.id}): see the console's page Tools.")
        return self.book.prepare(assessment, by="", name=name)

    def prepare_all(self, rows: Sequence[Row], *, name: str) -> list[Order]:
        """What the rows of a file ask for, not kept yet.

        Raises:
            ConfigError: it is not possible; `ConfigErrors` where that is so of several rows.
        """
        orders, errors = [], []
        for row in rows:
            try:
                orders.append(self.prepare(row.assessment, name=name))
            except NotPossible as error:
                errors.append(row.error(f"‘{row.assessment.tool}’ cannot be asked for so", str(error)))
        if errors:
            raise together(errors)
        return orders

    def ask(self, orders: Sequence[Order]) -> None:
        """Ask for all of them, or, where one cannot be kept, for none.

        Raises:
            StorageError: they cannot be kept.
        """
        for order in orders:
            detail = {"by": "command line", "name": order.asked_name, "tool": str(order.scope[DESTINATION])}
            self.ledger.note(Act.TOOL_ASSESSED, object=order.id, detail=detail)
        self.book.orders.add(*orders)


@contextmanager
def assessing(config: Path, data: Path) -> Iterator[AssessmentDesk]:
    """A desk for an installation.

    Raises:
        PromptGuardError: there is none, or its databases cannot be opened.
    """
    with (
        opened_decided(config, data) as (decided, bundle, keys),
        closing(open_reviewing(bundle.settings, DataFolder(data))) as database,
    ):
        book = ToolBook(decided.orders, database, tool=bundle.registry.destination)
        yield AssessmentDesk(book, Ledger(database, keys))
