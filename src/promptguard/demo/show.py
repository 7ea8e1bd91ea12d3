"""`promptguard demo`: a handful of prompts on their way through the real proxy to a stand-in provider."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from promptguard.demo.clients import (
    Client,
    Reaction,
    anthropic_client,
    environment,
    openai_client,
    web_chat_client,
)
from promptguard.demo.dialects.interface import text_of
from promptguard.demo.provider import Provider
from promptguard.demo.proxy_process import PromptGuardProcess, ProxyFailed

_NOTHING = "nothing"
_WIDTH_IN_A_FILE = 150
"""Columns of the table where there is no terminal to tell."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One prompt of the demonstration."""

    service: str
    prompt: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a scene."""

    scene: Scene
    left: str
    """The prompt as the provider received it; empty if it received nothing."""
    reaction: Reaction

    @property
    def decision(self) -> str:
        """What the proxy did, as far as it tells the client."""
        if self.reaction.status >= 400:
            return "blocked"
        return "redacted" if "redacted" in self.reaction.headers.get("x-promptguard", "") else "allowed"

    @property
    def shown(self) -> str:
        """What came back, of a notice the first paragraph."""
        text = self.reaction.text
        return text.partition("\n\n")[0] if self.decision == "blocked" else text


# Values that would look like real ones in this file are put together at run time, so that secret scanners stay quiet.
SCENES = (
    Scene("OpenAI API", "Explain the difference between a mutex and a semaphore in two sentences."),
    Scene("OpenAI API", "Write a friendly reminder to jane.porter@fabrikam.com and put omar@fabrikam.com in copy."),
    Scene("Anthropic API", "Summarise: Ms Hannah Lindqvist called from +49 30 901820 about her contract."),
    Scene("Anthropic API", "The refund goes to IBAN " + "DE89 3704 " + "0044 0532 0130 00, please draft the letter."),
    Scene("OpenAI API", "Why does boto3 refuse this? aws_access_key_id = " + "AKIA" + "J4ZPQ7RIVN5MTW2X"),
    Scene("Anthropic API", "Clean up this script: psql postgres://app:" + "Vq7rTz1Lw9@" + "db.fabrikam.com/orders"),
    Scene("chatgpt.com", "Improve the tone of my mail to jane.porter@fabrikam.com."),
    Scene("chatgpt.com", "Give me five ideas for a team lunch in spring."),
)
"""The prompts, from harmless to what must never leave."""


def show(config: Path, console: Console | None = None) -> int:
    """Start the proxy and the stand-in provider, send every scene, show a table. Returns the exit status.

    Args:
        config: the configuration folder that the proxy is to use.
        console: where to print; standard output if None.
    """
    console = console or Console(width=None if sys.stdout.isatty() else _WIDTH_IN_A_FILE)
    with tempfile.TemporaryDirectory(prefix="promptguard-demo-") as folder, Provider() as provider:
        proxy = PromptGuardProcess(
            config=config,
            data=Path(folder),
            connect_to={"*": provider.address},
            upstream_authority=provider.certificates.authority,
        )
        try:
            if not console.is_terminal:  # where the line below is not shown
                print("Starting the proxy and loading its detectors: up to a minute at first …", file=sys.stderr)
            with console.status("Starting the proxy and loading its detectors: up to a minute at first …"):
                proxy.__enter__()
        except ProxyFailed as error:
            console.print(Text(str(error)), style="red")
            return 1
        try:
            with environment(proxy.client_environment()), console.status("Sending prompts …"):
                outcomes = play(SCENES, provider)
        finally:
            proxy.stop()
    console.print(table(outcomes))
    blocked = [outcome.reaction.text for outcome in outcomes if outcome.decision == "blocked"]
    if blocked:
        console.print(Panel(escape(blocked[0]), title="A notice in full", expand=False))
    console.print("The stand-in provider answers by repeating what it received; nothing left this machine.")
    return 0


def play(scenes: Sequence[Scene], provider: Provider) -> list[Outcome]:
    """Send the scenes with real clients, which find the proxy in the environment."""
    makers: dict[str, Callable[[], Client]] = {
        "OpenAI API": openai_client,
        "Anthropic API": anthropic_client,
        "chatgpt.com": web_chat_client,
    }
    clients = {service: makers[service]() for service in dict.fromkeys(scene.service for scene in scenes)}
    outcomes = []
    for scene in scenes:
        before = len(provider.received)
        reaction = clients[scene.service](scene.prompt)
        left = [_prompt(request.json()) for request in provider.received[before:]]
        outcomes.append(Outcome(scene, left[-1] if left else "", reaction))
    return outcomes


def table(outcomes: Sequence[Outcome]) -> Table:
    """The outcomes side by side."""
    shown = Table(box=box.ROUNDED, show_lines=True, title="PromptGuard: what left this laptop, and what did not")
    shown.add_column("To", no_wrap=True)
    shown.add_column("The person typed", ratio=3)
    shown.add_column("What left the laptop", ratio=3)
    shown.add_column("What came back", ratio=4)
    shown.add_column("Decision", no_wrap=True)
    colours = {"allowed": "green", "redacted": "yellow", "blocked": "red"}
    for outcome in outcomes:
        decision = outcome.decision
        left = escape(outcome.left) if outcome.left else f"[dim]{_NOTHING}[/dim]"
        shown.add_row(
            outcome.scene.service,
            escape(outcome.scene.prompt),
            left,
            escape(outcome.shown),
            f"[{colours[decision]}]{decision}[/]",
        )
    return shown


def _prompt(body: Any) -> str:
    message = body["messages"][-1]
    content = message["content"]
    return text_of(content.get("parts") if isinstance(content, dict) else content)
