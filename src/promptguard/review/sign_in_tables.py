"""The tables of signing in, beside that of accounts: from where, by which passkey, and as whom elsewhere."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Table

from promptguard.review.tables import metadata

known_device = Table(
    "review_known_device",
    metadata,
    Column("token", LargeBinary(32), primary_key=True),
    Column("account", String(32), nullable=False, index=True),
    Column("failures", Integer, nullable=False),
    Column("expires", BigInteger, nullable=False),
)
"""Browsers from which somebody signed in before: SHA-256 of the cookie, seconds since 1970."""

used_ticket = Table(
    "review_used_ticket",
    metadata,
    Column("token", LargeBinary(32), primary_key=True),
    Column("expires", BigInteger, nullable=False),
)
"""Challenges that were answered, so that none is answered twice: SHA-256 of each."""

outside_account = Table(
    "review_outside_account",
    metadata,
    Column("account", String(32), primary_key=True),
    Column("subject", LargeBinary(32), nullable=False, unique=True),
)
"""Accounts that an OpenID Connect provider vouches for: a keyed hash of its name and of what it calls the person."""

outside_session = Table(
    "review_outside_session",
    metadata,
    Column("token", LargeBinary(32), primary_key=True),
    Column("sid", LargeBinary(32), nullable=False, index=True),
)
"""Sessions by the token that `tables.session` has them by, and a keyed hash of what the provider calls each (`sid`)."""

passkey = Table(
    "review_passkey",
    metadata,
    Column("token", LargeBinary(32), primary_key=True),
    Column("account", String(32), nullable=False, index=True),
    Column("name", String(64), nullable=False),
    Column("credential", LargeBinary, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("counter", BigInteger, nullable=False),
    Column("created", String(24), nullable=False),
)
"""Passkeys: SHA-256 of the credential's id, the id, and the public key in COSE form (RFC 9052)."""
