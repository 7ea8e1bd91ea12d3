"""The books of orders that a running proxy goes by, and two people who order: what the console's pages work with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_hex

from promptguard.configuration.bundle import Bundle
from promptguard.demo.proxy_process import PromptGuardProcess
from promptguard.keys import Keys
from promptguard.review.accounts import Account, Accounts
from promptguard.review.database import ReviewDatabase
from promptguard.review.exceptions import ExceptionBook
from promptguard.review.roles import Role
from promptguard.review.suspensions import SuspensionBook
from promptguard.review.tool_reviews import ToolBook
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.doubts import opened_decided
from promptguard.runtime.review_database import open_reviewing

WHO = "address:127.0.0.1"
"""As the proxy calls whoever comes from there without a name."""


@dataclass
class Books:
    """Exceptions, decisions on tools, suspensions; two people, a clock of one's own, and what all stands on."""

    exceptions: ExceptionBook
    tools: ToolBook
    suspensions: SuspensionBook
    database: ReviewDatabase
    bundle: Bundle
    keys: Keys
    ann: Account
    bob: Account
    back: timedelta = timedelta()


@contextmanager
def books(proxy: PromptGuardProcess, names: Sequence[str] = ()) -> Iterator[Books]:
    """Opens them beside a proxy that is running.

    Args:
        names: of the two people; without them, such as no account has yet.
    """
    with (
        opened_decided(proxy.config, proxy.data) as (decided, bundle, keys),
        closing(open_reviewing(bundle.settings, DataFolder(proxy.data))) as database,
    ):
        accounts = Accounts(database, keys.second_factor)
        roles = (Role.EXCEPTION_APPROVER, Role.REGISTRY_OWNER, Role.ACCESS_OFFICER)
        ann, bob = (accounts.make(each, roles) for each in names or (f"Ann {token_hex(4)}", f"Bob {token_hex(4)}"))

        def now() -> datetime:
            return datetime.now(UTC) - found.back

        found = Books(
            ExceptionBook(
                decided.orders,
                database,
                terms=lambda: bundle.policy.exceptions,
                tools=bundle.registry.names,
                pseudonym=keys.pseudonym,
                now=now,
            ),
            ToolBook(decided.orders, database, tool=bundle.registry.destination, now=now),
            SuspensionBook(decided.orders, database, keys.pseudonym, now),
            database,
            bundle,
            keys,
            ann,
            bob,
        )
        yield found
