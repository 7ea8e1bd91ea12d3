"""A second, slower look at what has gone on: what it finds is recorded, and leaves no more."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import openai
import psutil
import pytest
from support.deadline import wait_until
from support.watch import Watch

from promptguard.demo.proxy_process import PromptGuardProcess, ProxyProcess
from promptguard.detectors.names.worker import LEAST_NICENESS
from promptguard.runtime.record import open_record
from samples.priority import lift

pytestmark = pytest.mark.skipif(find_spec("onnxruntime") is None, reason="the extra `rampart` is not installed")

HARD = {
    "This ticket was opened by {}, who cannot log in.": ("višeslav", "Järvilehto"),
    "{} has not paid since March.": ("Gerste",),
    "The contract of {} ends in May.": ("Efimiya", "Dzhambek"),
    "my colleague {} forgot the invoice again": ("Agi", "Tarsicio", "Rintanen", "Torpy"),
    "please tell {} that the order is late": ("Adomo",),
}
"""Names that a small model is not sure of. One that finds them all at once has nothing left for a second look."""


def turns() -> list[Any]:
    asked = [sentence.format(name) for sentence, names in HARD.items() for name in names]
    return [each for text in asked for each in (said("user", text), said("assistant", "Noted."))] + [said("user", "?")]


def said(role: str, text: str) -> dict[str, str]:
    return {"role": role, "content": text}


def names_in(body: bytes) -> set[str]:
    text = json.dumps(json.loads(body), ensure_ascii=False)
    return {name for names in HARD.values() for name in names if name in text}


def lift_worker_of(proxy: PromptGuardProcess) -> bool:
    """Whether the worker of the second look is ready: only then it has the lowest priority. It gets its turns then."""
    for worker in psutil.Process(proxy.pid).children(recursive=True):
        if "--idle" in worker.cmdline() and worker.nice() == LEAST_NICENESS:
            lift(worker)
            return True
    return False


def test_what_had_left_is_recorded_and_leaves_no_more(
    start_proxy: Callable[..., PromptGuardProcess], use: Callable[[ProxyProcess], None], watch: Watch
) -> None:
    proxy = start_proxy({"names": {"second_look": "rampart"}})
    use(proxy)
    client = openai.OpenAI(api_key="stand-in")
    conversation = turns()
    client.chat.completions.create(model="gpt-5", messages=conversation)
    left = names_in(watch.one.body)
    if not left:
        pytest.skip("the first look finds all of these names")
    with open_record(proxy.config, proxy.data) as reader:
        (decision,) = [json.loads(line) for line in reader.export("jsonl", since=None, until=None, actions=())]

        def found_later() -> Any:
            return json.loads(reader.show(decision["id"]) or "{}").get("found_later")

        wait_until(lambda: lift_worker_of(proxy), "the worker is ready")
        wait_until(found_later, "the second look is recorded", 120)
        conversation += [said("assistant", "Yes?"), said("user", "Go on.")]
        client.chat.completions.create(model="gpt-5", messages=conversation)
        still = names_in(watch.requests[1].body)
        told = found_later()["findings"]
        assert [each["entity_type"] for each in told] == ["PERSON"]
        assert still < left
        assert sum(each["count"] for each in told) == len(left - still)
        assert not any(name in json.dumps(told) for name in left)
        assert len(list(reader.export("jsonl", since=None, until=None, actions=()))) == 2  # it is no decision
        assert reader.verify().ok
