"""The text with placeholders in notices: who gets it, what stands in it, and that it passes when it is pasted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson
import pytest
from tests.test_guard import PASSWORD, Links, bundle, make_guard, patterns, send  # noqa: F401 - fixtures

from promptguard.detectors.interface import Detector
from promptguard.detectors.program_words import injected_blocks
from promptguard.errors import ScanFailed
from promptguard.guard import Copies, Guard
from promptguard.inspection import pasting
from promptguard.inspection.uploads import Stopped
from promptguard.model import Action, DataClass, IdentityClass, Match, Segment
from promptguard.notices.redacted_copy import MAX_CHARACTERS
from promptguard.policy.policy import Policy
from promptguard.policy.schema import PolicyFile
from promptguard.reasons import Code
from promptguard.wire.notice_styles import grpc_refusal

OPENING = "Your text with placeholders. You can send it instead:"
SECRET = f"my password is {PASSWORD}"
REMINDER = "<system-reminder>\nThe user opened main.py\n</system-reminder>"
OPENAI = {"host": "api.openai.com", "path": "/v1/chat/completions"}
RESPONSES = {"host": "api.openai.com", "path": "/v1/responses"}
ANTHROPIC = {"host": "api.anthropic.com", "path": "/v1/messages"}
GEMINI = {
    "host": "generativelanguage.googleapis.com",
    "path": "/v1beta/models/gemini-2.5-pro:generateContent",
}
CHATGPT = {
    "host": "chatgpt.com",
    "path": "/backend-api/conversation",
    "headers": {"content-type": "application/json", "sec-fetch-mode": "cors"},
}
CODEX = {"host": "chatgpt.com", "path": "/backend-api/codex/responses"}


def openai(*turns: tuple[str, Any]) -> bytes:
    return orjson.dumps({"model": "m", "messages": [{"role": who, "content": said} for who, said in turns]})


def responses(*turns: tuple[str, str]) -> bytes:
    kinds = {"user": "input_text", "assistant": "output_text"}
    items = [{"type": "message", "role": who, "content": [{"type": kinds[who], "text": said}]} for who, said in turns]
    return orjson.dumps({"model": "m", "input": items, "stream": True})


def anthropic(*turns: tuple[str, Any]) -> bytes:
    blocks = [
        {
            "role": who,
            "content": [{"type": "text", "text": each} for each in ([said] if isinstance(said, str) else said)],
        }
        for who, said in turns
    ]
    return orjson.dumps({"model": "m", "max_tokens": 9, "messages": blocks})


def gemini(*turns: tuple[str, str]) -> bytes:
    roles = {"user": "user", "assistant": "model"}
    return orjson.dumps({"contents": [{"role": roles[who], "parts": [{"text": said}]} for who, said in turns]})


FORMATS_OF = [(OPENAI, openai), (RESPONSES, responses), (ANTHROPIC, anthropic), (GEMINI, gemini)]


def texts_in(value: Any) -> list[str]:
    """All strings in a JSON value."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in inner for text in texts_in(each)]


@pytest.fixture
def copying(make_guard: Any) -> Any:  # noqa: F811 - the fixture
    async def make(copies: Copies | None = Copies(lambda *_: IdentityClass.EMPLOYEE), **how: Any) -> Guard:  # noqa: B008
        guard: Guard = await make_guard(**how)
        guard.rules = replace(guard.rules, copies=copies)
        return guard

    return make


@pytest.mark.parametrize(("where", "format"), FORMATS_OF, ids=["openai", "responses", "anthropic", "gemini"])
async def test_what_is_pasted_passes_as_it_is_and_so_does_the_notice_as_history(
    copying: Any, where: dict[str, Any], format: Any
) -> None:
    guard = await copying()
    said = f"{SECRET}, why does it fail?\n\n```sh\npsql\n```\nTell jane@orchard-lane.com."
    held = await send(guard, format(("user", said)), **where)
    expected = "my password is [PASSWORD], why does it fail?\n\n```sh\npsql\n```\nTell [EMAIL_ADDRESS]."
    assert held.notice and held.notice.redacted == expected
    assert "why does it fail" not in repr(held.notice)
    assert held.notice.text == f"{held.notice.brief}\n\n{OPENING}\n\n````\n{expected}\n````"
    assert held.answer and held.notice.text in texts_in(orjson.loads(held.answer.body))
    assert PASSWORD not in held.notice.text and "jane" not in held.notice.text
    for turns in (
        [("user", expected)],
        [("user", "Hello"), ("assistant", held.notice.text), ("user", expected)],
        [("user", "Hello"), ("assistant", held.notice.text), ("user", held.notice.text)],
    ):
        again = await send(guard, format(*turns), **where)
        assert (again.decision.action, again.body, again.answer) == (Action.ALLOW, None, None)
        assert again.findings == () and not again.restoration
    later = await send(guard, format(("user", said), ("assistant", held.notice.text), ("user", expected)), **where)
    assert later.decision.action is Action.REDACT
    sent = orjson.dumps(orjson.loads(later.body or b"")).decode()
    assert PASSWORD not in sent and "jane" not in sent
    for text in (held.notice.text, expected):
        assert orjson.dumps(text).decode() in sent
    assert "[PASSWORD]" not in later.restoration.originals and "[EMAIL_ADDRESS]" not in later.restoration.originals


