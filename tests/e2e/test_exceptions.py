"""Exceptions and the decided status of tools through the real proxy: what the service received, and what is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from support.books import WHO, Books, books
from support.deadline import wait_until
from support.expected import EMAIL_PLACEHOLDER
from support.values import email
from support.watch import Watch
from support.wire import Answered, request_bytes

from promptguard.demo.proxy_process import PromptGuardProcess
from promptguard.review.exceptions import Wanted
from promptguard.review.tool_reviews import Assessment
from promptguard.runtime.record import open_record

type Post = Callable[..., Answered]


def wanted(days: int) -> Wanted:
    return Wanted("For the pilot", days, ["openai-api"], ["personal_data"], users=[WHO], contract="C-17")


def approved(given: Books, days: int) -> str:
    order = given.exceptions.prepare(wanted(days), by=given.ann.id, name=given.ann.name)
    given.exceptions.orders.add(order)
    given.exceptions.approve(order, given.bob, [WHO])
    return order.id


def asked(text: str) -> bytes:
    return request_bytes(json.dumps({"messages": [{"role": "user", "content": text}]}).encode())


RULE = """
  - id: trains
    when: {data_classes: personal_data, provider: {trains_on_prompts: [yes]}}
    action: block
    reason: Personal data is not for training.
"""


@contextmanager
def also_ruled(policy: Path, rule: str) -> Iterator[None]:
    """A rule goes before all others, and is taken out again."""
    before = policy.read_text("utf-8")
    policy.write_text(before.replace("rules:\n", f"rules:\n{rule}", 1), "utf-8")
    try:
        yield
    finally:
        policy.write_text(before, "utf-8")


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


def test_what_was_decided_of_a_provider_is_what_rules_ask(
    quick_proxy: PromptGuardProcess, post: Post, watch: Watch
) -> None:
    value = email(739)
    question = asked(f"Write to {value}")
    due = (datetime.now(UTC).date() + timedelta(days=90)).isoformat()
    with books(quick_proxy) as given, also_ruled(quick_proxy.config / "policy.yaml", RULE):
        training = {"trains_on_prompts": "yes", "retention_days": "30"}
        wanted = Assessment("openai-api", "approved_with_limits", due, "Their new terms", data_handling=training)
        order = given.tools.prepare(wanted, by=given.ann.id, name=given.ann.name)
        given.tools.orders.add(order)
        assert not left(post, watch, value) and post(question).status == 200
        decided = given.tools.approve(order, given.bob)
        try:
            wait_until(lambda: post(question).status == 400, "it is stopped")
            sent = len(watch.requests)
            answer = post(question)
            assert len(watch.requests) == sent
            assert "This tool may use what is sent to train its models." in answer.text
            assert "Personal data is not for training." in answer.text
            assert "Approved for this kind of work: Azure OpenAI" in answer.text
            with open_record(quick_proxy.config, quick_proxy.data) as record:
                recorded = json.loads(record.show(re.findall(r"pg-[\w-]{19}", answer.text)[0]) or "")
            assert recorded["data_handling"] == ["retention_days=30", "trains_on_prompts=yes"]
            assert (recorded["rule"], recorded["orders"]) == ("trains", [order.id])
            assert post(asked("What is a mutex?")).status == 200
        finally:
            given.tools.orders.end(decided, by=given.ann.id, name=given.ann.name, reason="Over")
    wait_until(lambda: post(question).status == 200, "the file counts again")
