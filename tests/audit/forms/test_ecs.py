"""ECS: the fields that Elastic Security needs, with values that the schema allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import pytest

from promptguard.audit.export import export
from promptguard.audit.forms import load_forms, written
from promptguard.model import Action, Decision

# Of ECS 9.0.0 (https://www.elastic.co/docs/reference/ecs) the fields that are used, and their types.
FIELDS = {
    **dict.fromkeys(("@timestamp", "event.created"), str),
    **dict.fromkeys(("ecs.version", "message", "destination.domain", "url.domain", "user.hash"), str),
    **dict.fromkeys((f"event.{name}" for name in ("kind", "action", "outcome", "module", "dataset", "id")), str),
    **dict.fromkeys(("event.reason", "event.hash", "http.request.method"), str),
    **dict.fromkeys((f"rule.{name}" for name in ("id", "name", "description", "version", "ruleset", "category")), str),
    **dict.fromkeys((f"observer.{name}" for name in ("vendor", "product", "version", "type")), str),
    **dict.fromkeys(("event.sequence", "event.severity", "http.request.body.bytes"), int),
    **dict.fromkeys(("tags", "event.category", "event.type", "related.hosts", "related.hash"), list),
}
ALLOWED = {
    "event.kind": {"alert", "event"},
    "event.outcome": {"failure", "success", "unknown"},
    "event.category": {"web", "network"},
    "event.type": {"access", "allowed", "connection", "denied", "end", "error", "info", "protocol", "start"},
}
NEEDED = {"@timestamp", "ecs.version", "event.kind", "event.category", "event.type"}


def fields(document: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in document.items():
        if isinstance(value, dict) and before + name != "promptguard":
            yield from fields(value, f"{before}{name}.")
        else:
            yield before + name, value


@pytest.mark.parametrize(
    ("action", "would", "kind", "type_", "named"),
    [
        (Action.ALLOW, None, "event", "allowed", "prompt-allowed"),
        (Action.ALLOW, Action.BLOCK, "alert", "allowed", "prompt-allowed"),
        (Action.REDACT, None, "event", "allowed", "prompt-redacted"),
        (Action.JUSTIFY, None, "alert", "denied", "prompt-held"),
        (Action.BLOCK, None, "alert", "denied", "prompt-blocked"),
    ],
)
def test_documents(
    installation: Any, make_event: Any, action: Action, would: Action | None, kind: str, type_: str, named: str
) -> None:
    installation.fill(make_event(decision=Decision(action, "the-rule", "Why.", would=would), found=2))
    (line,) = written(export(installation.store), load_forms()["ecs"])
    document = dict(fields(orjson.loads(line)))
    own = document.pop("promptguard")
    assert document.keys() >= NEEDED
    assert {name for name, value in document.items() if type(value) is not FIELDS.get(name)} == set()
    for name, allowed in ALLOWED.items():
        value = document[name]
        assert set(value if isinstance(value, list) else [value]) <= allowed, name
    assert (document["event.kind"], document["event.type"], document["event.action"]) == (kind, [type_], named)
    assert document["user.hash"] == "p_abcdefghijklmnop"
    assert line.count("p_abcdefghijklmnop") == 1
    assert [finding["entity_type"] for finding in own["findings"]] == ["EMAIL_ADDRESS"] * 2
