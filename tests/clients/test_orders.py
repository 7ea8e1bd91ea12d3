"""What is ordered while an agent is in a conversation: it is refused and said so, and once that is over it goes on."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from harness.clients.claude_code import ClaudeCode
from harness.clients.codex import Codex
from harness.clients.interface import Client
from harness.provider import ECHO
from harness.proxy import TappedProxy
from harness.turns import PLACEHOLDER, Conversation, Turn, changes, text_of
from support.books import WHO, Books, books
from support.deadline import wait_until

from promptguard.demo.provider import Provider
from promptguard.demo.proxy_process import run_promptguard
from promptguard.review.exceptions import Wanted

AGENTS = {ClaudeCode(): ("anthropic-api", "/v1/messages"), Codex(): ("openai-api", "/v1/chat/completions")}
"""What each uses, and where a program asks the same service."""

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def ordered(start: Callable[..., TappedProxy]) -> TappedProxy:
    """A proxy in which nothing is ordered yet."""

    def without_names(config: Path) -> None:
        with (config / "promptguard.yaml").open("a", encoding="utf-8") as settings:
            settings.write("\nnames: {enabled: false}\n")

    return start("ordered", without_names)


@contextmanager
def stopped(proxy: TappedProxy, tool: str) -> Iterator[None]:
    """A tool is stopped at the command line; lifted at the end."""
    folders = ("--config", str(proxy.config), "--data", str(proxy.data))
    told = run_promptguard(["stop", tool, "--reason", "Their incident", *folders])
    assert told.returncode == 0, told.stderr
    yield
    lifted = run_promptguard(["stop", "lift", told.stdout.partition(":")[0], "--reason", "It is over", *folders])
    assert lifted.returncode == 0, lifted.stderr


@contextmanager
def suspended(given: Books) -> Iterator[None]:
    """Whoever uses the proxy is suspended by two people; lifted at the end."""
    order = given.suspensions.prepare(WHO, given.ann, reason="An inquiry", days=1)
    given.suspensions.ask(order)
    given.suspensions.approve(order.id, given.bob, WHO)
    yield
    given.suspensions.lift(order.id, given.bob, "It is over")


@contextmanager
def excepted(given: Books, tool: str) -> Iterator[None]:
    """Personal data may go there as it is; revoked at the end."""
    wanted = Wanted("For the fair", 1, [tool], ["personal_data"], users=[WHO])
    order = given.exceptions.prepare(wanted, by=given.ann.id, name=given.ann.name)
    given.exceptions.orders.add(order)
    approved = given.exceptions.approve(order, given.bob, [WHO])
    yield
    given.exceptions.orders.end(approved, by=given.ann.id, name=given.ann.name, reason="It is over")


@pytest.mark.parametrize("agent", AGENTS, ids=repr)
def test_a_conversation_outlives_what_is_ordered(
    agent: Client,
    ordered: TappedProxy,
    converse_behind: Callable[[TappedProxy, Client], Conversation],
    provider: Provider,
) -> None:
    tool, path = AGENTS[agent]
    before, later = (f"customer.{agent.name}@{name}.com" for name in ("fabrikam", "contoso"))
    conversation = converse_behind(ordered, agent)
    authority = ssl.create_default_context(cafile=str(ordered.authority))

    def program(text: str) -> httpx.Response:
        """What another program is answered by the same service."""
        body = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": text}]}
        with httpx.Client(proxy=ordered.url, verify=authority, timeout=60, trust_env=False) as client:
            return client.post(f"https://{agent.host}{path}", json=body)

    def received(words: str) -> bool:
        """Whether they stand in the request that the service received last."""
        return words in text_of(provider.application.received[-1].body)

    def is_refused(prompt: str, *told: str) -> None:
        wait_until(lambda: program("What is a mutex?").status_code == 400, "nothing goes there")
        turn = conversation.say(prompt)
        assert turn.sent_with(prompt)
        assert not turn.received_with(prompt)
        for words in told:
            assert words in turn.screen.text, turn.screen.text
        assert not turn.screen.hung

    def arrives(prompt: str) -> Turn:
        wait_until(lambda: program("What is a mutex?").status_code == 200, "it goes on")
        turn = conversation.say(prompt)
        assert turn.received_with("about the fair."), "what was said first"
        assert f"{ECHO} {prompt}" in turn.screen.text, turn.screen.text
        return turn

    first = arrives(f"Write to {before} about the fair.")
    assert first.sent_with(before) and not first.received_with(before)
    (placeholder,) = {each for request in first.received for each in PLACEHOLDER.findall(text_of(request.body))}

    with stopped(ordered, tool):
        is_refused("Make it shorter.", "This tool is paused for now.", "Why: Their incident")
    assert changes(arrives("Shorter, please."), {placeholder: before}) == []

    with books(ordered) as given:
        with suspended(given):
            is_refused("Put it into German.", "Your access to AI tools is paused until")
        with excepted(given, tool):
            wait_until(lambda: program(f"Write to {later}") and received(later), "values go as they are")
            assert arrives(f"Put {later} in copy.").received_with(later)
