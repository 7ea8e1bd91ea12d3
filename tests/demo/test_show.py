from __future__ import annotations

import io

import httpx
import pytest
from rich.console import Console

from promptguard.demo import show
from promptguard.demo.clients import Client, Reaction
from promptguard.demo.provider import Provider
from promptguard.demo.show import SCENES, Outcome, Scene, play, table


@pytest.mark.parametrize(
    ("status", "headers", "decision"),
    [
        (200, {}, "allowed"),
        (200, {"x-promptguard": "redacted; id=pg-1"}, "redacted"),
        (400, {}, "blocked"),
    ],
)
def test_decision_is_read_from_the_answer(status: int, headers: dict[str, str], decision: str) -> None:
    outcome = Outcome(SCENES[0], "", Reaction("", status, headers))
    assert outcome.decision == decision


def test_of_a_notice_the_first_paragraph_is_shown() -> None:
    assert Outcome(SCENES[0], "", Reaction("Nothing was sent.\n\nWhy: so.", 400, {})).shown == "Nothing was sent."
    assert Outcome(SCENES[0], "x", Reaction("one\n\ntwo", 200, {})).shown == "one\n\ntwo"


def test_table_shows_all_four_things() -> None:
    scene = Scene("OpenAI API", "[bold]typed[/bold]")
    outcomes = [
        Outcome(scene, "[EMAIL_ADDRESS_7KQ2M4XB]", Reaction("came back", 200, {"x-promptguard": "redacted"})),
        Outcome(scene, "", Reaction("a notice", 400, {})),
    ]
    console = Console(file=io.StringIO(), width=160)
    console.print(table(outcomes))
    printed = console.file.getvalue()  # type: ignore[attr-defined]
    for shown in ("[bold]typed[/bold]", "[EMAIL_ADDRESS_7KQ2M4XB]", "came back", "redacted", "nothing", "a notice"):
        assert shown in printed


def test_play_notes_what_left(monkeypatch: pytest.MonkeyPatch, provider: Provider, base_url: str) -> None:
    """A client that sends something, and one that is stopped before it could."""
    http = httpx.Client(verify=provider.certificates.client_context(), trust_env=False)

    def passing() -> Client:
        def ask(prompt: str) -> Reaction:
            body = {"messages": [{"role": "user", "content": prompt.upper()}]}
            return Reaction("ok", http.post(f"{base_url}/v1/messages", json=body).status_code, {})

        return ask

    monkeypatch.setattr(show, "openai_client", passing)
    monkeypatch.setattr(show, "anthropic_client", lambda: lambda prompt: Reaction("no", 400, {}))
    outcomes = play([Scene("OpenAI API", "typed"), Scene("Anthropic API", "typed")], provider)
    assert [(outcome.left, outcome.decision) for outcome in outcomes] == [("TYPED", "allowed"), ("", "blocked")]
