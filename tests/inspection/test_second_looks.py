"""Requests that were sent on are looked at again: what that changes for the next ones, and what is recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from secrets import token_bytes
from typing import Any

import orjson
import pytest

from promptguard.audit.interface import Entry
from promptguard.configuration.bundle import Bundle, load_bundle
from promptguard.detectors.interface import Detector
from promptguard.detectors.names.spans import ModelUnusable
from promptguard.detectors.scanner import Scanner
from promptguard.errors import PromptGuardError, ScanFailed
from promptguard.guard import Guard, Rules
from promptguard.inspection.second_looks import SecondLooks
from promptguard.model import Action, DataClass, Event, Identity, Match, Request, Segment, Verdict
from promptguard.notices.templates import Templates
from promptguard.notices.writer import NoticeWriter
from promptguard.policy.orders import Approval, Order, OrderKind, OrderState
from promptguard.policy.policy import Policy
from promptguard.policy.schema import PolicyFile
from promptguard.policy.standing import Standing
from promptguard.reasons import Code
from promptguard.redaction.redactor import Redactor
from promptguard.redaction.scope_memory import ScopeMemory
from promptguard.redaction.vault import MemoryVault
from promptguard.typed_yaml.reading import load
from promptguard.wire.formats import load_formats

CONFIG = Path(__file__).parents[2] / "config"
ADA = Identity("ada", "p_ada")
FORMATS = load_formats()
NEXT = [("assistant", "Noted."), ("user", "Go on.")]


class Names(Detector):
    """Finds given names. `gate` lets it go on."""

    version = "1"

    def __init__(self, id: str, *names: str, problem: Exception | None = None) -> None:
        self.id = id
        self.names = names
        self.problem = problem
        self.gate = asyncio.Event()
        self.gate.set()
        self.asked: list[str] = []

    async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
        await self.gate.wait()
        self.asked += [segment.text for segment in segments]
        if self.problem:
            raise self.problem
        return [
            [
                Match(at, at + len(name), "PERSON", 0.95, "NamesRecognizer", DataClass.PERSONAL_DATA)
                for name in self.names
                if (at := segment.text.find(name)) >= 0
            ]
            for segment in segments
        ]


class Record:
    """Keeps decisions, and what is stated beside them."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.stated: list[dict[str, Any]] = []
        self.broken = False

    async def record(self, event: Event) -> None:
        self.events.append(event)

    async def state(self, entry: Entry) -> None:
        if self.broken:
            raise PromptGuardError("disk full")
        self.stated.append(orjson.loads(entry.event))


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load_bundle(CONFIG)


@pytest.fixture
def record() -> Record:
    return Record()


@pytest.fixture
def second() -> Names:
    return Names("second_look", "Anna", "Bertil", "Cyd")


@pytest.fixture
def guard(bundle: Bundle, record: Record, second: Names) -> Guard:
    memory = ScopeMemory(MemoryVault(), token_bytes(32))
    notices = NoticeWriter(load(CONFIG / "notices" / "en.yaml", Templates), "the help desk", bundle.registry.names())
    return Guard(
        Rules(bundle.registry, bundle.policy, Redactor(token_bytes(32)), notices),
        formats=FORMATS,
        scanner=Scanner([Names("names", "Anna")], token_bytes(32), second=second),
        memory=memory,
        record=record,
        second_looks=SecondLooks(memory, record.state, queue_bytes=50_000),
    )


def looks(guard: Guard) -> SecondLooks:
    assert guard.second_looks is not None
    return guard.second_looks


def rule(guard: Guard, *rules: dict[str, Any]) -> None:
    """Have it go by these rules, and allow what they do not hold for."""
    last = {"id": "rest", "action": "allow"}
    entries = [{"reason": "R.", **each} for each in (*rules, last)]
    policy = Policy(PolicyFile.model_validate_json(orjson.dumps({"version": "1", "rules": entries})))
    guard.rules = Rules(guard.rules.registry, policy, guard.rules.redactor, guard.rules.notices)


async def send(guard: Guard, *messages: tuple[str, str], host: str = "api.openai.com") -> Verdict:
    body = orjson.dumps({"model": "m", "messages": [{"role": role, "content": text} for role, text in messages]})
    destination = guard.rules.registry.find_host(host)
    assert destination is not None
    headers = {"content-type": "application/json"}
    request = Request("POST", host, "/v1/chat/completions", headers=headers, body=body)
    return await guard.inspect(request, ADA, destination)


def sent(verdict: Verdict) -> list[str]:
    """What the service got of the messages that were rewritten."""
    assert verdict.answer is None
    return [] if verdict.body is None else [each["content"] for each in orjson.loads(verdict.body)["messages"]]


