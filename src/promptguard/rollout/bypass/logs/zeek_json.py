"""Zeek's logs as JSON, an object a line: https://docs.zeek.org/en/current/log-formats.html#zeek-json-format-logs."""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from promptguard.rollout.bypass.logs.interface import LineFormat
from promptguard.rollout.bypass.logs.zeek_records import observations_of, path_of
from promptguard.rollout.bypass.observations import Observation


class ZeekJson(LineFormat):
    """Objects with Zeek's names of fields."""

    title = "Zeek log (JSON)"

    def read(self, line: str) -> Iterable[Observation] | None:
        """See `LineFormat.read`."""
        if not line.startswith("{") or '"event_type"' in line:
            return None
        record = orjson.loads(line)
        if "ts" not in record and "id.orig_h" not in record:
            return None
        return observations_of(path_of(record), record)
