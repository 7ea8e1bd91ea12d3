"""The whole way of a request, with real steps and no network."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_bytes
from typing import Any

import orjson
import pytest

from promptguard.configuration.bundle import Bundle, load_bundle
from promptguard.destinations.sightings import Sighting, Sightings, SightingStore, Sign
from promptguard.destinations.workspaces import Provider, Workspace, Workspaces
from promptguard.detectors.interface import Detector
from promptguard.detectors.patterns.detector import PatternDetector
from promptguard.detectors.recognizers.allow_list import load_allow_list
from promptguard.detectors.recognizers.loading import load_recognizers
from promptguard.detectors.scanner import Scanner
from promptguard.errors import NotRewritable, ScanFailed, Unreadable
from promptguard.guard import Guard, Limits, Rules
from promptguard.model import Action, DataHandling, Event, FileText, Identity, Match, Request, Segment, Verdict
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

CONFIG = Path(__file__).parent.parent / "config"
ADA = Identity("ada", "p_ada")
BOB = Identity("bob", "p_bob")
PASSWORD = "Tr0ub4dor" + "&3xyz"
FORMATS = load_formats()
PDF = b"%PDF-1.7\n"


class Record:
    """Keeps events in memory."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    async def record(self, event: Event) -> None:
        self.events.append(event)


class BrokenRecord:
    async def record(self, event: Event) -> None:
        raise OSError("disk full")


class StuckRecord:
    async def record(self, event: Event) -> None:
        await asyncio.Event().wait()


class Reader:
    """Reads files that say what is to come of them."""

    async def read_file(self, data: bytes, name: str = "", media_type: str = "") -> list[FileText]:
        if data.endswith(b"broken"):
            raise Unreadable(Code.FILE_ENCRYPTED, kind="pdf")
        if data.endswith(b"endless"):
            await asyncio.Event().wait()
        assert (name, media_type) == ("list.pdf", "application/pdf")
        return [FileText("page 1", "A clean page."), FileText("page 2", data.removeprefix(PDF).decode())]

    async def rewrite_file(self, data: bytes, edits: Any, name: str = "", media_type: str = "") -> bytes:
        raise NotRewritable(Code.REWRITE_IN_FILE)


class Faulty(Detector):
    """A detector that does one thing wrong."""

    id = "faulty"
    version = "1"

    def __init__(self, fault: str) -> None:
        self.fault = fault

    async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
        if self.fault == "raises":
            raise RuntimeError(f"cannot stand {segments[0].text}")
        if self.fault == "queue full":
            raise ScanFailed(Code.NAMES_OVERLOADED, seconds=3)
        await asyncio.Event().wait()
        raise AssertionError


class English(Detector):
    """A detector that knows one language."""

    id = "english"
    version = "1"

    async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
        return [[] for _ in segments]

    async def uncovered_languages(self, segments: Sequence[Segment]) -> frozenset[str]:
        return frozenset({"pl"} if any("dziękuję" in segment.text for segment in segments) else ())


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load_bundle(CONFIG)


@pytest.fixture(scope="module")
def patterns(tmp_path_factory: pytest.TempPathFactory) -> PatternDetector:
    return PatternDetector(load_recognizers(CONFIG / "recognizers"), tmp_path_factory.mktemp("cache"))


@pytest.fixture
def make_guard(bundle: Bundle, patterns: PatternDetector) -> Any:
    async def make(
        record: Any = None,
        detectors: Sequence[Detector] | None = None,
        file_reader: Any = None,
        sightings: Sightings | None = None,
        links: Any = None,
        **limits: Any,
    ) -> Guard:
        scanner = Scanner(
            detectors or [patterns], token_bytes(32), allow_list=load_allow_list(CONFIG / "recognizers" / "allow.yaml")
        )
        await scanner.start()
        rules = Rules(
            bundle.registry,
            bundle.policy,
            Redactor(token_bytes(32)),
            NoticeWriter(
                load(CONFIG / "notices" / "en.yaml", Templates),
                "the help desk",
                bundle.registry.names(),
                bundle.languages,
            ),
        )
        return Guard(
            rules,
            formats=FORMATS,
            scanner=scanner,
            memory=ScopeMemory(MemoryVault(), token_bytes(32)),
            record=record or Record(),
            file_reader=file_reader,
            limits=Limits(**limits),
            sightings=sightings,
            links=links,
        )

    return make


class Links:
    """Makes links, and remembers what they are to show."""

    available = True

    def __init__(self) -> None:
        self.made: list[tuple[str, str, list[str]]] = []

    def make(self, decision_id: str, *, redacted: str, files: Sequence[str]) -> str:
        self.made.append((decision_id, redacted, list(files)))
        return f"https://guard.example.com/p/{len(self.made)}#key"


def chat(*messages: tuple[str, str]) -> bytes:
    return orjson.dumps(
        {"model": "gpt-4o", "messages": [{"role": role, "content": content} for role, content in messages]}
    )


async def send(guard: Guard, body: bytes, who: Identity = ADA, **changes: Any) -> Verdict:
    request = {
        "method": "POST",
        "host": "api.openai.com",
        "path": "/v1/chat/completions",
        "headers": {"content-type": "application/json"},
        "body": body,
        **changes,
    }
    destination = guard.rules.registry.find_host(request["host"])
    assert destination is not None
    return await guard.inspect(Request(**request), who, destination)