@pytest.mark.parametrize(
    ("where", "body", "expected"),
    [
        (OPENAI, openai(("system", "Be brief."), ("user", SECRET)), "my password is [PASSWORD]"),
        (OPENAI, openai(("user", "First."), ("assistant", "Yes?"), ("user", SECRET)), "my password is [PASSWORD]"),
        (OPENAI, openai(("user", "Context is all."), ("user", SECRET)), "my password is [PASSWORD]"),
        (ANTHROPIC, anthropic(("user", [REMINDER, SECRET, REMINDER])), "my password is [PASSWORD]"),
        (ANTHROPIC, anthropic(("user", f"{REMINDER}\n{SECRET}")), "my password is [PASSWORD]"),
        (ANTHROPIC, anthropic(("user", ["Look at this:", SECRET])), "Look at this:\n\nmy password is [PASSWORD]"),
        # A code that stands in it would be a wrong one when it is pasted.
        (
            OPENAI,
            openai(("user", f"{SECRET}\npg-allow bcdfg-hjklm it is mine")),
            "my password is [PASSWORD]\npg-allow CODE it is mine",
        ),
        # What stopped it stands elsewhere too, or elsewhere alone.
        (OPENAI, openai(("user", SECRET), ("user", "Go on with it")), ""),
        (OPENAI, openai(("system", SECRET), ("user", SECRET)), ""),
        (OPENAI, openai(("user", "Read it"), ("assistant", "Yes"), ("tool", SECRET)), ""),
        (ANTHROPIC, anthropic(("user", [REMINDER.replace("main.py", SECRET), "Go on with it"])), ""),
        # Nothing is said beside it.
        (OPENAI, openai(("user", f"password: {PASSWORD}")), ""),
        # The layer in the page shows it, and agents have none.
        (CHATGPT, openai(("user", SECRET)), ""),
        (CODEX, responses(("user", SECRET)), "my password is [PASSWORD]"),
    ],
)
async def test_it_is_the_newest_message_of_the_person(
    copying: Any, where: dict[str, Any], body: bytes, expected: str
) -> None:
    verdict = await send(await copying(), body, **where)
    assert verdict.notice and verdict.notice.redacted == expected


@pytest.mark.parametrize(
    ("copies", "given"),
    [
        (None, False),
        (Copies(lambda *_: IdentityClass.SERVICE), False),
        (Copies(lambda *_: IdentityClass.CONTRACTOR), True),
        (Copies(lambda *_: IdentityClass.EMPLOYEE, layer=False), True),
    ],
)
@pytest.mark.parametrize("where", [OPENAI, CHATGPT], ids=["api", "web"])
async def test_who_gets_it(copying: Any, copies: Copies | None, given: bool, where: dict[str, Any]) -> None:
    verdict = await send(await copying(copies), openai(("user", SECRET)), **where)
    shown_by_layer = where is CHATGPT and (copies is None or copies.layer)
    assert bool(verdict.notice and verdict.notice.redacted) is (given and not shown_by_layer)


def policy(*rules: dict[str, Any]) -> Policy:
    rest = {"id": "rest", "action": "allow", "reason": "Nothing was found."}
    return Policy(PolicyFile.model_validate_json(orjson.dumps({"version": "1", "rules": [*rules, rest]})))


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        ({"when": {"data_classes": "credentials"}, "action": "block"}, True),
        ({"when": {"data_classes": "credentials"}, "action": "justify"}, True),
        ({"when": {"status": "approved_with_limits"}, "action": "block"}, False),
        ({"when": {"purpose": "prompt"}, "action": "block"}, False),
    ],
)
async def test_it_is_offered_where_what_was_found_is_the_reason(copying: Any, rule: Any, given: bool) -> None:
    guard = await copying()
    guard.rules = replace(guard.rules, policy=policy({"id": "rule", "reason": "So it is.", **rule}))
    verdict = await send(guard, openai(("user", SECRET)))
    assert verdict.answer
    assert bool(verdict.notice and verdict.notice.redacted) is given


class Finds(Detector):
    """Finds words, of a data class each, and what it is told of once it has looked before."""

    id = "finds"
    version = "1"

    def __init__(
        self, *words: tuple[str, DataClass], later: tuple[str, DataClass] | None = None, fails: bool = False
    ) -> None:
        self.words = words
        self.later = later
        self.fails = fails
        self.looked = False

    async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
        if self.looked and self.fails:
            raise ScanFailed(Code.NAMES_OVERLOADED, seconds=3)
        words = [*self.words, *([self.later] if self.looked and self.later else [])]
        self.looked = True
        return [
            [
                Match(start, start + len(word), "THING", 0.9, "Finds", data_class)
                for word, data_class in words
                if (start := segment.text.find(word)) >= 0
            ]
            for segment in segments
        ]


