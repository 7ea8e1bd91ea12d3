"""Nothing is sent for somebody who has not acknowledged the company's document, and all is for somebody who has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from tests.inspection.test_justifying import ADA, ASKED, BOB, Links, Proxy, bundle, chat, make_proxy, patterns

from promptguard.audit.events import timestamp
from promptguard.errors import StorageAway, StorageError
from promptguard.guard import Acknowledged, AcknowledgementGate
from promptguard.model import Action, Identity, IdentityClass
from promptguard.policy.acknowledgements import RULE, Acknowledgement, AcknowledgementStore, Document
from promptguard.policy.acknowledging import Acknowledging

__all__ = ["bundle", "make_proxy", "patterns"]

DOCUMENT = Document(Acknowledging(document="ai.md"), "s1", "Use AI with care.")


class Store(AcknowledgementStore):
    """In memory."""

    def __init__(self) -> None:
        self.given: list[Acknowledgement] = []
        self.reminded: dict[str, str] = {}
        self.asked = 0
        self.error: StorageError | None = None

    def add(self, given: Acknowledgement) -> None:
        self.given.append(given)

    def of_person(self, pseudonym: str) -> Sequence[Acknowledgement]:
        self.asked += 1
        if self.error:
            raise self.error
        return [each for each in self.given if each.pseudonym == pseudonym]

    def all(self) -> Sequence[Acknowledgement]:
        return self.given

    def remind(self, pseudonym: str, day: str) -> bool:
        new = day > self.reminded.get(pseudonym, "")
        self.reminded[pseudonym] = max(day, self.reminded.get(pseudonym, ""))
        return new

    def forget(self, before: str) -> int:
        return 0


def class_of(user: str, groups: frozenset[str]) -> IdentityClass:
    return IdentityClass.SERVICE if "services" in groups else IdentityClass.EMPLOYEE


@pytest.fixture
def make_gated(make_proxy: Any) -> Any:
    async def make(links: Any = None, document: Document = DOCUMENT) -> tuple[Proxy, Store]:
        proxy, store = await make_proxy(links), Store()
        guard = proxy.guard
        guard.acknowledgements = AcknowledgementGate(store)
        guard.rules = replace(guard.rules, acknowledged=Acknowledged(document, class_of))
        guard._clock = lambda: proxy.now
        return proxy, store

    return make


def given(pseudonym: str, when: datetime = datetime(2026, 3, 1, tzinfo=UTC)) -> Acknowledgement:
    time = when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Acknowledgement("a1", pseudonym, "employee", "ai-policy", "1", "s1", time, "pg-1", "openai_chat")


@pytest.mark.parametrize(
    ("links", "told"), [(Links(), "open the link below"), (None, "ask your IT or security team where")]
)
async def test_nothing_is_sent_before(make_gated: Any, links: Any, told: str) -> None:
    proxy, store = await make_gated(links)
    verdict = await proxy.send(chat(("user", "Hello")))
    assert (verdict.decision.action, verdict.event.rule) == (Action.BLOCK, RULE)
    assert verdict.event.adjusted == ('acknowledgement.needed document=ai-policy version="1" identity_class=employee')
    assert verdict.answer and verdict.notice and verdict.answer.status == 400
    message = orjson.loads(verdict.answer.body)["error"]["message"]
    for expected in ("Nothing was sent to OpenAI", "reads and acknowledges", told, verdict.event.id):
        assert expected in message
    assert ("Read it and acknowledge it here: http" in message) is bool(links)
    assert "What happened" not in message
    store.add(given(ADA.pseudonym))
    assert (await proxy.send(chat(("user", "Hello")))).answer is None
    assert (await proxy.send(chat(("user", "Hello")), BOB)).event.rule == RULE


async def test_who_has_is_not_looked_up_again_until_it_lapses(make_gated: Any) -> None:
    proxy, store = await make_gated()
    store.add(given(ADA.pseudonym))
    for _ in range(3):
        assert (await proxy.send(chat(("user", "Hello")))).answer is None
    assert store.asked == 1
    proxy.now += timedelta(days=365)
    assert (await proxy.send(chat(("user", "Hello")))).event.adjusted.startswith("acknowledgement.lapsed")


async def test_a_new_version_is_acknowledged_anew(make_gated: Any) -> None:
    proxy, store = await make_gated()
    store.add(given(ADA.pseudonym))
    assert (await proxy.send(chat(("user", "Hello")))).answer is None
    for terms, passes in (
        (Acknowledging(document="ai.md", version="2", earlier_versions=("1",)), True),
        (Acknowledging(document="ai.md", version="2"), False),
    ):
        changed = Acknowledged(Document(terms, "s2", "Text"), class_of)
        proxy.guard.rules = replace(proxy.guard.rules, acknowledged=changed)
        assert ((await proxy.send(chat(("user", "Hello")))).answer is None) is passes


@pytest.mark.parametrize(
    ("who", "host", "path", "asked"),
    [
        (Identity("build", "p_build", frozenset({"services"})), "api.openai.com", "/v1/chat/completions", False),
        (ADA, "api.openai.com", "/v1/chat/completions", True),
        (ADA, "chatgpt.com", "/backend-api/conversation", True),
        (ADA, "chatgpt.com", "/backend-api/me", False),
    ],
)
async def test_of_whom_and_for_what_it_is_asked(
    make_gated: Any, who: Identity, host: str, path: str, asked: bool
) -> None:
    proxy, _ = await make_gated()
    verdict = await proxy.send(chat(("user", "Hello")), who, host=host, path=path)
    assert (verdict.event.rule == RULE) is asked


async def test_the_policy_s_rules_hold_all_the_same(make_gated: Any) -> None:
    proxy, store = await make_gated()
    verdict = await proxy.send(chat(("user", ASKED)))
    assert [each["rule"] for each in verdict.event.findings] == ["hold-mail"]
    store.add(given(ADA.pseudonym))
    code = await proxy.held(("user", ASKED))
    body = chat(("user", ASKED), ("user", f"pg-allow {code} She asked"))
    assert [each[:2] for each in (await proxy.send(body)).event.orders] == ["j-"]
    store.given.clear()
    proxy.guard.acknowledgements = AcknowledgementGate(store)
    assert (await proxy.send(body)).event.orders == (), "what holds it is that alone"


async def test_while_the_database_is_away_work_goes_on_and_else_it_does_not(make_gated: Any) -> None:
    proxy, store = await make_gated()
    store.error = StorageAway("here", "It is away.", "Wait.")
    assert (await proxy.send(chat(("user", "Hello")))).answer is None
    store.error = StorageError("here", "It is broken.", "Restore it.")
    with pytest.raises(StorageError):
        await proxy.send(chat(("user", "Hello")))


CHATGPT = {"host": "chatgpt.com", "path": "/backend-api/conversation"}


@pytest.mark.parametrize(
    ("days_before", "where", "remind"),
    [(15, CHATGPT, False), (13, CHATGPT, True), (1, CHATGPT, True), (13, {}, False)],
)
async def test_a_page_can_remind_of_what_lapses_soon_and_no_answer_does(
    make_gated: Any, days_before: int, where: dict[str, str], remind: bool
) -> None:
    proxy, store = await make_gated(Links())
    store.add(given(ADA.pseudonym, proxy.now - timedelta(days=365 - days_before)))
    verdict = await proxy.send(chat(("user", "Hello")), **where)
    assert verdict.remind is remind
    assert (verdict.answer, verdict.body, verdict.notice, verdict.header) == (None, None, None, "")


async def test_reminders_are_given_once_a_day_and_end_with_a_new_acknowledgement(make_gated: Any) -> None:
    proxy, store = await make_gated()
    gate, other = proxy.guard.acknowledgements, AcknowledgementGate(store)
    store.add(given(ADA.pseudonym, proxy.now - timedelta(days=360)))
    until = store.given[0].until(DOCUMENT.terms)

    async def reminded(gate: AcknowledgementGate) -> str:
        return await gate.remind(ADA.pseudonym, DOCUMENT, timestamp(proxy.now))

    for _ in range(2):
        assert (await proxy.send(chat(("user", "Hello")), **CHATGPT)).remind
        assert await reminded(gate) == until
        assert await reminded(gate) == await reminded(other) == ""
        assert not (await proxy.send(chat(("user", "Hello")), **CHATGPT)).remind
        proxy.now += timedelta(days=1)
    store.add(given(ADA.pseudonym, proxy.now))
    assert (await proxy.send(chat(("user", "Hello")), **CHATGPT)).remind  # it was not looked up since
    assert await reminded(gate) == ""
    assert not (await proxy.send(chat(("user", "Hello")), **CHATGPT)).remind
    assert await gate.remind("p_nobody", DOCUMENT, timestamp(proxy.now)) == ""


@pytest.mark.parametrize(
    ("links", "said"),
    [(Links(), "You can do it again now: https"), (None, "ask your IT or security team where you can acknowledge it.")],
)
async def test_a_reminder_says_when_it_lapses_and_where_to_acknowledge(make_gated: Any, links: Any, said: str) -> None:
    proxy, store = await make_gated(links)
    store.add(given(ADA.pseudonym, proxy.now - timedelta(days=360)))
    text = await proxy.guard.reminder("pg-1", ADA, "en")
    day = store.given[0].until(DOCUMENT.terms)[:10]
    assert text.startswith(f"Your acknowledgement of the company's policy lapses on {day}.\n\n") and said in text
    assert await proxy.guard.reminder("pg-1", ADA, "en") == await proxy.guard.reminder("pg-1", BOB) == ""
    proxy.guard.rules = replace(proxy.guard.rules, acknowledged=None)
    assert await proxy.guard.reminder("pg-1", ADA) == ""