async def test_what_left_is_recorded_beside_the_decision_and_leaves_no_more(guard: Guard, record: Record) -> None:
    asked = ("user", "Anna wrote to Bertil and Cyd")
    first = await send(guard, asked)
    assert sent(first) == [f"{next(iter(first.restoration.originals))} wrote to Bertil and Cyd"]
    await looks(guard).settled()
    (told,) = record.stated
    assert told["findings"] == [
        {"entity_type": "PERSON", "data_class": "personal_data", "action": "redact", "count": 2,
         "rule": "personal-data-at-approved-tools"}
    ]  # fmt: skip
    assert (told["decision"], told["decided"], told["destination"]) == (first.event.id, "redact", "openai-api")
    assert told["incident"] == first.event.incident
    assert not any(name in str(told) for name in ("Anna", "Bertil", "Cyd", ADA.pseudonym))
    text, *_ = sent(await send(guard, asked, *NEXT))
    assert not any(name in text for name in ("Anna", "Bertil", "Cyd"))
    await looks(guard).settled()
    assert len(record.stated) == 1
    assert looks(guard).found == {"PERSON": 2}
    assert (looks(guard).waiting, looks(guard).bytes, looks(guard).looked) == (0, 0, 2)


async def test_a_request_without_findings_stays_as_it_came_and_says_nothing(guard: Guard, record: Record) -> None:
    asked = ("user", "What is the capital of France?")
    for _ in range(2):
        verdict = await send(guard, asked)
        await looks(guard).settled()
        assert (verdict.body, verdict.answer, record.stated) == (None, None, [])
    assert looks(guard).looked == 1  # all of the second is known


async def test_each_request_that_left_with_it_is_told_of(guard: Guard, record: Record, second: Names) -> None:
    second.gate.clear()
    left = [await send(guard, ("user", "Ask Bertil")), await send(guard, ("user", "Ask Bertil"), *NEXT)]
    second.gate.set()
    await looks(guard).settled()
    assert [each["decision"] for each in record.stated] == [each.event.id for each in left]
    assert second.asked.count("Ask Bertil") == 1
    assert looks(guard).found == {"PERSON": 2}


async def test_what_the_first_look_alone_finds_is_nobodys_business(guard: Guard, record: Record, second: Names) -> None:
    second.names = ()
    await send(guard, ("user", "Ask Anna"))
    await looks(guard).settled()
    assert second.asked and record.stated == []
    assert "Anna" not in sent(await send(guard, ("user", "Ask Anna"), *NEXT))[0]


async def test_what_the_service_said_itself_has_not_left(guard: Guard, record: Record) -> None:
    first = await send(guard, ("user", "Who answers?"))
    answer = {"choices": [{"message": {"role": "assistant", "content": "Ask Bertil about it"}}]}
    guard.observe(first, content_type="application/json", content_encoding="", body=orjson.dumps(answer))
    again = [("user", "Who answers?"), ("assistant", "Ask Bertil about it"), ("user", "Thanks")]
    for _ in range(2):
        assert (await send(guard, *again)).event.findings == ()
        await looks(guard).settled()
    assert record.stated == []


POLICIES = {
    "block": {"action": "block"},
    "monitor": {"action": "block", "mode": "monitor"},
    "allow": {"action": "allow"},
    "surer": {"action": "redact", "when": {"data_classes": ["personal_data"], "min_score": 0.99}},
}


@pytest.mark.parametrize(("policy", "told"), [("block", 1), ("monitor", 0), ("allow", 0), ("surer", 0)])
async def test_only_what_policy_would_have_acted_on_is_told(
    guard: Guard, record: Record, policy: str, told: int
) -> None:
    rule(guard, {"id": "persons", "when": {"data_classes": ["personal_data"]}, **POLICIES[policy]})
    await send(guard, ("user", "Ask Bertil"))
    await looks(guard).settled()
    assert len(record.stated) == told
    assert looks(guard).found.total() == told


def ordered(kind: OrderKind, scope: dict[str, Any]) -> Standing:
    """One order in force, approved by another than who asked."""
    start, end = "2026-01-01T00:00:00.000Z", "2999-01-01T00:00:00.000Z"
    order = Order("or-1", kind, OrderState.IN_FORCE, scope, "R.", "a1", "Ann", start, expires=end)
    return Standing.of([replace(order, approvals=(Approval("b1", "Bob", start),))], start)


EXCEPTION = {
    "pseudonyms": [ADA.pseudonym],
    "destinations": ["openai-api"],
    "data_classes": ["personal_data"],
    "action": "allow",
}


@pytest.mark.parametrize(
    ("action", "standing", "told"),
    [
        ("block", ordered(OrderKind.EXCEPTION, EXCEPTION), []),
        ("allow", ordered(OrderKind.STOP, {"data_classes": ["personal_data"]}), ["stop:or-1"]),
    ],
)
async def test_orders_count_in_the_second_look_too(
    guard: Guard, record: Record, action: str, standing: Standing, told: list[str]
) -> None:
    rule(guard, {"id": "persons", "when": {"data_classes": ["personal_data"]}, "action": action})
    guard.standing = standing
    await send(guard, ("user", "Ask Bertil"))
    await looks(guard).settled()
    assert [each["findings"][0]["rule"] for each in record.stated] == told


