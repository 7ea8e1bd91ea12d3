"""What the packet filter of pfSense and OPNsense logs.

https://docs.netgate.com/pfsense/en/latest/monitoring/logs/raw-filter-format.html

It knows no names: whose an address is has to stand in a DNS log that is read with it. Rules log what they let pass only
where that is switched on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from promptguard.rollout.bypass.logs.interface import LineFormat
from promptguard.rollout.bypass.logs.syslog import Days
from promptguard.rollout.bypass.observations import Connection, Observation, way_of

_TAG: Final = re.compile(r"\bfilterlog(?:\[\d+\])?:? ")
_ACTION, _DIRECTION, _VERSION = 6, 7, 8
_FIELDS: Final = {"4": (16, 18, 19, 21), "6": (12, 15, 16, 18)}
"""Where protocol, source, destination and the destination's port stand, by the version of IP."""


class Filterlog(LineFormat):
    """Packets that were let in from a network: those going out again are the same ones, from the firewall's address."""

    title = "pfSense or OPNsense filter log"

    def __init__(self) -> None:
        self._days = Days()

    def read(self, line: str) -> Iterable[Observation] | None:
        """See `LineFormat.read`."""
        tag = _TAG.search(line)
        if tag is None:
            return None
        fields = line[line.rfind(" ", 0, line.find(",", tag.end())) + 1 :].rstrip().split(",")
        if len(fields) <= _VERSION or fields[_VERSION] not in _FIELDS:
            raise ValueError("not the fields of a filter log")
        protocol_at, source_at, target_at, port_at = _FIELDS[fields[_VERSION]]
        if len(fields) <= target_at:
            raise ValueError("a filter log's line without addresses")
        protocol = fields[protocol_at].lower()
        if fields[_ACTION] != "pass" or fields[_DIRECTION] != "in" or protocol not in ("tcp", "udp"):
            return ()
        if len(fields) <= port_at:
            raise ValueError("a filter log's line without ports")
        way = way_of(protocol, int(fields[port_at]))
        return (Connection(self._days.of(line), fields[source_at], fields[target_at], way),)
