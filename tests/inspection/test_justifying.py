"""What is held for a reason goes on once one is given, and the reason itself never reaches the service."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_bytes
from typing import Any

import orjson
import pytest

from promptguard.configuration.bundle import Bundle, load_bundle
from promptguard.destinations.workspaces import Provider, Workspace, Workspaces
from promptguard.detectors.patterns.detector import PatternDetector
from promptguard.detectors.recognizers.loading import load_recognizers
from promptguard.detectors.scanner import Scanner
from promptguard.errors import StorageError
from promptguard.guard import Guard, Justifier, Rules
from promptguard.inspection.justifying import RULE
from promptguard.model import Action, Event, Identity, Request, Verdict
from promptguard.notices.templates import Templates
from promptguard.notices.writer import NoticeWriter
from promptguard.policy.justifications import Justification, JustificationState, JustificationStore, NotGiven
from promptguard.policy.policy import Policy
from promptguard.policy.schema import PolicyFile
from promptguard.redaction.redactor import Redactor
from promptguard.redaction.scope_memory import ScopeMemory
from promptguard.redaction.vault import MemoryVault
from promptguard.typed_yaml.reading import load
from promptguard.wire.formats import load_formats

CONFIG = Path(__file__).parent.parent.parent / "config"
ADA = Identity("ada", "p_ada")
BOB = Identity("bob", "p_bob")
MAIL = "jane@orchard-lane.com"
PASSWORD = "Tr0ub4dor" + "&3xyz"
ASKED = f"Write to {MAIL} about the fair"
FORMATS = load_formats()
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

RULES: list[dict[str, Any]] = [
    {"id": "hold-mail", "when": {"data_classes": "personal_data"}, "action": "justify", "reason": "Say why."},
    {"id": "hold-secrets", "when": {"data_classes": "credentials"}, "action": "justify", "reason": "Say why."},
    {"id": "rest", "action": "allow", "reason": "Nothing was found."},
]


class Store(JustificationStore):
    """In memory."""

    def __init__(self) -> None:
        self.kept: dict[str, Justification] = {}
        self.broken = False

    def hold(self, held: Justification) -> None:
        if self.broken:
            raise StorageError("here", "It is away.", "Wait.")
        self.kept[held.id] = held

    def of_scope(self, scope: str) -> Sequence[Justification]:
        if self.broken:
            raise StorageError("here", "It is away.", "Wait.")
        return [each for each in reversed(self.kept.values()) if each.scope == scope]

    def of_decision(self, decision_id: str) -> Justification | None:
        return next((each for each in self.kept.values() if each.decision_id == decision_id), None)

    def give(self, given: Justification, *, by_code: bool) -> None:
        if not self.kept[given.id].waits(given.given, by_code=by_code):
            raise NotGiven
        self.kept[given.id] = given

    def miss(self, scope: str, now: str) -> int:
        waiting = [each for each in self.of_scope(scope) if each.waits(now, by_code=True)]
        for each in waiting:
            self.kept[each.id] = replace(each, misses=each.misses + 1)
        return len(waiting)

    def all(self) -> Sequence[Justification]:
        return list(self.kept.values())

    def forget(self, before: str, *, held_before: str) -> int:
        return 0


class Record:
    async def record(self, event: Event) -> None:
        self.last = event


class Links:
    available = True

    def make(self, decision_id: str, *, redacted: str, files: Sequence[str]) -> str:
        return "https://guard.example.com/p/1#key"


class Proxy:
    """A guard, its store and a clock."""

    def __init__(self, guard: Guard, store: Store) -> None:
        self.guard = guard
        self.store = store
        self.now = START

    async def send(self, body: bytes, who: Identity = ADA, **changes: Any) -> Verdict:
        request = {
            "method": "POST",
            "host": "api.openai.com",
            "path": "/v1/chat/completions",
            "headers": {"content-type": "application/json"},
            "body": body,
            **changes,
        }
        destination = self.guard.rules.registry.find_host(request["host"])
        assert destination is not None
        return await self.guard.inspect(Request(**request), who, destination)

    async def held(self, *messages: tuple[str, str], who: Identity = ADA, **changes: Any) -> str:
        """Send what is held; the code in its notice."""
        verdict = await self.send(chat(*(messages or [("user", ASKED)])), who, **changes)
        assert (verdict.decision.action, verdict.event.action) == (Action.JUSTIFY, "justify")
        return code_of(verdict)


def code_of(verdict: Verdict) -> str:
    assert verdict.notice and verdict.answer
    found = re.search(r"“pg-allow ([a-z]{5}-[a-z]{5}) REASON”", verdict.notice.text)
    assert found, verdict.notice.text
    return found[1]


def chat(*messages: tuple[str, str]) -> bytes:
    return orjson.dumps(
        {"model": "gpt-4o", "messages": [{"role": role, "content": content} for role, content in messages]}
    )


def said(verdict: Verdict, body: bytes) -> list[str]:
    """The texts that the service receives."""
    assert verdict.answer is None, verdict.notice and verdict.notice.text
    received = orjson.loads(body if verdict.body is None else verdict.body)
    return [each["content"] for each in received["messages"]]


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load_bundle(CONFIG)


@pytest.fixture(scope="module")
def patterns(tmp_path_factory: pytest.TempPathFactory) -> PatternDetector:
    return PatternDetector(load_recognizers(CONFIG / "recognizers"), tmp_path_factory.mktemp("cache"))


@pytest.fixture
def make_proxy(bundle: Bundle, patterns: PatternDetector) -> Any:
    async def make(links: Any = None, rules: list[dict[str, Any]] = RULES, **section: Any) -> Proxy:
        scanner = Scanner([patterns], token_bytes(32))
        await scanner.start()
        file = {"version": "1", "justifications": section, "rules": rules}
        policy = Policy(PolicyFile.model_validate_json(orjson.dumps(file)))
        writer = NoticeWriter(load(CONFIG / "notices" / "en.yaml", Templates), None, bundle.registry.names())
        memory = ScopeMemory(MemoryVault(), token_bytes(32))
        store = Store()
        guard = Guard(
            Rules(bundle.registry, policy, Redactor(token_bytes(32)), writer),
            formats=FORMATS,
            scanner=scanner,
            memory=memory,
            record=Record(),
            links=links,
            justifier=Justifier(store, token_bytes(32), memory, lambda: proxy.now),
        )
        proxy = Proxy(guard, store)
        return proxy

    return make


async def test_what_was_held_goes_on_with_a_reason_and_the_reason_stays_here(make_proxy: Any) -> None:
    proxy = await make_proxy()
    code = await proxy.held()
    body = chat(("user", ASKED), ("user", f"pg-allow {code} She asked for it"))
    verdict = await proxy.send(body)
    assert said(verdict, body) == [ASKED, "Please go on with my message before this one."]
    (given,) = proxy.store.all()
    assert verdict.decision.action is Action.ALLOW
    assert [str(each.adjusted) for each in verdict.decision.rulings] == [f"decision.justified id={given.id}"]
    assert (given.state, given.reason, given.given_by) == (JustificationState.GIVEN, "She asked for it", "code")
    assert (given.given, given.until) == ("2026-03-02T09:00:00.000Z", "2026-03-03T09:00:00.000Z")
    assert MAIL not in repr(given)


@pytest.mark.parametrize(
    ("typed", "received"),
    [
        ("pg-allow {code} She asked", ["Please go on with my message before this one."]),
        ("PG-ALLOW {CODE} She asked", ["Please go on with my message before this one."]),
        ("Pg-Allow {code} She asked", ["Please go on with my message before this one."]),
        ("pg-allow {plain} She asked", ["Please go on with my message before this one."]),
        ("pg-allow {code} She asked\nAnd be brief.", ["And be brief."]),
        ("Be brief.\npg-allow {code} She asked\nThanks", ["Be brief.\nThanks"]),
        (
            "<task>\npg-allow {code} She asked\n</task>",
            ["<task>\nPlease go on with my message before this one.\n</task>"],
        ),
        ("<query>pg-allow {code} She asked</query>", ["<query>Please go on with my message before this one.</query>"]),
    ],
)
async def test_how_a_reason_can_be_typed(make_proxy: Any, typed: str, received: list[str]) -> None:
    proxy = await make_proxy()
    code = await proxy.held()
    typed = typed.format(code=code, CODE=code.upper(), plain=code.replace("-", ""))
    body = chat(("user", ASKED), ("assistant", "A notice."), ("user", typed))
    verdict = await proxy.send(body)
    assert said(verdict, body)[2:] == received
    assert proxy.store.all()[0].reason == "She asked"


async def test_where_the_service_has_the_conversation_the_held_message_is_sent_in_its_place(make_proxy: Any) -> None:
    proxy = await make_proxy()
    code = await proxy.held()
    body = chat(("user", f"pg-allow {code} She asked for it"))
    assert said(await proxy.send(body), body) == [ASKED]


async def test_the_conversation_goes_on_with_the_reason_in_it(make_proxy: Any) -> None:
    proxy = await make_proxy()
    code = await proxy.held()
    reason = ("user", f"pg-allow {code} She asked for it")
    turns = [("user", ASKED), reason]
    for _ in range(3):
        body = chat(*turns)
        texts = said(await proxy.send(body), body)
        assert texts[:2] == [ASKED, "Please go on with my message before this one."]
        turns += [("assistant", "Done."), ("user", "Once more, please.")]
        proxy.now += timedelta(hours=1)
    proxy.now += timedelta(days=2)  # then it is redacted, as what was refused before
    proxy.store.kept.clear()
    body = chat(*turns)
    texts = said(await proxy.send(body), body)
    assert MAIL not in texts[0] and "[EMAIL_ADDRESS_" in texts[0]
    assert texts[1] == "Please go on with my message before this one."


async def test_a_session_goes_on_without_a_reason(make_proxy: Any) -> None:
    proxy = await make_proxy()
    await proxy.held()
    await proxy.held()  # sent again as it was, it is held again
    body = chat(("user", ASKED), ("user", "Then tell me the capital of France."))
    verdict = await proxy.send(body)
    assert verdict.decision.action is Action.REDACT
    assert MAIL not in said(verdict, body)[0]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pg-allow {code}", "justification.no_reason"),
        ("pg-allow {code} ok", "justification.no_reason"),
        (f"pg-allow {{code}} {MAIL} asked for it", "justification.reason_sensitive"),
        (f"pg-allow {{code}} my password is {PASSWORD}", "justification.reason_sensitive"),
        ("pg-allow bcdfg-hjklm She asked for it", "justification.unknown"),
    ],
)
async def test_a_reason_that_does_not_count_is_said_to_and_the_session_goes_on(
    make_proxy: Any, text: str, code: str
) -> None:
    proxy = await make_proxy()
    typed = text.format(code=await proxy.held())
    body = chat(("user", ASKED), ("user", typed))
    verdict = await proxy.send(body)
    assert (verdict.decision.action, verdict.decision.rule) == (Action.BLOCK, RULE)
    assert (verdict.event.adjusted, verdict.event.rule) == (code, RULE)
    assert verdict.notice and "does not count" in verdict.notice.text
    assert proxy.store.all()[0].state is JustificationState.HELD
    assert PASSWORD not in repr((verdict.event, verdict.notice, proxy.store.all()))
    following = chat(("user", ASKED), ("user", typed), ("user", "Never mind. What is the capital of France?"))
    texts = said(await proxy.send(following), following)
    assert texts[-1] == "Never mind. What is the capital of France?"
    assert MAIL not in "".join(texts) and PASSWORD not in "".join(texts)


async def test_a_code_holds_for_ten_minutes_for_one_person_and_at_one_service(make_proxy: Any) -> None:
    proxy = await make_proxy()
    code = await proxy.held()
    typed = chat(("user", f"pg-allow {code} She asked for it"))
    elsewhere = await proxy.send(typed, host="api.mistral.ai")
    assert elsewhere.event.adjusted == "justification.expired"
    await proxy.held(who=BOB)
    assert (await proxy.send(typed, BOB)).event.adjusted == "justification.unknown"
    proxy.now += timedelta(minutes=10)
    assert (await proxy.send(typed)).event.adjusted == "justification.expired"
    assert all(each.state is JustificationState.HELD for each in proxy.store.all())


async def test_what_looks_like_a_code_and_is_none_is_text(make_proxy: Any) -> None:
    proxy = await make_proxy()
    body = chat(("user", "pg-allow bcdfg-hjklm is a line of a manual"))
    verdict = await proxy.send(body)
    assert (verdict.answer, verdict.body) == (None, None)


@pytest.mark.parametrize("role", ["user", "tool"])
@pytest.mark.parametrize(
    "text",
    [
        "pg-allow {code} " + " " * 300_000 + "x",
        "pg-allow {code} " + "</a>" * 75_000 + "x",
        "pg-allow {code} it is mine " * 10_000,
        "pg-allow {code} it is mine\n" * 10_000,
        "<a> " * 75_000 + "pg-allow {code} it is mine",
    ],
    ids=["blanks", "tags behind", "one line", "lines", "tags before"],
)
@pytest.mark.parametrize("code", ["", "bcdfg-hjklm"], ids=["own", "no"])
async def test_a_body_made_of_commands_takes_no_longer_than_another(
    make_proxy: Any, role: str, text: str, code: str
) -> None:
    """Each takes milliseconds; one that was looked at again from each place would not end."""
    proxy = await make_proxy()
    code = code or await proxy.held()
    body = chat(("user", "What does this page say?"), (role, text.format(code=code)))
    verdict = await proxy.send(body)
    assert verdict.decision.action is not Action.BLOCK or verdict.decision.rule == RULE


async def test_each_line_with_a_reason_is_taken_out_and_nothing_of_the_next(make_proxy: Any) -> None:
    proxy = await make_proxy()
    first, second = await proxy.held(), await proxy.held(("user", "Write to joe@orchard-lane.com"))
    lines = f"Hello\npg-allow {first} she asked, see pg-allow {second} too\npg-allow {second} he asked\nAnd be brief."
    body = chat(("user", ASKED), ("user", lines))
    assert said(await proxy.send(body), body) == [ASKED, "Hello\nAnd be brief."]
    assert {each.reason for each in proxy.store.all()} == {f"she asked, see pg-allow {second} too", "he asked"}


async def test_no_more_wrong_codes_are_counted_than_end_a_code(make_proxy: Any) -> None:
    proxy = await make_proxy()
    await proxy.held()
    letters = "bcdfghjklm"
    wrong = "\n".join(f"pg-allow {letters[:4]}{a}-{b}{letters[:4]} it is mine" for a in letters for b in letters)
    await proxy.send(chat(("user", wrong)))
    assert [each.misses for each in proxy.store.kept.values()] == [5]


async def test_a_code_reaches_the_service_in_no_other_words(make_proxy: Any) -> None:
    proxy = await make_proxy()
    notice = (await proxy.send(chat(("user", ASKED)))).notice
    assert notice
    body = chat(("user", "Hello"), ("assistant", notice.text), ("user", f"What does this mean? {notice.text}"))
    texts = said(await proxy.send(body), body)
    assert not re.search(r"pg-allow [a-z]{5}-[a-z]{5}", "".join(texts))
    assert "“pg-allow CODE REASON”" in texts[1] and "“pg-allow CODE REASON”" in texts[2]
    assert proxy.store.all()[0].state is JustificationState.HELD


@pytest.mark.parametrize("role", ["assistant", "tool", "system", "developer"])
async def test_nobody_but_the_person_gives_a_reason(make_proxy: Any, role: str) -> None:
    proxy = await make_proxy()
    code = await proxy.held()
    await proxy.send(chat(("user", "Go on"), (role, f"pg-allow {code} The model says so"), ("user", "Go on")))
    assert proxy.store.all()[0].state is JustificationState.HELD


@pytest.mark.parametrize(
    ("scope", "same_value", "same_conversation", "other_conversation", "hours"),
    [
        ("finding", True, False, False, 1),
        ("conversation", True, True, False, 1),
        ("minutes", True, True, True, 0.4),
        ("minutes", False, False, False, 1),
        ("finding", False, False, False, 25),
    ],
)
async def test_what_a_reason_is_good_for(
    make_proxy: Any, scope: str, same_value: bool, same_conversation: bool, other_conversation: bool, hours: float
) -> None:
    proxy = await make_proxy(scopes=[scope])
    turns = [("user", ASKED), ("user", f"pg-allow {await proxy.held()} She asked for it")]
    await proxy.send(chat(*turns))
    proxy.now += timedelta(hours=hours)
    other = "And to bob@orchard-lane.com"

    async def passes(*messages: tuple[str, str]) -> bool:
        verdict = await proxy.send(chat(*messages))
        return verdict.decision.action is Action.ALLOW

    assert await passes(("user", f"Once more to {MAIL}")) is same_value
    assert await passes(*turns, ("assistant", "Done."), ("user", other)) is same_conversation
    assert await passes(("user", "Something else"), ("user", other)) is other_conversation


async def test_a_reason_for_the_companys_account_is_none_for_ones_own(make_proxy: Any) -> None:
    proxy = await make_proxy()
    ours, own = (f"550e8400-e29b-41d4-a716-44665544000{number}" for number in (0, 1))
    workspaces = Workspaces([Workspace(Provider.OPENAI, (ours,))])
    proxy.guard.rules = replace(proxy.guard.rules, workspaces=workspaces)

    async def send(text: str, account: str) -> Verdict:
        message = {"author": {"role": "user"}, "content": {"content_type": "text", "parts": [text]}}
        body = orjson.dumps({"action": "next", "messages": [message]})
        fields = {"content-type": "application/json", "chatgpt-account-id": account}
        verdict: Verdict = await proxy.send(
            body, host="chatgpt.com", path="/backend-api/f/conversation", headers=fields
        )
        return verdict

    code = code_of(await send(ASKED, ours))
    assert (await send(f"pg-allow {code} She asked", own)).answer
    assert (await send(f"pg-allow {code} She asked", ours)).answer is None
    assert (await send(ASKED, ours)).answer is None
    assert (await send(ASKED, own)).decision.action is Action.JUSTIFY


async def test_no_reason_lets_pass_what_policy_excludes(make_proxy: Any) -> None:
    proxy = await make_proxy(scopes=["minutes"])
    secret = await proxy.send(chat(("user", f"my password is {PASSWORD}")))
    assert (secret.decision.action, str(secret.decision.adjusted)) == (Action.BLOCK, "decision.never_justified")
    code = await proxy.held(("user", f"{ASKED}."))
    both = chat(("user", f"{ASKED}, my password is {PASSWORD}"), ("user", f"pg-allow {code} She asked"))
    verdict = await proxy.send(both)
    assert verdict.decision.action is Action.BLOCK
    assert PASSWORD not in str(verdict.body)


async def test_a_tool_can_be_held_for_a_reason_too(make_proxy: Any) -> None:
    rules = [{"id": "why", "when": {"destinations": "openai-api"}, "action": "justify", "reason": "Say why."}]
    proxy = await make_proxy(rules=[*rules, {"id": "rest", "action": "allow", "reason": "Fine."}])
    code = await proxy.held(("user", "Hello"))
    body = chat(("user", "Hello"), ("user", f"pg-allow {code} Trying it out"))
    assert said(await proxy.send(body), body)[0] == "Hello"
    body = chat(("user", f"Now with {MAIL}"))
    assert (await proxy.send(body)).decision.action is Action.ALLOW
    assert proxy.store.all()[0].held.rules == {"why"}


async def test_reasons_from_a_list(make_proxy: Any) -> None:
    proxy = await make_proxy(reasons={"asked": "The customer asked for it"}, free_text=False)
    verdict = await proxy.send(chat(("user", ASKED)))
    assert verdict.notice and "Reasons that can be given: asked (The customer asked for it)." in verdict.notice.text
    code = code_of(verdict)
    wrong = await proxy.send(chat(("user", ASKED), ("user", f"pg-allow {code} I want to")))
    assert wrong.event.adjusted == "justification.not_listed"
    body = chat(("user", ASKED), ("user", f"pg-allow {code} the customer  asked for it"))
    assert said(await proxy.send(body), body)[0] == ASKED
    assert (proxy.store.all()[0].reason_id, proxy.store.all()[0].reason) == ("asked", "")


@pytest.mark.parametrize("links", [None, Links()])
async def test_while_it_cannot_be_kept_no_reason_is_asked_for(make_proxy: Any, links: Any) -> None:
    proxy = await make_proxy(links)
    proxy.store.broken = True
    verdict = await proxy.send(chat(("user", ASKED)))
    assert verdict.decision.action is Action.JUSTIFY
    assert verdict.answer and verdict.notice and "pg-allow" not in verdict.notice.text


async def test_what_is_typed_and_not_sent_yet_gives_no_reason(make_proxy: Any) -> None:
    proxy = await make_proxy()
    web = {"host": "chatgpt.com", "path": "/backend-api/conversation"}
    code = code_of(await proxy.send(chatgpt(ASKED), **web))
    draft = chatgpt(ASKED)
    await proxy.send(draft, host="chatgpt.com", path="/backend-api/conversation/prepare")
    assert len(proxy.store.all()) == 1, "nobody gives a reason for what they are still typing"
    draft = chatgpt(f"pg-allow {code} She as")
    verdict = await proxy.send(draft, host="chatgpt.com", path="/backend-api/conversation/prepare")
    assert verdict.answer or code not in (verdict.body or draft).decode()
    assert proxy.store.all()[0].state is JustificationState.HELD
    body = chatgpt(f"pg-allow {code} She asked for it")
    verdict = await proxy.send(body, **web)
    assert orjson.loads(verdict.body or b"")["messages"][0]["content"]["parts"] == [ASKED]


def chatgpt(text: str) -> bytes:
    content = {"content_type": "text", "parts": [text]}
    message = {"id": "m1", "author": {"role": "user"}, "content": content}
    return orjson.dumps({"action": "next", "messages": [message], "model": "auto"})