async def test_a_clean_prompt_passes_as_it_came_and_is_recorded(make_guard: Any) -> None:
    record = Record()
    guard = await make_guard(record)
    verdict = await send(guard, chat(("user", "What is the capital of France?")))
    assert (verdict.decision.action, verdict.body, verdict.answer) == (Action.ALLOW, None, None)
    assert [event.id for event in record.events] == [verdict.event.id]


@pytest.mark.parametrize(
    ("messages", "allowances"),
    [
        ([("user", "What is the capital of France?")], {}),
        ([("user", "Write to jane@example.com, and to jane@example.org; from 192.0.2.7")], {"EMAIL": 2, "IP": 1}),
        ([("user", "Write to jane@example.com"), ("user", "and to bob@orchard-lane.com")], {"EMAIL": 1}),
    ],
)
async def test_what_the_allow_list_lets_pass_is_recorded_by_its_entries(
    make_guard: Any, messages: Any, allowances: Mapping[str, int]
) -> None:
    guard = await make_guard()
    verdict = await send(guard, chat(*messages))
    listed = guard.scanner.allow_list
    entries = {
        "EMAIL": listed.entry("jane@example.com", "EMAIL_ADDRESS"),
        "IP": listed.entry("192.0.2.7", "IP_ADDRESS"),
    }
    wanted = sorted((entries[kind], count) for kind, count in allowances.items())
    assert [(each["id"], each["count"]) for each in verdict.event.allowances] == wanted
    assert all(name.startswith("allow.yaml:") for name, _ in wanted)


async def test_what_the_service_said_itself_is_let_pass_by_nobody(make_guard: Any) -> None:
    guard = await make_guard()
    first = await send(guard, chat(("user", "Who answers?")))
    said = "Ask the help desk at helpdesk77@example.com about it"
    answer = {"choices": [{"message": {"role": "assistant", "content": said}}]}
    guard.observe(first, content_type="application/json", content_encoding="", body=orjson.dumps(answer))
    again = await send(guard, chat(("user", "Who answers?"), ("assistant", said), ("user", "Thanks")))
    assert (again.event.findings, again.event.allowances) == ((), ())


async def test_personal_data_is_redacted_and_restorable(make_guard: Any) -> None:
    guard = await make_guard()
    verdict = await send(guard, chat(("user", "Write to jane@orchard-lane.com and bob@orchard-lane.com")))
    assert verdict.decision.action is Action.REDACT
    text = orjson.loads(verdict.body or b"")["messages"][0]["content"]
    assert "orchard-lane" not in text
    placeholders = verdict.restoration.originals
    assert sorted(placeholders.values()) == ["bob@orchard-lane.com", "jane@orchard-lane.com"]
    assert all(placeholder in text for placeholder in placeholders)
    assert verdict.header.startswith(f"redacted; id={verdict.event.id}")


async def test_the_same_value_has_the_same_placeholder_in_the_next_turn(make_guard: Any) -> None:
    guard = await make_guard()
    first = await send(guard, chat(("user", "Write to jane@orchard-lane.com")))
    second = await send(
        guard, chat(("user", "Write to jane@orchard-lane.com"), ("assistant", "Done."), ("user", "Thanks"))
    )
    assert orjson.loads(first.body or b"")["messages"][0] == orjson.loads(second.body or b"")["messages"][0]


async def test_credentials_are_blocked_and_the_notice_says_how_to_go_on(make_guard: Any) -> None:
    record = Record()
    guard = await make_guard(record)
    verdict = await send(guard, chat(("user", f"my password is {PASSWORD}")))
    assert verdict.decision.action is Action.BLOCK
    assert verdict.answer is not None and verdict.answer.status == 400
    message = orjson.loads(verdict.answer.body)["error"]["message"]
    for expected in ("Nothing was sent", "1 password", "in your message", "revoke it there first", verdict.event.id):
        assert expected in message
    assert PASSWORD not in message
    assert PASSWORD not in repr(record.events)


@pytest.mark.parametrize(
    ("set_language", "accept", "expected"),
    [
        ("", "", "Nothing was sent"),
        ("", "*", "Nothing was sent"),
        ("", "it-IT,it;q=0.9,en;q=0.8", "non è stato inviato nulla"),
        ("fr", "it-IT", "Rien n'a été envoyé"),
    ],
)
async def test_a_notice_is_in_the_language_that_is_set_or_that_the_browser_asks_for(
    make_guard: Any, set_language: str, accept: str, expected: str
) -> None:
    guard = await make_guard()
    headers = {"content-type": "application/json", **({"accept-language": accept} if accept else {})}
    body = chat(("user", f"my password is {PASSWORD}"))
    verdict = await send(guard, body, replace(ADA, language=set_language), headers=headers)
    assert expected in orjson.loads(verdict.answer.body)["error"]["message"]


