import json
from hashlib import sha256
from typing import Any

from promptguard.audit.export import export
from promptguard.audit.forms import load_forms, written
from promptguard.model import Event


def test_chain_can_be_checked_from_an_export(installation: Any, events: list[Event]) -> None:
    """By anybody, with standard tools, without a key."""
    previous = bytes(32)
    for line in written(export(installation.store), load_forms()["jsonl"]):
        event = json.loads(line)
        del event["chain"], event["sequence"]
        assert bytes.fromhex(event.pop("previous_hash")) == previous
        digest = bytes.fromhex(event.pop("hash"))
        source = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        assert sha256(previous + source).digest() == digest
        previous = digest
