"""JSON Lines (https://jsonlines.org): everything that is recorded."""

from __future__ import annotations

import orjson

from promptguard.audit.forms.interface import Form, PlainRecord


class JsonLines(Form):
    """One JSON object a line, members sorted, so that anybody can check the chain of hashes."""

    id = "jsonl"

    def line(self, record: PlainRecord) -> str:
        return orjson.dumps(record, option=orjson.OPT_SORT_KEYS).decode()