async def test_a_notice_leads_to_a_page_with_what_can_be_sent_instead(make_guard: Any) -> None:
    links = Links()
    body = chat(("user", f"my password is {PASSWORD}"))
    verdict = await send(await make_guard(links=links), body)
    assert links.made == [(verdict.event.id, "my password is [PASSWORD]", [])]
    assert verdict.notice and verdict.answer
    message = orjson.loads(verdict.answer.body)["error"]["message"]
    assert message.endswith("What happened, a mistake, a question: https://guard.example.com/p/1#key")
    plain = await send(await make_guard(), body)
    assert plain.notice and plain.answer
    without = message.rpartition("\n\n")[0].replace(verdict.event.id, plain.event.id)
    assert orjson.loads(plain.answer.body)["error"]["message"] == without
    assert not plain.redacted_text and not verdict.redacted_text  # no page there asks for it


@pytest.mark.parametrize(
    ("host", "path", "linked"), [("claude.ai", "/api/x", True), ("api.openai.com", "/v1/chat/completions", False)]
)
async def test_of_what_was_sent_a_link_is_made_where_people_are_told(
    make_guard: Any, host: str, path: str, linked: bool
) -> None:
    links = Links()
    guard = await make_guard(links=links)
    verdict = await send(guard, chat(("user", "Write to jane@orchard-lane.com")), host=host, path=path)
    if verdict.decision.action is Action.REDACT:
        assert bool(links.made) is (linked or verdict.decision.announce)
        assert verdict.notice and verdict.notice.text.endswith("\n\n")
        assert verdict.notice.text.count("\n") == 2
        assert not links.made or links.made[0][1:] == ("", [])  # the service may get the link: it has no text


async def test_a_file_that_was_stopped_is_told_of_with_a_link_of_its_own(make_guard: Any) -> None:
    from promptguard.notices.writer import NoticeWriter as Writer

    writer: Writer = (await make_guard()).rules.notices
    first = writer.linked(writer.proxy(), "https://guard.example.com/p/1")
    assert writer.linked(first, "https://guard.example.com/p/2").text == first.text.replace("/p/1", "/p/2")


@pytest.mark.parametrize(
    ("host", "path", "body", "expected"),
    [
        ("claude.ai", "/api/organizations/o/chat_conversations/c/completion", {"prompt": "P", "timezone": "UTC"}, True),
        ("copilot.microsoft.com", "/c/api/x", {"event": "send", "content": [{"type": "text", "text": "P"}]}, True),
        ("m365.cloud.microsoft", "/x", {"arguments": [{"message": {"author": "user", "text": "P"}}]}, True),
        ("api.openai.com", "/v1/chat/completions", {"messages": [{"role": "user", "content": "P"}]}, False),
        ("claude.ai", "/api/organizations/o/chat_conversations/c/completion", {"prompt": "Hello"}, False),
    ],
)
async def test_what_a_person_wrote_in_a_web_chat_can_be_copied_with_placeholders(
    make_guard: Any, host: str, path: str, body: dict[str, Any], expected: bool
) -> None:
    mail = "jane@orchard-lane.com"
    said = f"Tell {mail} that the password is {PASSWORD}"
    source = orjson.dumps(body).replace(b'"P"', orjson.dumps(said))
    guard = await make_guard()
    verdict = await send(guard, source, host=host, path=path)
    text = verdict.redacted_text
    assert bool(text) is expected
    assert text[:6] == ("Tell [" if expected else "")
    assert mail not in text and PASSWORD not in text
    assert text not in repr(verdict) or not text
    again = await send(guard, orjson.dumps(body).replace(b'"P"', orjson.dumps(text)), host=host, path=path)
    assert again.answer is None
    assert not again.restoration


async def test_what_was_blocked_is_redacted_when_it_comes_back_as_history(make_guard: Any) -> None:
    guard = await make_guard()
    secret = ("user", f"my password is {PASSWORD}")
    assert (await send(guard, chat(secret))).decision.action is Action.BLOCK
    assert (await send(guard, chat(secret))).decision.action is Action.BLOCK, "sending it again is no way around"
    later = await send(guard, chat(secret, ("assistant", "I cannot see that."), ("user", "Never mind, hello")))
    assert later.decision.action is Action.REDACT
    sent = orjson.loads(later.body or b"")
    assert PASSWORD not in str(sent)
    assert sent["messages"][2]["content"] == "Never mind, hello"
    assert not later.restoration, "credentials are never put back"


async def test_history_that_was_never_blocked_is_blocked_first(make_guard: Any) -> None:
    guard = await make_guard()
    turns = chat(("user", f"my password is {PASSWORD}"), ("assistant", "ok"), ("user", "hello"))
    assert (await send(guard, turns)).decision.action is Action.BLOCK
    assert (await send(guard, turns)).decision.action is Action.REDACT


async def test_one_persons_placeholders_are_not_restored_for_another(make_guard: Any) -> None:
    guard = await make_guard()
    mine = await send(guard, chat(("user", "Write to jane@orchard-lane.com")))
    placeholder = next(iter(mine.restoration.originals))
    theirs = await send(guard, chat(("user", f"Say {placeholder}")), BOB)
    assert placeholder not in theirs.restoration.originals


