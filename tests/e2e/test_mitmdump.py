"""PromptGuard as an addon of `mitmdump`, beside another addon and under options that would lead around it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import anthropic
import openai
import pytest
from support.expected import DECISION_ID, EMAIL_PLACEHOLDER
from support.proxies import MitmdumpProcess, configuration
from support.values import aws_key, email
from support.watch import Watch

from promptguard.demo.provider import Provider
from promptguard.demo.proxy_process import ProxyFailed, ProxyProcess, free_port

MITMPROXYS_OWN = {"rawtcp", "connection_strategy", "upstream_cert"}
"""Options that are held at other values than these defaults, so that nobody has to be told."""


def mitmdump_in(
    folder: Path, provider: Provider, file: Mapping[str, Any] | None = None, options: Sequence[str] = ()
) -> MitmdumpProcess:
    return MitmdumpProcess(
        config=configuration(folder / "config", {"names": {"enabled": False}}),
        data=folder / "data",
        provider=provider.address,
        upstream_authority=provider.certificates.authority,
        file=file,
        options=options,
    )


@pytest.fixture(scope="module")
def mitmdump(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MitmdumpProcess]:
    with mitmdump_in(tmp_path_factory.mktemp("mitmdump"), provider) as running:
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


def test_options_that_lead_around_are_set_back(
    provider: Provider, use: Callable[[ProxyProcess], None], watch: Watch, tmp_path: Path
) -> None:
    kept, archive = tmp_path / "flows", tmp_path / "flows.har"
    file = {"ignore_hosts": [".*"], "save_stream_file": str(kept), "stream_large_bodies": "1", "flow_detail": 4}
    options = (
        f"hardump={archive}",
        "map_remote=|api.openai.com|api.mistral.ai",
        "modify_body=/~q/STANDS/AKIA",
        "modify_headers=/~q/content-encoding/gzip",
        "tcp_hosts=openai",
        "rawtcp=true",
        "connection_strategy=eager",
        "upstream_cert=true",
        "add_upstream_certs_to_client_chain=true",
    )
    value = email(98)
    with mitmdump_in(tmp_path, provider, file, options) as running:
        use(running)
        client = openai.OpenAI(api_key="stand-in")
        message = f"what STANDS, mail {value}"
        client.chat.completions.create(model="gpt-5", messages=[{"role": "user", "content": message}])
    (arrived,) = watch.requests
    assert EMAIL_PLACEHOLDER.sub("{}", arrived.json()["messages"][0]["content"]) == "what STANDS, mail {}"
    assert "content-encoding" not in arrived.headers
    names = {*file, *(option.partition("=")[0] for option in options)} - MITMPROXYS_OWN
    assert [name for name in names if f"{name} was set back" not in running.output] == []
    assert value not in running.output
    assert [found for found in (kept, archive) if found.exists() and value.encode() in found.read_bytes()] == []


def test_a_mode_in_which_nobody_reads_ends_it(provider: Provider, tmp_path: Path) -> None:
    way_around = f"reverse:tls://api.openai.com:443@127.0.0.1:{free_port()}"
    running = mitmdump_in(tmp_path, provider, {"mode": ["regular", way_around]})
    with pytest.raises(ProxyFailed, match="PromptGuard cannot read what comes in the mode reverse:tls"), running:
        pass
