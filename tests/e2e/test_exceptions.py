"""Exceptions and the decided status of tools through the real proxy: what the service received, and what is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_hex

from support.deadline import wait_until
from support.expected import EMAIL_PLACEHOLDER
from support.values import email
from support.watch import Watch
from support.wire import Answered, request_bytes

from promptguard.demo.proxy_process import PromptGuardProcess
from promptguard.review.accounts import Account, Accounts
from promptguard.review.exceptions import ExceptionBook, Wanted
from promptguard.review.roles import Role
from promptguard.review.tool_reviews import Assessment, ToolBook
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.orders import opened_orders
from promptguard.runtime.record import open_record
from promptguard.runtime.review_database import open_reviewing

type Post = Callable[..., Answered]

WHO = "address:127.0.0.1"
"""As the proxy calls whoever comes from there without a name."""


@dataclass
class Books:
    """What the console's pages work with, two people, and a clock of one's own."""

    exceptions: ExceptionBook
    tools: ToolBook
    ann: Account
    bob: Account
    back: timedelta = timedelta()


@contextmanager
def books(proxy: PromptGuardProcess) -> Iterator[Books]:
    with (
        opened_orders(proxy.config, proxy.data) as (store, bundle, keys),
        closing(open_reviewing(bundle.settings, DataFolder(proxy.data))) as database,
    ):
        accounts = Accounts(database, keys.second_factor)
        roles = (Role.EXCEPTION_APPROVER, Role.REGISTRY_OWNER)
        ann, bob = (accounts.make(f"{name} {token_hex(4)}", roles) for name in ("Ann", "Bob"))

        def now() -> datetime:
            return datetime.now(UTC) - found.back

        found = Books(
            ExceptionBook(
                store,
                database,
                terms=lambda: bundle.policy.exceptions,
                tools=bundle.registry.names,
                pseudonym=keys.pseudonym,
                now=now,
            ),
            ToolBook(store, database, tool=bundle.registry.destination, now=now),
            ann,
            bob,
        )
        yield found


def wanted(days: int) -> Wanted:
    return Wanted("For the pilot", days, ["openai-api"], ["personal_data"], users=[WHO], contract="C-17")


def approved(given: Books, days: int) -> str:
    order = given.exceptions.prepare(wanted(days), by=given.ann.id, name=given.ann.name)
    given.exceptions.orders.add(order)
    given.exceptions.approve(order, given.bob, [WHO])
    return order.id


def asked(text: str) -> bytes:
    return request_bytes(json.dumps({"messages": [{"role": "user", "content": text}]}).encode())


def left(post: Post, watch: Watch, value: str) -> bool:
    """Whether a value reaches the service as it is; else a placeholder does."""
    assert post(asked(f"Write to {value}")).status == 200
    body = watch.requests[-1].body.decode()
    assert (value in body) is not bool(EMAIL_PLACEHOLDER.search(body))
    return value in body


def test_an_exception_through_its_life(quick_proxy: PromptGuardProcess, post: Post, watch: Watch) -> None:
    value = email(731)
    assert not left(post, watch, value)
    with books(quick_proxy) as given:
        id = approved(given, 30)
        wait_until(lambda: left(post, watch, value), "it is let go")
        order = given.exceptions.orders.find(id)
        given.exceptions.orders.end(order, by=given.ann.id, name=given.ann.name, reason="The pilot is over")
        wait_until(lambda: not left(post, watch, value), "it is replaced again")

        given.back = timedelta(days=1) - timedelta(seconds=8)
        approved(given, 1)  # asked for nearly a day ago
        given.back = timedelta()
        wait_until(lambda: left(post, watch, value), "it is let go")
        wait_until(lambda: not left(post, watch, value), "it has ended by itself")


def test_a_tool_has_the_status_that_was_decided(quick_proxy: PromptGuardProcess, post: Post, watch: Watch) -> None:
    question = asked("What is a semaphore?")
    assert post(question).status == 200
    due = (datetime.now(UTC).date() + timedelta(days=90)).isoformat()
    with books(quick_proxy) as given:
        order = given.tools.prepare(
            Assessment("openai-api", "prohibited", due, "After the incident"), by=given.ann.id, name=given.ann.name
        )
        given.tools.orders.add(order)
        decided = given.tools.approve(order, given.bob)
        try:
            wait_until(lambda: post(question).status == 400, "it is prohibited")
            answer = post(question)
            with open_record(quick_proxy.config, quick_proxy.data) as record:
                recorded = json.loads(record.show(re.findall(r"pg-[\w-]{19}", answer.text)[0]) or "")
            assert (recorded["rule"], recorded["destination_status"]) == ("prohibited-tool", "prohibited")
            assert recorded["orders"] == [order.id]
        finally:
            given.tools.orders.end(decided, by=given.ann.id, name=given.ann.name, reason="Over")
    wait_until(lambda: post(question).status == 200, "the file counts again")
