from collections.abc import Callable
from dataclasses import asdict, replace
from types import MappingProxyType

import orjson
import pytest

from promptguard.audit.interface import RecordingFailed
from promptguard.audit.record import canonical, parsed
from promptguard.model import Event


def test_canonical_json_is_sorted_and_complete(make_event: Callable[..., Event]) -> None:
    event = make_event(found=2)
    entry = canonical(event)
    assert (entry.event_id, entry.time, entry.action) == (event.id, event.time, event.action)
    members = parsed(entry.event)
    assert members == orjson.loads(orjson.dumps(asdict(event)))
    assert list(members) == sorted(members)
    assert b": " not in entry.event.replace(event.reason.encode(), b"")


def test_equal_events_are_equal_bytes(make_event: Callable[..., Event]) -> None:
    event = make_event(latency_ms={"scan": 1.0, "read": 2.0})
    same = replace(event, latency_ms=MappingProxyType({"read": 2.0, "scan": 1.0}))
    assert canonical(event) == canonical(same)


@pytest.mark.parametrize("bad", [{"reason": object()}, {"reason": "lone \ud800"}, {"findings": (3,)}])
def test_what_json_cannot_hold(make_event: Callable[..., Event], bad: dict[str, object]) -> None:
    with pytest.raises(RecordingFailed) as caught:
        canonical(replace(make_event(), **bad))  # type: ignore[arg-type]
    assert "lone" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"3", b"\xff"])
def test_parsed_refuses_other_things(content: bytes) -> None:
    with pytest.raises(ValueError, match="no JSON object"):
        parsed(content)