@pytest.mark.parametrize(
    ("headers", "action"),
    [
        ({"authorization": "AWS4-HMAC-SHA256 Credential=x"}, Action.BLOCK),
        ({"authorization": "AWS4-HMAC-SHA256 Credential=x", "x-amz-content-sha256": "UNSIGNED-PAYLOAD"}, Action.REDACT),
        ({"authorization": "Bearer x"}, Action.REDACT),
        ({"authorization": "Bearer x", "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg=="}, Action.REDACT),
        ({"authorization": "SharedKey x", "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg=="}, Action.BLOCK),
        ({"authorization": "Bearer x", "x-amz-checksum-crc64nvme": "47DEQpj8HBSa"}, Action.BLOCK),
    ],
)
async def test_a_body_that_is_signed_is_blocked_instead_of_redacted(
    make_guard: Any, headers: dict[str, str], action: Action
) -> None:
    guard = await make_guard()
    verdict = await send(
        guard,
        orjson.dumps({"messages": [{"role": "user", "content": [{"text": "Write to jane@orchard-lane.com"}]}]}),
        host="bedrock-runtime.us-east-1.amazonaws.com",
        path="/model/x/converse",
        headers={"content-type": "application/json", **headers},
    )
    assert verdict.decision.action is action


@pytest.mark.parametrize(
    ("body", "headers", "why"),
    [
        (b'{"messages": [', {"content-type": "application/json"}, "json.invalid"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, {"content-type": "application/json"}, "json.too_deep"),
        (b'{"content":"a","content":"b"}', {"content-type": "application/json"}, "json.duplicate_member"),
        (b"\xff\xfe\xfd", {"content-type": "text/plain"}, "charset.broken"),
        (
            b"{}",
            {"content-type": "application/json", "content-encoding": "snappy"},
            "encoding.unsupported encoding=snappy",
        ),
    ],
)
async def test_what_cannot_be_read_is_not_inspected_and_blocked(
    make_guard: Any, body: bytes, headers: dict[str, str], why: str
) -> None:
    record = Record()
    guard = await make_guard(record)
    verdict = await send(guard, body, headers=headers)
    assert verdict.answer is not None
    assert record.events[0].inspection == "not_inspected"
    assert record.events[0].problem == why
    assert "Nothing was sent" in orjson.loads(verdict.answer.body)["error"]["message"]


@pytest.mark.parametrize("fault", ["raises", "queue full", "hangs"])
async def test_a_scanner_that_fails_lets_nothing_pass(make_guard: Any, fault: str) -> None:
    record = Record()
    guard = await make_guard(record, [Faulty(fault)], deadline_seconds=0.05)
    verdict = await send(guard, chat(("user", "the code word is pelican")))
    assert verdict.answer is not None
    assert record.events[0].inspection == "not_inspected"
    assert (verdict.answer.status, verdict.answer.headers.get("retry-after")) == (
        (503, "3") if fault == "queue full" else (400, None)
    )
    assert "pelican" not in repr(verdict.event) + repr(verdict.answer)


@pytest.mark.parametrize("record", [BrokenRecord(), StuckRecord()])
async def test_nothing_is_returned_that_is_not_recorded(make_guard: Any, record: Any) -> None:
    guard = await make_guard(record, record_seconds=0.05)
    with pytest.raises((OSError, TimeoutError)):
        await send(guard, chat(("user", "hello")))


async def test_what_is_typed_is_one_incident_with_the_message(make_guard: Any) -> None:
    record = Record()
    guard = await make_guard(record)
    chatgpt = "/backend-api/f/conversation"

    async def say(path: str, **body: Any) -> Verdict:
        return await send(guard, orjson.dumps(body), host="chatgpt.com", path=path)

    message = {"author": {"role": "user"}, "content": {"content_type": "text", "parts": [f"password: {PASSWORD}"]}}
    typed = await say("/backend-api/conversation/experimental/generate_autocompletions", input_text=f"pw: {PASSWORD}")
    prepared = await say(f"{chatgpt}/prepare", partial_query=message)
    sent, again = [await say(chatgpt, action="next", messages=[message]) for _ in range(2)]
    assert [verdict.quiet for verdict in (typed, prepared, sent, again)] == [True, True, False, True]
    assert {event.action for event in record.events} == {"block"}
    assert [event.incident for event in record.events] == [typed.event.id] * 4
    for verdict in (typed, prepared):
        assert verdict.answer is not None and verdict.answer.status == 400
        assert orjson.loads(verdict.answer.body) == {"error": {"code": "promptguard_blocked"}}
    for verdict in (sent, again):  # whoever asks is told, also when asking again
        assert verdict.answer is not None and verdict.notice is not None
        assert orjson.loads(verdict.answer.body)["detail"] == verdict.notice.text
    clean = await say(chatgpt, action="next", messages=[message | {"content": {"parts": ["Thank you"]}}])
    assert (clean.event.incident, clean.quiet, clean.answer) == ("", False, None)


async def test_an_address_opened_in_a_browser_is_refused_with_a_page(make_guard: Any) -> None:
    guard = await make_guard()
    verdict = await send(
        guard,
        b"",
        method="GET",
        host="chatgpt.com",
        path="/",
        query=f"q=my+password+is+{PASSWORD.replace('&', '%26')}",
        headers={"sec-fetch-mode": "navigate"},
    )
    assert verdict.answer is not None
    assert verdict.answer.headers["content-type"].startswith("text/html")
    assert PASSWORD not in verdict.answer.body.decode()