@pytest.mark.parametrize(
    ("detector", "given"),
    [
        (Finds(("hunter2", DataClass.CREDENTIALS)), "I say [THING] to you"),
        (Finds(("hunter2", DataClass.TENANT_DATA)), ""),
        (Finds(("hunter2", DataClass.CREDENTIALS), ("say", DataClass.TENANT_DATA)), ""),
        (Finds(("hunter2", DataClass.CREDENTIALS), later=("say", DataClass.PERSONAL_DATA)), "I [THING] [THING] to you"),
        (Finds(("hunter2", DataClass.CREDENTIALS), later=("say", DataClass.TENANT_DATA)), ""),
        (Finds(("hunter2", DataClass.CREDENTIALS), later=("THING", DataClass.PERSONAL_DATA)), ""),
        (Finds(("hunter2", DataClass.CREDENTIALS), fails=True), ""),
    ],
    ids=["credential", "customer", "both", "what is left", "customer in what is left", "without end", "not searched"],
)
async def test_it_is_searched_itself_and_cures_no_record_of_a_customer(
    copying: Any, detector: Detector, given: str
) -> None:
    guard = await copying(detectors=[detector])
    verdict = await send(guard, openai(("user", "I say hunter2 to you")))
    assert verdict.notice and verdict.notice.redacted == given


async def test_what_cannot_be_replaced_in_a_signed_request_can_be_sent_anew(copying: Any) -> None:
    headers = {"content-type": "application/json", "authorization": "AWS4-HMAC-SHA256 Credential=x"}
    said = openai(("user", "Please write to jane@orchard-lane.com"))
    verdict = await send(await copying(), said, headers=headers)
    assert verdict.decision.action is Action.BLOCK
    assert verdict.notice and verdict.notice.redacted == "Please write to [EMAIL_ADDRESS]"


async def test_no_surface_has_a_text_that_would_cure_a_record_of_a_customer(copying: Any) -> None:
    for data_class, given in ((DataClass.CREDENTIALS, "I say [THING] to you"), (DataClass.TENANT_DATA, "")):
        links = Links()
        guard = await copying(detectors=[Finds(("hunter2", data_class))], links=links)
        verdict = await send(guard, openai(("user", "I say hunter2 to you")), **CHATGPT)
        assert verdict.answer
        assert (verdict.redacted_text, links.made[0][1]) == (given, given)


async def test_no_placeholder_in_it_stands_for_a_value(copying: Any) -> None:
    guard = await copying()
    mail = "jane@orchard-lane.com"
    first = await send(guard, openai(("user", f"Write to {mail}")))
    assert mail in first.restoration.originals.values()  # issued, and known from now on
    held = await send(guard, openai(("user", f"Tell {mail} that {SECRET}")))
    assert held.notice and held.notice.redacted == "Tell [EMAIL_ADDRESS] that my password is [PASSWORD]"


@pytest.mark.parametrize(("count", "stands"), [(MAX_CHARACTERS // 5, True), (MAX_CHARACTERS // 5 - 6, False)])
async def test_a_long_text_stands_on_the_page(copying: Any, count: int, stands: bool) -> None:
    links = Links()
    guard = await copying(links=links)
    verdict = await send(guard, openai(("user", f"{SECRET} {'word ' * count}")))
    assert verdict.notice
    assert verdict.notice.text.endswith("You can send it instead.") is stands
    assert bool(verdict.notice.redacted) is not stands
    assert links.made[0][1].startswith("my password is [PASSWORD] word")


async def test_a_text_is_read_once_for_what_agents_put_into_it_however_much_is_found_in_it(
    copying: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    monkeypatch.setattr(pasting, "injected_blocks", lambda text: (read.append(text), injected_blocks(text))[1])
    guard = await copying()
    mails = "".join(f"\n<customer-record>\nA\n</customer-record>jane{number}@orchard-lane.com" for number in range(50))
    verdict = await send(guard, openai(("user", f"{SECRET}{mails} {SECRET}")))
    assert len(verdict.findings) == 52
    assert len(read) == 1


async def test_what_a_terminal_would_obey_is_not_in_it(copying: Any) -> None:
    said = json.dumps(f"Look \x1b[1mhere\x1b[0m: {SECRET}, \u202eplease\ud800.")
    verdict = await send(await copying(), openai(("user", "x")).replace(b'"x"', said.encode()))
    assert verdict.notice and verdict.notice.redacted == "Look [1mhere[0m: my password is [PASSWORD], please."


async def test_a_stopped_file_tells_others_nothing_of_the_message(copying: Any) -> None:
    verdict = await send(await copying(), openai(("user", SECRET)))
    assert verdict.notice and verdict.notice.redacted
    again = Stopped(frozenset(), verdict.decision, verdict.notice, 0.0).once_more("pg-2")
    assert (again.redacted, again.brief) == ("", "")
    assert OPENING not in again.text and "pg-2" in again.text


async def test_grpc_has_the_notice_alone_in_its_trailers(copying: Any) -> None:
    verdict = await send(await copying(), openai(("user", SECRET)))
    assert verdict.notice
    message = grpc_refusal(verdict.notice, "application/grpc").trailers["grpc-message"]
    assert "Your text" not in message and verdict.event.id in message
