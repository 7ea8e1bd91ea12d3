"""Clients are held until the company's document is acknowledged on the page of the notice, and then go on."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from harness.clients import CLIENTS
from harness.clients.interface import Client
from harness.notice_page import NoticePage
from harness.provider import ECHO
from harness.proxy import TappedProxy
from harness.turns import Conversation, changes
from support.deadline import wait_until

DOCUMENT = "Use AI with care, and put no passwords into it."
SHORTER = "Use AI with care. Passwords stay out."
AGREE = "I have read this, and I will follow it"
NEEDED = "Whoever uses AI tools reads and acknowledges the company's policy first."
CHANGED = "The company's policy has changed since you acknowledged it."

SDKS = ("python-openai-chat", "python-openai-responses", "python-anthropic-messages", "node-anthropic-messages")
AGENTS = ("claude-code", "codex-websocket", "codex-post")

pytestmark = pytest.mark.timeout(600)


class Company:
    """Whoever edits the configuration of a running proxy.

    Args:
        proxy: the proxy, which starts without a document.
    """

    def __init__(self, proxy: TappedProxy) -> None:
        self.proxy = proxy
        self._policy = proxy.config / "policy.yaml"
        self._shipped = self._policy.read_text("utf-8")

    def ask_for(self, document: str, version: str, *earlier: str, text: str) -> None:
        """Have people acknowledge a document in this version; returns once the proxy goes by it."""
        assert self.proxy.state is not None
        before = self.proxy.state.policy_hash
        (self.proxy.config / "ai-policy.md").write_text(f"# Our AI policy\n\n{text}\n", "utf-8")
        section = (
            f'acknowledgement: {{document: ai-policy.md, id: {document}, version: "{version}", '
            f"earlier_versions: {list(earlier)}}}\n"
        )
        self._policy.write_text(self._shipped.replace("rules:\n", f"{section}rules:\n", 1), "utf-8")
        wait_until(lambda: self.proxy.state and self.proxy.state.policy_hash != before, "the new policy is in force")


@pytest.fixture(scope="module")
def company(start: Callable[..., TappedProxy]) -> Company:
    """A company whose notices lead to the console that `promptguard run` starts."""

    def link(config: Path) -> None:
        with (config / "promptguard.yaml").open("a", encoding="utf-8") as settings:
            settings.write("\nnames: {enabled: false}\nconsole: {staff_links: true}\n")

    proxy = start("acknowledging", link, console="127.0.0.1:0")
    wait_until(lambda: "/set-up?link=" in proxy.output, "the console says where it is")
    return Company(proxy)


def acknowledge(shown: str, version: str, text: str) -> None:
    """As the notice says: open the link, read, press the button."""
    with NoticePage(shown) as page:
        page.press("Show what happened")
        assert text in page.text
        assert f"version {version}" in page.text
        page.press(AGREE)
        assert "You have acknowledged this." in page.text


@pytest.mark.parametrize("client", [each for each in CLIENTS if each.name in AGENTS + SDKS], ids=repr)
def test_goes_on_once_the_document_is_acknowledged(
    client: Client, company: Company, converse_behind: Callable[[TappedProxy, Client], Conversation]
) -> None:
    conversation = converse_behind(company.proxy, client)

    def is_held(prompt: str, why: str) -> str:
        turn = conversation.say(prompt)
        assert turn.sent_with(prompt), turn.screen.text
        assert not turn.received_with(prompt)
        assert squeezed(why) in squeezed(turn.screen.text), turn.screen.text
        assert not turn.screen.hung
        return turn.screen.text

    def arrives(prompt: str) -> None:
        turn = conversation.say(prompt)
        assert turn.received_with(prompt)
        assert changes(turn) == []
        assert squeezed(f"{ECHO} {prompt}") in squeezed(turn.screen.text), turn.screen.text

    company.ask_for(client.name, "1", text=DOCUMENT)
    shown = is_held("What is a prime number?", NEEDED)
    acknowledge(shown, "1", DOCUMENT)
    arrives("What is a prime number?")
    arrives("Name one above a hundred.")

    company.ask_for(client.name, "2", text=SHORTER)
    shown = is_held("What is a perfect number?", CHANGED)
    acknowledge(shown, "2", SHORTER)
    arrives("What is a perfect number?")

    company.ask_for(client.name, "3", "2", text=f"{SHORTER}..")
    arrives("Name the first of them.")


def squeezed(text: str) -> str:
    """Without white space, as clients break lines as they like."""
    return re.sub(r"\s+", "", text)
