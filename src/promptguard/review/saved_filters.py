"""Filters of the list of decisions that a reviewer has named: each account's own."""

from __future__ import annotations

from typing import Final

from sqlalchemy import delete, func, insert, select

from promptguard.review.accounts import NotPossible
from promptguard.review.database import ReviewDatabase
from promptguard.review.filter_tables import saved_filter
from promptguard.review.fitting import one_line

MAX_FILTERS: Final = 50
MAX_NAME: Final = 64
MAX_QUERY: Final = 1000


class SavedFilters:
    """For any thread."""

    def __init__(self, database: ReviewDatabase) -> None:
        self._database = database

    def of(self, account: str) -> dict[str, str]:
        """An account's filters, by their names, in order."""
        columns = saved_filter.c
        statement = select(columns.name, columns.query).where(columns.account == account).order_by(columns.name)
        with self._database.reading() as connection:
            return {row.name: row.query for row in connection.execute(statement)}

    def save(self, account: str, name: str, query: str) -> None:
        """Keep a filter under a name; the one that had it is replaced.

        Raises:
            NotPossible: the name is none, there is nothing to keep, or there are too many.
        """
        name = one_line(name, MAX_NAME + 1)
        if not 1 <= len(name) <= MAX_NAME:
            raise NotPossible(f"A name has 1 to {MAX_NAME} characters.")
        if not 1 <= len(query) <= MAX_QUERY:
            raise NotPossible("Choose what to filter by, show it, and save it then.")
        columns = saved_filter.c
        with self._database.writing() as connection:
            connection.execute(delete(saved_filter).where(columns.account == account, columns.name == name))
            mine = select(func.count()).select_from(saved_filter).where(columns.account == account)
            if (connection.scalar(mine) or 0) >= MAX_FILTERS:
                raise NotPossible(f"You have {MAX_FILTERS} saved filters: delete one first.")
            connection.execute(insert(saved_filter).values(account=account, name=name, query=query))

    def delete(self, account: str, name: str) -> None:
        """Keep it no more."""
        columns = saved_filter.c
        with self._database.writing() as connection:
            connection.execute(delete(saved_filter).where(columns.account == account, columns.name == name))