async def test_a_person_is_told_what_a_rule_lets_pass_with_a_word(make_guard: Any, bundle: Bundle) -> None:
    guard = await make_guard()
    file = bundle.policy.file
    rules = tuple(rule.model_copy(update={"action": Action.NOTIFY}) for rule in file.rules)
    guard.rules = replace(guard.rules, policy=Policy(file.model_copy(update={"rules": rules})))
    verdict = await send(guard, chat(("user", "Write to jane@orchard-lane.com")))
    assert (verdict.decision.action, verdict.body, verdict.answer) == (Action.NOTIFY, None, None)
    assert verdict.header == f"notify; id={verdict.event.id}; personal_data=1"


async def test_another_account_than_the_companys_is_refused_and_said_so(make_guard: Any) -> None:
    guard = await make_guard()
    ours = "550e8400-e29b-41d4-a716-446655440000"
    guard.rules = replace(guard.rules, workspaces=Workspaces([Workspace(Provider.OPENAI, (ours,))]))
    chatgpt = guard.rules.registry.destination("chatgpt")
    assert chatgpt is not None
    handling = DataHandling(trains_on_prompts=False, region="EU", agreement="https://openai.example/dpa")
    chatgpt = replace(chatgpt, data_handling=handling)

    async def sent(path: str, account: str) -> Verdict:
        headers = {"content-type": "application/json", "chatgpt-account-id": account}
        body = b'{"action":"next","messages":[{"author":{"role":"user"},"content":{"parts":["Hello"]}}]}'
        return await guard.inspect(Request("POST", "chatgpt.com", path, headers=headers, body=body), ADA, chatgpt)

    verdict = await sent("/backend-api/f/conversation", ours)
    assert (verdict.decision.action, verdict.event.destination_status) == (Action.ALLOW, chatgpt.status)
    assert verdict.event.data_handling == ("agreement=yes", "region=EU", "trains_on_prompts=no")
    verdict = await sent("/backend-api/f/conversation", ours.replace("5", "6"))
    assert (verdict.decision.rule, verdict.event.destination_status) == ("personal-account", "personal_account")
    assert verdict.event.data_handling == ("region=EU",), "what the company agreed holds at its own account alone"
    assert verdict.notice is not None and "an account that is not one of your company's" in verdict.notice.text
    verdict = await sent("/backend-api/accounts/check", ours.replace("5", "6"))
    assert verdict.decision.action is Action.ALLOW, "the account can be changed"


async def test_an_exception_lets_go_until_it_ends_and_the_record_names_it(make_guard: Any) -> None:
    guard = await make_guard()
    scope = {"pseudonyms": ["p_ada"], "destinations": ["openai-api"], "data_classes": ["personal_data"]}
    approvals = (Approval("a2", "Bob", "2026-03-01T00:00:00.000Z"),)
    order = Order(
        "or-1",
        OrderKind.EXCEPTION,
        OrderState.IN_FORCE,
        {**scope, "action": "allow"},
        "For the pilot.",
        "a1",
        "Ann",
        "2026-03-01T00:00:00.000Z",
        approvals,
        "2026-03-09T00:00:00.000Z",
    )
    guard.standing = Standing.of([order], "2026-03-01T00:00:00.000Z")
    times = [datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)]
    guard._clock = times.pop
    body = chat(("user", "Write to jane@orchard-lane.com"))
    over, before = await send(guard, body), await send(guard, body)
    assert (over.decision.action, over.event.orders) == (Action.REDACT, ())
    assert (before.decision.action, before.body, before.event.orders) == (Action.ALLOW, None, ("or-1",))
    assert (before.event.rule, before.event.adjusted) == ("exception:or-1", "order.exception order=or-1")


async def test_the_status_that_was_decided_is_the_policys(make_guard: Any) -> None:
    guard = await make_guard()
    now = "2026-03-01T00:00:00.000Z"
    order = Order(
        "or-1",
        OrderKind.TOOL_STATUS,
        OrderState.IN_FORCE,
        {"destination": "openai-api", "status": "prohibited"},
        "R.",
        "a1",
        "Ann",
        now,
        (Approval("a2", "Bob", now),),
    )
    body = chat(("user", "Hello"))
    assert (await send(guard, body)).decision.action is Action.ALLOW
    guard.standing = Standing.of([order], now)
    verdict = await send(guard, body)
    assert (verdict.decision.rule, verdict.event.destination_status) == ("prohibited-tool", "prohibited")
    assert verdict.event.orders == ("or-1",)


async def test_what_cannot_be_read_is_blocked_where_a_rule_would_redact_it(make_guard: Any, bundle: Bundle) -> None:
    guard = await make_guard()
    file = bundle.policy.file
    rules = tuple(rule.model_copy(update={"action": Action.REDACT}) for rule in file.rules)
    guard.rules = replace(guard.rules, policy=Policy(file.model_copy(update={"rules": rules})))
    verdict = await send(guard, b'{"messages": [')
    assert verdict.decision.action is Action.BLOCK
    assert verdict.answer is not None
    assert verdict.event.inspection == "not_inspected"


