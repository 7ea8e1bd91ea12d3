"""JSON Lines (https://jsonlines.org): everything that is recorded and may leave."""

from __future__ import annotations

import orjson

from promptguard.audit.forms.interface import Form
from promptguard.audit.privacy import OutgoingRecord


class JsonLines(Form):
    """One JSON object a line, members sorted, so that anybody can check the chain of hashes."""

    id = "jsonl"

    def line(self, record: OutgoingRecord) -> str:
        return orjson.dumps(record, option=orjson.OPT_SORT_KEYS).decode()
