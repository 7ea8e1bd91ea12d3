"""Restores answers as they stream, and has real renderers say where the values ended up."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.rendering.answers import Answer, attack, ordinary, parts, pieces, values
from benchmarks.rendering.values import VALUES, Value, X
from promptguard.model import Restoration
from promptguard.redaction.selection import restorer_for
from promptguard.wire.formats import load_formats

ROOT: Final = Path(__file__).parents[2]
RENDERERS: Final = ROOT / ".make" / "renderers"
_ORIGINALS: Final = {value.placeholder: value.original for value in VALUES}
_MAX_SHOWN: Final = 20


@dataclass(slots=True)
class Result:
    """What became of all answers."""

    attacks: int = 0
    ordinary: int = 0
    put_back: int = 0
    """Values that were put back into attacks, where nobody else sees them."""
    leaks: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Ordinary answers in which a placeholder was left."""


def install() -> str:
    """Install the renderers; why that cannot be done, or nothing."""
    done = subprocess.run(["tools/install_renderers.sh"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        return done.stdout.strip() or done.stderr.strip() or "the renderers cannot be installed"
    return ""


def check(count: int, seed: int) -> Result:
    """Make `count` answers, three of four of them attacks, restore them, and render what a client would show."""
    chance = random.Random(seed)
    result = Result()
    shown: list[tuple[Answer, str, list[str]]] = []
    for number in range(count):
        answer = ordinary(chance) if number % 4 == 3 else attack(chance)
        chosen = values(chance, answer)
        text = _filled(answer.text, [value.placeholder for value in chosen])
        shown_parts = _restored(chance, text, whole=answer.ordinary)
        joined = "".join(shown_parts)
        if answer.ordinary:
            result.ordinary += 1
            expected = _filled(answer.text, [_as_it_stands(answer.text, value) for value in chosen])
            if joined != expected:
                result.kept.append(f"{text!r} -> {joined!r}")
        else:
            result.attacks += 1
            result.put_back += sum(joined.count(value.original) for value in VALUES)
            shown.append((answer, text, [joined, *shown_parts, *_strings(joined)]))
    for (_, text, texts), places in zip(shown, _places([texts for _, _, texts in shown]), strict=True):
        if places:
            result.leaks.append(f"{', '.join(places)}: {text!r} -> {texts[0]!r}")
    return result


def _as_it_stands(text: str, value: Value) -> str:
    return json.dumps(value.original)[1:-1] if text.startswith("{") else value.original


def _filled(text: str, originals: Sequence[str]) -> str:
    for value in originals:
        text = text.replace(X, value, 1)
    return text


def _restored(chance: random.Random, text: str, *, whole: bool) -> list[str]:
    """What a client has of each part of an answer; of one part where it is `whole`."""
    way = chance.random()
    if not whole and way < 0.15:
        return [_arguments(chance, text)]
    if whole or way < 0.6:
        return ["".join(_chat(chance, pieces(chance, text, 12)))]
    return _blocks(chance, [pieces(chance, part, 6) for part in parts(chance, text, 3)])


def _chat(chance: random.Random, texts: Sequence[str]) -> Iterator[str]:
    events = [{"choices": [{"index": 0, "delta": {"content": text}}]} for text in texts]
    events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    for event in _streamed(chance, "openai_chat", events):
        yield from (choice["delta"].get("content", "") for choice in event["choices"])


def _arguments(chance: random.Random, text: str) -> str:
    """What a program has of the arguments of a tool that hold a text, once or twice escaped."""
    content = {"a": "b", "text": text}
    arguments = json.dumps(content if chance.random() < 0.6 else {"b": json.dumps(content)}, ensure_ascii=False)
    calls = [[{"index": 0, "function": {"arguments": piece}}] for piece in pieces(chance, arguments, 12)]
    events = [{"choices": [{"index": 0, "delta": {"tool_calls": call}}]} for call in calls]
    events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]})
    choices = [choice for event in _streamed(chance, "openai_chat", events) for choice in event["choices"]]
    calls = [call for choice in choices for call in choice["delta"].get("tool_calls", ())]
    shown = json.loads("".join(call["function"]["arguments"] for call in calls))
    return str((shown if "text" in shown else json.loads(shown["b"]))["text"])


def _blocks(chance: random.Random, blocks: Sequence[Sequence[str]]) -> list[str]:
    events: list[Mapping[str, object]] = []
    for number, texts in enumerate(blocks):
        block = {"type": "text", "text": ""}
        events.append({"type": "content_block_start", "index": number, "content_block": block})
        events += (
            {"type": "content_block_delta", "index": number, "delta": {"type": "text_delta", "text": text}}
            for text in texts
        )
        events.append({"type": "content_block_stop", "index": number})
    shown = [""] * len(blocks)
    for event in _streamed(chance, "anthropic_messages", events):
        if event["type"] == "content_block_delta":
            shown[event["index"]] += event["delta"]["text"]
    return shown


def _streamed(
    chance: random.Random, format_id: str, events: Sequence[Mapping[str, object]]
) -> Iterator[dict[str, Any]]:
    restorer = restorer_for("text/event-stream", load_formats()[format_id], Restoration(_ORIGINALS), None)
    assert restorer is not None
    escaped = chance.random() < 0.5
    body = "".join(
        f"event: {event.get('type', 'message')}\ndata: {json.dumps(event, ensure_ascii=escaped)}\n\n"
        for event in events
    ).encode()
    cuts = sorted(chance.randrange(len(body)) for _ in range(chance.randrange(24)))  # within characters and escapes too
    chunks = [body[start:end] for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    sent = b"".join(piece for chunk in chunks for piece in restorer.feed(chunk))
    sent += b"".join(restorer.finish())
    for line in sent.split(b"\n"):
        if line.startswith(b"data: "):
            yield json.loads(line[6:])


def _strings(text: str) -> list[str]:
    """The strings of an answer that is JSON: programs may render one of them."""
    try:
        value = json.loads(text)
    except ValueError:
        return []
    return [string for string in value.values() if isinstance(string, str)] if isinstance(value, dict) else []


def _places(rendered: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    script = ROOT / "benchmarks" / "rendering" / "renderers.mjs"
    marks = [value.mark for value in VALUES]
    own = [value.own for value in VALUES if value.own != "$^"]
    lines = "".join(json.dumps({"texts": texts, "marks": marks, "own": own}) + "\n" for texts in rendered)
    done = subprocess.run(
        ["node", str(script), str(RENDERERS)],
        input=lines,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    yield from map(json.loads, done.stdout.splitlines())


def shortest(found: Sequence[str]) -> Sequence[str]:
    """The shortest of what was found: most say the same."""
    return sorted(found, key=len)[:_MAX_SHOWN]
