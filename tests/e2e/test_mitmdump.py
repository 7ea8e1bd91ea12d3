"""PromptGuard as an addon of `mitmdump`, beside another addon."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import anthropic
import openai
import pytest
from support.expected import DECISION_ID, EMAIL_PLACEHOLDER
from support.proxies import MitmdumpProcess, configuration
from support.values import aws_key, email
from support.watch import Watch

from promptguard.demo.provider import Provider
from promptguard.demo.proxy_process import ProxyProcess


@pytest.fixture(scope="module")
def mitmdump(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MitmdumpProcess]:
    folder = tmp_path_factory.mktemp("mitmdump")
    config = configuration(folder / "config", {"names": {"enabled": False}})
    with MitmdumpProcess(
        config=config,
        data=folder / "data",
        provider=provider.address,
        upstream_authority=provider.certificates.authority,
    ) as running:
        yield running


@pytest.fixture
def behind_mitmdump(use: Callable[[ProxyProcess], None], mitmdump: MitmdumpProcess) -> MitmdumpProcess:
    use(mitmdump)
    return mitmdump


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_redacted_and_restored(behind_mitmdump: MitmdumpProcess, watch: Watch, stream: bool) -> None:
    value = email(95)
    client = openai.OpenAI(api_key="stand-in")
    raw = client.chat.completions.with_raw_response.create(
        model="gpt-5", messages=[{"role": "user", "content": f"mail {value}"}], stream=stream
    )
    answer = raw.parse()
    if stream:
        text = "".join(chunk.choices[0].delta.content or "" for chunk in answer)
    else:
        text = answer.choices[0].message.content
    assert EMAIL_PLACEHOLDER.sub("{}", watch.one.json()["messages"][0]["content"]) == "mail {}"
    assert text == f"You wrote: mail {value}"
    assert raw.headers["x-neighbour"] == "was here"


def test_blocked(behind_mitmdump: MitmdumpProcess, watch: Watch) -> None:
    client = anthropic.Anthropic(api_key="stand-in")
    with pytest.raises(anthropic.BadRequestError) as caught:
        client.messages.create(
            model="claude-stand-in",
            max_tokens=9,
            messages=[{"role": "user", "content": f"aws_access_key_id = {aws_key(random.Random(96))}"}],
        )
    assert watch.requests == []
    assert DECISION_ID.search(str(caught.value))


def test_printed_output_holds_no_prompt(behind_mitmdump: MitmdumpProcess) -> None:
    value = email(97)
    client = openai.OpenAI(api_key="stand-in")
    client.embeddings.create(model="m", input=f"mail {value}", extra_query={"q": value})
    assert value not in behind_mitmdump.output
