"""A stop through the real proxy: what the service received, and what the client is told."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from support.deadline import wait_until
from support.expected import EMAIL_PLACEHOLDER
from support.values import email
from support.watch import Watch
from support.wire import Answered, request_bytes

from promptguard.console.stopping import stopping
from promptguard.demo.proxy_process import PromptGuardProcess
from promptguard.runtime.record import open_record

type Post = Callable[..., Answered]


@contextmanager
def stopped(proxy: PromptGuardProcess, **what: Any) -> Iterator[str]:
    """Something is stopped, as `promptguard stop` does it; lifted at the end."""
    given = {"tool": "", "data_class": "", "everything": False, "lasting": None, "name": "ann", **what}
    with stopping(proxy.config, proxy.data) as desk:
        id = desk.order(**given).id
        try:
            yield id
        finally:
            desk.lift(id, name="ann", reason="Over")


def asked(*texts: str) -> bytes:
    """A conversation in which a person has said this."""
    return json.dumps({"messages": [{"role": "user", "content": text} for text in texts]}).encode()


def message(answer: Answered) -> str:
    body: Any = json.loads(answer.text)
    return str(body["error"]["message"])


def test_a_tool_is_stopped_and_goes_on(quick_proxy: PromptGuardProcess, post: Post, watch: Watch) -> None:
    question = request_bytes(asked("What is a mutex?"))
    with stopped(quick_proxy, tool="openai-api", reason="Their incident") as id:
        wait_until(lambda: post(question).status == 400, "it is stopped")
        sent = len(watch.requests)
        answer = post(question)
        assert answer.headers["x-should-retry"] == "false"
        assert "This tool is paused for now." in message(answer)
        assert "Why: Their incident" in message(answer)
        assert len(watch.requests) == sent
        with open_record(quick_proxy.config, quick_proxy.data) as record:
            recorded = json.loads(record.show(re.findall(r"pg-[\w-]{19}", message(answer))[0]) or "")
        assert (recorded["rule"], recorded["orders"], recorded["action"]) == (f"stop:{id}", [id], "block")
        other = post(request_bytes(asked("What is a mutex?"), host="api.mistral.ai"), host="api.mistral.ai")
        assert other.status == 200
    wait_until(lambda: post(question).status == 200, "it goes on")


def test_a_class_is_stopped_and_the_conversation_goes_on(
    quick_proxy: PromptGuardProcess, post: Post, watch: Watch
) -> None:
    value = email(417)
    question = request_bytes(asked(f"Write to {value}"))
    assert post(question).status == 200
    with stopped(quick_proxy, data_class="personal_data", reason="We look into it"):
        wait_until(lambda: post(question).status == 400, "it is stopped")
        assert "Why: We look into it" in message(post(question))
        assert post(request_bytes(asked("What is a monitor?"))).status == 200
        assert post(request_bytes(asked(f"Write to {value}", "And what is a monitor?"))).status == 200
        assert EMAIL_PLACEHOLDER.search(watch.requests[-1].body.decode())
    wait_until(lambda: post(question).status == 200, "it goes on")
    assert not any(value.encode() in request.body for request in watch.requests)
