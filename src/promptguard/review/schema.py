"""The schema of reviewing: all of its tables, with versions of their own, by themselves or beside the record."""

from __future__ import annotations

from pathlib import Path

from promptguard.review import (
    earlier_tables,  # noqa: F401 - so that they are among `metadata`
    filter_tables,  # noqa: F401 - as well
    hold_tables,  # noqa: F401 - as well
    incident_tables,  # noqa: F401 - as well
    release_tables,  # noqa: F401 - as well
    sign_in_tables,  # noqa: F401 - as well
    staff_tables,  # noqa: F401 - as well
)
from promptguard.review.tables import fact, metadata
from promptguard.storage.schema import Schema

REVIEW = Schema(
    metadata,
    6,
    Path(__file__).parent / "migrations",
    fact,
    "move it aside: decisions are taken up again from the record, accounts have to be made anew",
    "review_version",
)
"""What `ReviewDatabase` stands on."""
