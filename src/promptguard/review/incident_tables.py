"""The tables of incidents. As all tables of reviewing they hold no value, no prompt and nobody a prompt came from.

Times are seconds since 1970. `what`, `reason` and `remark` are words of reviewers, whom the forms ask for no values.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from promptguard.review.tables import metadata

incident = Table(
    "review_incident",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(64), nullable=False),
    Column("exposed", Integer, nullable=False),
    Column("what", Text, nullable=False),
    Column("source", String(16), nullable=False),
    Column("rule", String(64), nullable=False),
    Column("began", BigInteger, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("opened_by", String(32), nullable=False),
    Column("owner", String(32), nullable=False),
    Column("offered_to", String(32), nullable=False),
    Column("acknowledged", BigInteger),
    Column("closed", BigInteger),
    Column("reopened", BigInteger),
    Column("reason", Text, nullable=False),
    Column("conclusion", String(16), nullable=False, server_default=""),
    Column("round", Integer, nullable=False),
    Column("entries", Integer, nullable=False),
    Index("review_incident_opened", "opened", "id"),
)
"""One incident a row. `exposed`: 1 where something left, 0 where it was prevented. `began` is when its clock started;
`conclusion` is what it came to, empty while it is open and where nobody said; `round` counts how often it was opened,
the last time at `reopened`: pages are sent anew each time; `entries` is the number of the last one."""

incident_decision = Table(
    "review_incident_decision",
    metadata,
    Column("incident", String(32), primary_key=True),
    Column("decision_id", String(32), primary_key=True, index=True),
)
"""Which decisions an incident is about."""

incident_mark = Table(
    "review_incident_mark",
    metadata,
    Column("mark", String(160), primary_key=True),
    Column("incident", String(32), primary_key=True),
)
"""By what further decisions are known to belong to an incident: keyed hashes, ids of decisions and services."""

incident_step = Table(
    "review_incident_step",
    metadata,
    Column("incident", String(32), primary_key=True),
    Column("step", String(64), primary_key=True),
    Column("done", BigInteger, nullable=False),
    Column("account", String(32), nullable=False),
)
"""Steps that were done, and by whom."""

incident_entry = Table(
    "review_incident_entry",
    metadata,
    Column("incident", String(32), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("time", BigInteger, nullable=False),
    Column("account", String(32), nullable=False),
    Column("did", String(32), nullable=False),
    Column("about", String(64), nullable=False),
    Column("remark", Text, nullable=False),
)
"""All that happened to an incident, in order."""

incident_page = Table(
    "review_incident_page",
    metadata,
    Column("incident", String(32), primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("minute", Integer, primary_key=True, autoincrement=False),
    Column("channel", String(64), primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("claimed_until", BigInteger, nullable=False),
    Column("next_try", BigInteger, nullable=False),
    Column("sent", BigInteger),
    Column("problem", Text, nullable=False),
)
"""Who was paged when. A console takes a page by `claimed_until`, so that of several one sends it."""
