"""The tables of the keys that records are sealed under: in a file beside the master key, or on a server in tables that
are left out of copies of the database. They are apart from `tables`, so that they are made where they are needed.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, String, Table

key_metadata = MetaData()

data_key = Table(
    "audit_data_key",
    key_metadata,
    Column("id", LargeBinary(8), primary_key=True),
    Column("retention_class", String(192), nullable=False),
    Column("day", String(10), nullable=False, index=True),
    Column("after", BigInteger, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("expired", String(24), nullable=False),
    Column("mac", LargeBinary(32), nullable=False),
    Column("kept", BigInteger, nullable=False),
)
"""See `audit.sealing.interface.DataKey`."""

kept_key = Table(
    "audit_kept_key",
    key_metadata,
    Column("key_id", LargeBinary(8), primary_key=True),
    Column("nonce", LargeBinary(16), primary_key=True),
    Column("event_id", String(32), nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("mac", LargeBinary(32), nullable=False),
)
"""See `audit.sealing.interface.KeptKey`."""
