"""Links in notices: made by the proxy, opened once in one browser."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import orjson
from sqlalchemy import delete, func, insert, select, update

from promptguard.keys import SealingCipher
from promptguard.review.database import ReviewDatabase
from promptguard.review.hashing import form_token, hash_of_secret
from promptguard.review.staff_tables import staff_link

UNOPENED_SECONDS = 3600
"""For so long a link can be opened, and what is sealed for it is kept."""
OPENED_SECONDS = 24 * 3600
"""For so long it shows something in the browser that opened it."""
ANSWER_SECONDS = 7 * 24 * 3600
"""And for so long after something was told or answered there."""
MAX_LINKS = 20_000
"""The oldest go first."""
MAX_SEALED = 24 * 1024
"""Bytes of what is sealed; of a longer text there is none to copy."""

_LETTERS = "bcdfghjklmnpqrstvwxz"
_LENGTH = 30
_LOCK = b"staff links"


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link that was not kept yet."""

    secret: str = field(repr=False)
    decision_id: str
    made: int
    sealed: bytes | None = None
    key: str = field(default="", repr=False)
    """What the key of what is sealed is made from, by SHA-256. It stands in the link's fragment, which browsers keep to
    themselves (RFC 3986, 3.5)."""

    @property
    def path(self) -> str:
        """Path and fragment of the address."""
        return f"/p/{self.secret}" + (f"#{self.key}" if self.key else "")


def new_link(decision_id: str, *, redacted: str, files: Sequence[str], now: float) -> NewLink:
    """A link to a decision. Nobody can open what it seals but who has the link: nothing else has the key."""
    plain = orjson.dumps({"text": redacted, "files": list(files)}) if redacted or files else b""
    if not plain or len(plain) > MAX_SEALED:
        return NewLink(_random(), decision_id, int(now))
    key = _random()
    sealed = SealingCipher(hash_of_secret(key)).seal(plain, decision_id.encode())
    return NewLink(_random(), decision_id, int(now), sealed, key)


@dataclass(frozen=True, slots=True)
class StaffLink:
    """A link that can be opened, or is open in the browser that asks."""

    token: bytes
    decision_id: str
    is_open: bool
    sealed: bytes | None = field(default=None, repr=False)
    form_token: str = field(default="", repr=False)
    """What forms of the open page carry, so that no other site can send them."""


class StaffLinks:
    """The links of an installation. For any thread; several processes may use them.

    Args:
        now: seconds since 1970.
    """

    def __init__(self, database: ReviewDatabase, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    def keep(self, links: Sequence[NewLink]) -> None:
        """Let links be opened, and forget those that hold no longer.

        Raises:
            StorageError: they cannot be kept.
        """
        rows = [
            {
                "token": hash_of_secret(link.secret),
                "decision_id": link.decision_id,
                "made": link.made,
                "expires": link.made + UNOPENED_SECONDS,
                "cookie": None,
                "sealed": link.sealed,
            }
            for link in links
        ]
        with self._database.writing(_LOCK) as connection:
            if rows:
                connection.execute(insert(staff_link), rows)
            now = int(self._now())
            connection.execute(delete(staff_link).where(staff_link.c.expires < now))
            old = (staff_link.c.made < now - UNOPENED_SECONDS) & staff_link.c.sealed.is_not(None)
            connection.execute(update(staff_link).where(old).values(sealed=None))
            many = (connection.scalar(select(func.count()).select_from(staff_link)) or 0) - MAX_LINKS
            if many > 0:
                oldest = select(staff_link.c.token).order_by(staff_link.c.made).limit(many)
                connection.execute(delete(staff_link).where(staff_link.c.token.in_(oldest)))

    def find(self, secret: str, cookie: str) -> StaffLink | None:
        """A link for the browser that has a cookie; None if it holds no longer, or not there: nobody learns which."""
        token = hash_of_secret(secret)
        now = int(self._now())
        with self._database.reading() as connection:
            row = connection.execute(select(staff_link).where(staff_link.c.token == token)).one_or_none()
        if row is None or not row.made - 60 <= now <= row.expires:
            return None
        if row.cookie is None:
            return StaffLink(token, row.decision_id, is_open=False)
        if not cookie or not hmac.compare_digest(row.cookie, hash_of_secret(cookie)):
            return None
        sealed = row.sealed if now <= row.made + UNOPENED_SECONDS else None
        return StaffLink(token, row.decision_id, True, sealed, form_token(cookie))

    def open(self, secret: str) -> str:
        """The cookie of the browser that opens a link, from now on the only one; empty if it cannot be opened."""
        cookie = secrets.token_urlsafe(24)
        now = int(self._now())
        can = (staff_link.c.cookie.is_(None)) & (staff_link.c.expires >= now) & (staff_link.c.made <= now + 60)
        mine = staff_link.c.token == hash_of_secret(secret)
        values = {"cookie": hash_of_secret(cookie), "expires": now + OPENED_SECONDS}
        with self._database.writing(_LOCK) as connection:
            opened = connection.execute(update(staff_link).where(mine & can).values(values)).rowcount
        return cookie if opened else ""

    def hold(self, token: bytes) -> None:
        """Let a link be read for longer, since something is told or answered there."""
        until = int(self._now()) + ANSWER_SECONDS
        with self._database.writing(_LOCK) as connection:
            connection.execute(update(staff_link).where(staff_link.c.token == token).values(expires=until))


def _random() -> str:
    """Some 129 random bits, in letters that survive being wrapped, read as Markdown, and typed.

    There are no digits and no vowels among them: where the address comes back in a conversation, no detector may take
    it for a number or a word.
    """
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