def upload(content: bytes, *, note: str = "Please look at this.") -> dict[str, Any]:
    """A form with a field and a PDF, as an app sends it to a tool."""
    body = (
        f'--x\r\nContent-Disposition: form-data; name="note"\r\n\r\n{note}\r\n--x\r\nContent-Disposition: form-data;'
        ' name="file"; filename="list.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    ).encode()
    return {
        "body": body + PDF + content + b"\r\n--x--\r\n",
        "path": "/v1/files",
        "headers": {"content-type": "multipart/form-data; boundary=x"},
    }


async def test_a_clean_file_passes_as_it_came(make_guard: Any) -> None:
    guard = await make_guard(file_reader=Reader())
    verdict = await send(guard, **upload(b"Nothing to see."))
    assert (verdict.decision.action, verdict.body, verdict.answer) == (Action.ALLOW, None, None)
    assert verdict.prompt is not None
    assert [(segment.label, segment.role) for segment in verdict.prompt.segments[-2:]] == [
        ("page 1", "file"),
        ("page 2", "file"),
    ]


async def test_what_stands_in_a_file_is_found_there(make_guard: Any) -> None:
    guard = await make_guard(file_reader=Reader())
    verdict = await send(guard, **upload(f"my password is {PASSWORD}".encode()))
    assert verdict.decision.action is Action.BLOCK
    assert verdict.notice is not None
    assert "1 password in an attached file" in verdict.notice.text


LONG, SHORT = "jane.of.the.old.orchard@orchard-lane.com", "j@orchard-lane.com"


def put(text: str, **headers: str) -> dict[str, Any]:
    """A file as a browser puts it to storage, by an address that was signed for it."""
    return {
        "method": "PUT",
        "path": "/v1/files/content",
        "headers": {"content-type": "text/plain", "x-ms-blob-type": "BlockBlob", **headers},
        "body": text.encode(),
    }


@pytest.mark.parametrize(
    ("mail", "announced", "action"),
    [(SHORT, False, Action.REDACT), (LONG, True, Action.REDACT), (SHORT, True, Action.BLOCK)],
    ids=["not announced", "space left", "no space left"],
)
async def test_a_file_stays_as_long_as_it_was_announced(
    make_guard: Any, mail: str, announced: bool, action: Action
) -> None:
    guard = await make_guard()
    file = put(f"Write to {mail}\n")
    if announced:
        told = orjson.dumps({"file_name": "a.txt", "file_size": len(file["body"]), "use_case": "my_files"})
        await send(guard, told, path="/v1/uploads")
    verdict = await send(guard, **file)
    assert verdict.decision.action is action
    if action is Action.REDACT:
        assert re.fullmatch(rb"Write to \[EMAIL_ADDRESS_\w{8}\]\n *", verdict.body or b"")
        assert (len(verdict.body or b"") == len(file["body"])) is announced


async def test_a_piece_in_a_form_is_not_padded_behind_it(make_guard: Any) -> None:
    guard = await make_guard()
    form = upload(b"")
    body = form["body"].replace(b"list.pdf", b"list.txt").replace(b"application/pdf", b"text/plain")
    form |= {"body": body.replace(PDF, f"Write to {LONG}\n".encode())}
    assert (await send(guard, **form)).decision.action is Action.REDACT
    assert (await send(guard, **form | {"path": "/v1/uploads/upload_1/parts"})).decision.action is Action.BLOCK


ID = "file-7Kq2m4XbT1"
ARGUMENTS = '{"filename":"list of keys.txt","mode":"r"}'
CALL = {
    "role": "assistant",
    "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "open", "arguments": ARGUMENTS}}],
}


async def announce(guard: Guard, name: str, size: int) -> Verdict:
    return await send(guard, orjson.dumps({"file_name": name, "file_size": size}), path="/v1/uploads")


def notice_of(verdict: Verdict) -> str:
    assert verdict.notice is not None
    return verdict.notice.text.replace(verdict.event.id, "ID")


@pytest.mark.parametrize(
    ("later", "stopped"),
    [
        ({"path": f"/v1/files/{ID}/uploaded", "body": b"{}"}, True),
        ({"path": "/v1/files/process", "body": orjson.dumps({"file_id": ID})}, True),
        ({"body": orjson.dumps({"messages": [], "attachments": [{"id": ID}]})}, True),
        ({"body": orjson.dumps({"messages": [], "attachments": [{"name": "list of keys.txt"}]})}, True),
        ({"body": orjson.dumps({"messages": [{"role": "user", "content": "the list of keys.txt failed"}]})}, False),
        ({"body": orjson.dumps({"attachments": [{"name": "list of keys.txt", "text": "nothing to see"}]})}, False),
        ({"body": orjson.dumps({"file_name": "list of keys.txt", "content": "nothing to see"})}, False),
        ({"body": orjson.dumps({"messages": [CALL]})}, False),
        ({"path": "/v1/files/file-9Zz2m4XbT1/uploaded", "body": b"{}"}, False),
        ({"path": "/v1/uploads", "body": orjson.dumps({"file_name": "list of keys.txt", "file_size": 9})}, False),
    ],
    ids=[
        *("uploaded", "process", "message, id", "message, name", "words", "with its text", "with its content"),
        *("a tool's", "another file", "another try"),
    ],
)
async def test_who_names_a_stopped_file_is_told_the_same(make_guard: Any, later: dict[str, Any], stopped: bool) -> None:
    record = Record()
    guard = await make_guard(record)
    file = put(f"my password is {PASSWORD}") | {"path": f"/v1/files/{ID}"}
    await announce(guard, "list of keys.txt", len(file["body"]))
    refused = await send(guard, **file)
    assert "The file: “list of keys.txt”." in notice_of(refused)
    verdict = await send(guard, **later)
    assert (verdict.decision.action is Action.BLOCK) is stopped
    assert (verdict.notice is not None and notice_of(verdict) == notice_of(refused)) is stopped
    other = await send(guard, who=BOB, **later)
    assert other.decision.action is Action.ALLOW
    assert "list of keys" not in repr(record.events)


@pytest.mark.parametrize("name", ["list.txt", "list-of-2027.txt"])
async def test_a_file_that_passes_at_last_may_be_named(make_guard: Any, name: str) -> None:
    guard = await make_guard()
    message = orjson.dumps({"messages": [], "attachments": [{"name": name}]})
    for text, action in ((f"my password is {PASSWORD}", Action.BLOCK), ("nothing to see", Action.ALLOW)):
        form = upload(b"")
        body = form["body"].replace(b"list.pdf", name.encode()).replace(b"application/pdf", b"text/plain")
        verdict = await send(guard, **form | {"body": body.replace(PDF, text.encode())})
        assert verdict.decision.action is action
        assert (await send(guard, message)).decision.action is action


async def test_a_file_that_is_sent_again_to_the_same_address_is_looked_at_by_itself(make_guard: Any) -> None:
    guard = await make_guard()
    uploaded = {"path": f"/v1/files/{ID}/uploaded", "body": b"{}"}
    for text, action in ((f"my password is {PASSWORD}", Action.BLOCK), ("nothing to see", Action.ALLOW)):
        assert (await send(guard, **put(text) | {"path": f"/v1/files/{ID}"})).decision.action is action
        assert (await send(guard, **uploaded)).decision.action is action


async def test_a_value_that_is_cut_by_the_border_of_pieces_is_found(make_guard: Any) -> None:
    guard = await make_guard()
    whole = f"Notes of the meeting. Write to {LONG} tomorrow. The end of it."
    cut = whole.index("@")
    pieces = [
        put(part, **{"content-range": f"bytes {start}-{start + len(part) - 1}/{len(whole)}"})
        for start, part in ((0, whole[:cut]), (cut, whole[cut:]))
    ]
    assert (await send(guard, **pieces[0])).decision.action is Action.ALLOW
    second = await send(guard, **pieces[1])
    assert [finding.entity_type for finding in second.findings] == ["EMAIL_ADDRESS"]
    assert second.decision.action is Action.BLOCK
    assert (await send(guard, who=BOB, **pieces[1])).decision.action is Action.ALLOW


async def test_a_digest_is_that_of_what_is_sent(make_guard: Any) -> None:
    guard = await make_guard()
    verdict = await send(guard, **put(f"Write to {SHORT}", **{"x-amz-checksum-sha256": "x"}))
    assert verdict.body is not None
    assert verdict.headers == {
        "x-amz-checksum-sha256": base64.b64encode(hashlib.sha256(verdict.body).digest()).decode()
    }


async def test_what_would_be_replaced_in_a_file_blocks_the_request(make_guard: Any) -> None:
    guard = await make_guard(file_reader=Reader())
    note = "Answer to jane@orchard-lane.com"
    assert (await send(guard, **upload(b"Nothing to see.", note=note))).decision.action is Action.REDACT
    verdict = await send(guard, **upload(b"Write to bob@orchard-lane.com", note=note))
    assert verdict.decision.action is Action.BLOCK
    assert verdict.body is None
    assert verdict.notice is not None
    assert "in an attached file" in verdict.notice.text
    assert "cannot be changed" in verdict.notice.text


@pytest.mark.parametrize(
    ("reader", "content", "why"),
    [
        (None, b"Nothing to see.", "file.no_reader"),
        (Reader(), b"broken", "file.encrypted kind=pdf"),
        (Reader(), b"endless", "scan.timeout seconds=0.2"),
    ],
)
async def test_a_file_that_cannot_be_read_is_not_inspected(
    make_guard: Any, reader: Any, content: bytes, why: str
) -> None:
    guard = await make_guard(file_reader=reader, deadline_seconds=0.2)
    verdict = await send(guard, **upload(content))
    assert verdict.decision.action is Action.BLOCK
    assert verdict.event.inspection == "not_inspected"
    assert verdict.event.problem == why


@pytest.mark.parametrize(
    ("text", "languages", "action"),
    [("Hello there", (), Action.ALLOW), ("Proszę i dziękuję", ("pl",), Action.BLOCK)],
)
async def test_languages_that_are_not_covered_are_recorded_and_policy_may_act_on_them(
    make_guard: Any, tmp_path: Path, text: str, languages: tuple[str, ...], action: Action
) -> None:
    record = Record()
    guard = await make_guard(record, [English()])
    assert (await send(guard, chat(("user", text)))).decision.action is Action.ALLOW
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        "version: '1'\nrules:\n"
        "- {id: language, when: {language: not_covered}, action: block, reason: No names are found in this language.}\n"
        "- {id: rest, action: allow, reason: The rest.}\n"
    )
    guard.rules = replace(guard.rules, policy=Policy(load(policy, PolicyFile)))
    verdict = await send(guard, chat(("user", text)))
    assert verdict.decision.action is action
    assert [event.uncovered_languages for event in record.events] == [languages, languages]
    if verdict.answer:
        assert b"No names are found in this language." in verdict.answer.body