@pytest.mark.parametrize("action", ["block", "justify"])
async def test_what_would_have_been_blocked_is_replaced_in_the_conversation_and_blocked_anew(
    guard: Guard, record: Record, action: str
) -> None:
    """It has left already: a session must not end by it."""
    rule(guard, {"id": "persons", "when": {"data_classes": ["personal_data"]}, "action": action})
    turns = [("user", "Ask Bertil"), *NEXT]
    assert sent(await send(guard, turns[0])) == []
    await looks(guard).settled()
    assert record.stated[0]["findings"][0]["action"] == action
    text, *rest = sent(await send(guard, *turns))
    assert "Bertil" not in text and rest == ["Noted.", "Go on."]
    for anew in ([("user", "Ask Bertil")], [*turns, ("assistant", "Yes?"), ("user", "Ask Bertil once more")]):
        assert (await send(guard, *anew)).decision.action is Action(action)


async def test_what_was_not_sent_on_is_not_looked_at(guard: Guard, second: Names) -> None:
    rule(guard, {"id": "nothing", "action": "block"})
    assert (await send(guard, ("user", "Ask Bertil"))).answer is not None
    await looks(guard).settled()
    assert second.asked == []


async def test_the_queue_is_bounded_by_bytes_and_what_is_dropped_is_counted(guard: Guard, second: Names) -> None:
    second.gate.clear()
    for number in range(200):
        assert (await send(guard, ("user", f"{number} " + "x" * 990))).answer is None
        assert looks(guard).bytes <= 50_000
    waiting = looks(guard).waiting
    assert 5 < waiting < 20
    assert looks(guard).dropped == 200 - waiting
    second.gate.set()
    await looks(guard).settled()
    assert (looks(guard).looked, looks(guard).waiting, looks(guard).bytes) == (waiting, 0, 0)
    await send(guard, ("user", "1 " + "y" * 990))
    await looks(guard).settled()
    assert looks(guard).looked == waiting + 1


@pytest.mark.parametrize(
    "problem", [ScanFailed(Code.NAMES_WORKER_ENDED), RuntimeError("cannot stand Ask Bertil"), OSError()]
)
async def test_a_look_that_fails_is_counted_and_quotes_nothing(
    guard: Guard, second: Names, problem: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    second.problem = problem
    await send(guard, ("user", "Ask Bertil"))
    await looks(guard).settled()
    assert (looks(guard).failed, looks(guard).looked, looks(guard).waiting, looks(guard).bytes) == (1, 0, 0, 0)
    assert "Bertil" not in caplog.text and "could not be looked at a second time" in caplog.text
    second.problem = None
    await send(guard, ("user", "Ask Bertil"))
    await looks(guard).settled()
    assert looks(guard).found == {"PERSON": 1}


async def test_what_cannot_be_queued_stops_no_request(
    guard: Guard, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert guard.scanner.again is not None
    monkeypatch.setattr(type(guard.scanner.again), "unseen", lambda self, keys: 1 / 0)
    assert (await send(guard, ("user", "Ask Bertil"))).answer is None
    assert looks(guard).failed == 1
    assert "ZeroDivisionError" in caplog.text


async def test_a_model_that_cannot_be_used_is_tried_once(
    guard: Guard, second: Names, caplog: pytest.LogCaptureFixture
) -> None:
    second.problem = ModelUnusable("The weights are gone.")
    second.gate.clear()
    for number in range(3):
        await send(guard, ("user", f"Ask Bertil {number}"))
    second.gate.set()
    await looks(guard).settled()
    assert (looks(guard).failed, looks(guard).waiting, looks(guard).bytes) == (3, 0, 0)
    await send(guard, ("user", "And Bertil?"))
    assert (looks(guard).waiting, len(second.asked)) == (0, 1)
    assert "There is no second look until the next start. The weights are gone." in caplog.text


async def test_what_cannot_be_recorded_counts_all_the_same(
    guard: Guard, record: Record, caplog: pytest.LogCaptureFixture
) -> None:
    record.broken = True
    await send(guard, ("user", "Ask Bertil"))
    await looks(guard).settled()
    assert "disk full" not in caplog.text and "PromptGuardError" in caplog.text
    assert "Bertil" not in sent(await send(guard, ("user", "Ask Bertil"), *NEXT))[0]


async def test_the_end_waits_for_nothing(guard: Guard, second: Names) -> None:
    second.gate.clear()
    for number in range(3):
        await send(guard, ("user", f"Ask Bertil {number}"))
    await asyncio.wait_for(looks(guard).stop(), 5)
    assert (looks(guard).waiting, looks(guard).bytes) == (0, 0)
    await looks(guard).stop()
