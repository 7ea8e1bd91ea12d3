"""curl through the proxy, over HTTP/2."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from collections.abc import Callable

import pytest
from support.expected import DECISION_ID, EMAIL_PLACEHOLDER
from support.values import aws_key, email
from support.watch import Watch

from promptguard.demo.proxy_process import PromptGuardProcess

URL = "https://api.openai.com/v1/chat/completions"

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")

type Curl = Callable[..., tuple[int, str, str]]


@pytest.fixture
def curl(proxy: PromptGuardProcess) -> Curl:
    """Runs curl; gives the status, the HTTP version and the body of the answer."""

    def run(*arguments: str, url: str = URL) -> tuple[int, str, str]:
        done = subprocess.run(
            ["curl", "-sS", "--max-time", "30", "--write-out", "\n%{http_version} %{http_code}", *arguments, url],
            env={**os.environ, **proxy.client_environment()},
            capture_output=True,
            text=True,
            check=True,
        )
        body, _, last = done.stdout.rpartition("\n")
        version, status = last.split()
        return int(status), version, body

    return run


def chat(text: str, **more: object) -> list[str]:
    body = {"model": "gpt-5", "messages": [{"role": "user", "content": text}], **more}
    return ["--header", "content-type: application/json", "--data", json.dumps(body)]


def test_redacted_and_restored_over_http2(curl: Curl, watch: Watch) -> None:
    value = email(51)
    status, version, body = curl(*chat(f"mail {value}"))
    assert (status, version) == (200, "2")
    assert watch.one.http_version == "2"
    assert EMAIL_PLACEHOLDER.sub("{}", watch.one.json()["messages"][0]["content"]) == "mail {}"
    assert json.loads(body)["choices"][0]["message"]["content"] == f"You wrote: mail {value}"


def test_stream_over_http2(curl: Curl, watch: Watch) -> None:
    value = email(52)
    status, version, body = curl("--no-buffer", *chat(f"mail {value}", stream=True))
    assert (status, version) == (200, "2")
    events = [json.loads(line[6:]) for line in body.splitlines() if line.startswith("data: {")]
    text = "".join(event["choices"][0]["delta"].get("content") or "" for event in events)
    assert value.encode() not in watch.one.body
    assert text == f"You wrote: mail {value}"
    assert body.rstrip().endswith("data: [DONE]")


def test_block_over_http2(curl: Curl, watch: Watch) -> None:
    value = aws_key(random.Random(53))
    status, version, body = curl(*chat(f"aws_access_key_id = {value}"))
    assert (status, version) == (400, "2")
    assert watch.requests == []
    assert DECISION_ID.search(json.loads(body)["error"]["message"])
    assert value not in body


def test_prompt_in_the_address_is_inspected(curl: Curl, watch: Watch) -> None:
    value = aws_key(random.Random(54))
    status, _, body = curl("--get", "--data-urlencode", f"q=aws_access_key_id = {value}", url="https://chatgpt.com/")
    assert status == 400
    assert watch.requests == []
    assert value not in body


@pytest.mark.parametrize("kind", ["form", "multipart"])
def test_other_bodies_are_inspected(curl: Curl, watch: Watch, kind: str) -> None:
    field = f"note=aws_access_key_id = {aws_key(random.Random(55))}"
    option = "--data-urlencode" if kind == "form" else "--form-string"
    status, _, _ = curl(option, field, url="https://api.openai.com/v1/anything")
    assert status == 400
    assert watch.requests == []


def test_a_notice_is_in_the_language_that_is_asked_for(curl: Curl, watch: Watch) -> None:
    value = aws_key(random.Random(59))
    status, _, body = curl(*chat(f"aws_access_key_id = {value}"), "--header", "accept-language: fr-CH, en;q=0.5")
    assert (status, watch.requests) == (400, [])
    message = json.loads(body)["error"]["message"]
    assert message.startswith("Rien n'a été envoyé à OpenAI API. PromptGuard a arrêté cette requête.")
    assert "dans votre message" in message and value not in body