PROSE = "Please tell me all about the harbour of Genoa in spring."


@pytest.mark.parametrize(
    ("changes", "body", "seen"),
    [
        ({}, {"model": "m", "messages": [{"role": "user", "content": PROSE}]}, []),
        ({}, {"model": "m", "stream": True}, [Sign.EMPTY]),
        ({"host": "gemini.google.com", "path": "/new"}, {"model": "m", "prompt": PROSE}, [Sign.SPEECH]),
        ({"host": "pi.ai", "path": "/api/x"}, {"question": {"words": PROSE}}, [Sign.UNCLAIMED]),
        ({"host": "pi.ai", "path": "/api/x"}, {"event": "opened", "id": 7}, []),
        ({"host": "pi.ai", "path": "/api/x"}, {"model": "m", "prompt": PROSE}, [Sign.SPEECH]),
        ({"host": "chatgpt.com", "path": "/ces/v1/t"}, {"words": PROSE}, []),
    ],
)
async def test_what_no_format_describes_is_noted_by_its_outline(
    make_guard: Any, changes: dict[str, str], body: dict[str, Any], seen: list[Sign]
) -> None:
    sightings, kept = Sightings(), MemorySightings()
    guard = await make_guard(sightings=sightings)
    await send(guard, orjson.dumps(body), **changes)
    sightings.keep(kept)
    assert [each.sign for each in kept.all] == seen
    for each in kept.all:
        assert each.host == {"host": "api.openai.com", **changes}["host"] and each.destination
        assert orjson.loads(each.outline).keys() == body.keys()
        assert "Genoa" not in each.outline


async def test_a_request_goes_on_whatever_becomes_of_its_outline(
    make_guard: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(body: Any, hidden: Any) -> str:
        raise RuntimeError(PROSE)

    monkeypatch.setattr("promptguard.inspection.coverage.outline", fail)
    guard = await make_guard()
    verdict = await send(guard, orjson.dumps({"question": PROSE}), host="pi.ai", path="/api/x")
    assert (verdict.decision.action, verdict.answer) == (Action.ALLOW, None)
    assert "RuntimeError" in caplog.text and "Genoa" not in caplog.text


class MemorySightings(SightingStore):
    """Keeps sightings in memory."""

    def __init__(self) -> None:
        self.all: list[Sighting] = []

    def add(self, sightings: Iterable[Sighting]) -> None:
        self.all += sightings

    def since(self, day: str) -> Sequence[Sighting]:
        return self.all

    def forget_before(self, day: str) -> None:
        self.all.clear()


STANDING_NOW = "2026-03-01T09:30:00.000Z"


def ordered(kind: OrderKind, scope: Mapping[str, Any], expires: str = "2999-01-01T00:00:00.000Z") -> Order:
    return Order("or-1", kind, OrderState.IN_FORCE, scope, "Why it is.", "a", "Ann", STANDING_NOW, expires=expires)


@pytest.mark.parametrize(
    ("order", "who", "told", "silent"),
    [
        (ordered(OrderKind.STOP, {"all": True}), BOB, "All AI tools are paused for now.", ""),
        (ordered(OrderKind.STOP, {"destinations": ["openai-api"]}), BOB, "Why: Why it is.", ""),
        (ordered(OrderKind.SUSPENSION, {"pseudonym": "p_ada"}), ADA, "paused until 2999-01-01 00:00 UTC", "Why it is."),
        (ordered(OrderKind.SUSPENSION, {"pseudonym": "p_ada"}), BOB, "", ""),
        (ordered(OrderKind.STOP, {"all": True}, expires="2020-01-01T00:00:00.000Z"), BOB, "", ""),
    ],
)
async def test_what_people_order_is_done_and_told(
    order: Order, who: Identity, told: str, silent: str, make_guard: Any
) -> None:
    guard = await make_guard()
    guard.standing = Standing.of([order], STANDING_NOW)
    verdict = await send(guard, chat(("user", "What is the capital of France?")), who)
    event = verdict.event
    if not told:
        assert (event.action, event.orders, verdict.answer) == ("allow", (), None)
        return
    assert (event.action, event.rule, event.orders) == ("block", f"{order.kind}:or-1", ("or-1",))
    assert verdict.notice is not None
    assert told in verdict.notice.text
    assert "the help desk" in verdict.notice.text
    assert not silent or silent not in verdict.notice.text + event.reason


async def test_a_stopped_class_is_blocked_once_and_the_session_goes_on(make_guard: Any) -> None:
    guard = await make_guard()
    before = await send(guard, chat(("user", "Write to jane@orchard-lane.com")))
    assert before.decision.action is Action.REDACT
    guard.standing = Standing.of([ordered(OrderKind.STOP, {"data_classes": ["personal_data"]})], STANDING_NOW)
    stopped = await send(guard, chat(("user", "Write to jane@orchard-lane.com")))
    assert (stopped.decision.action, stopped.event.rule) == (Action.BLOCK, "stop:or-1")
    more = (("user", "Write to jane@orchard-lane.com"), ("user", "What is the capital of France?"))
    later = await send(guard, chat(*more))
    assert later.decision.action is Action.REDACT
    assert later.body is not None and b"jane@orchard-lane.com" not in later.body
