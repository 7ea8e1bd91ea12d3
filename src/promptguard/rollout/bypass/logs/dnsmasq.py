"""Queries that dnsmasq logs with `log-queries`, which Pi-hole's `pihole.log` is, too.

dnsmasq(8), `--log-queries`, and https://docs.pi-hole.net/ftldns/dns-cache: a line for the query, then one for each
answer; with `log-queries=extra`, a number and the client's address stand before both.
"""

from __future__ import annotations

import re
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator
from typing import Final

from promptguard.rollout.bypass.logs.interface import LineFormat
from promptguard.rollout.bypass.logs.syslog import Days
from promptguard.rollout.bypass.networks import parsed
from promptguard.rollout.bypass.observations import Answer, Observation, Query

_QUERY: Final = re.compile(r"\bquery\[([\w=]+)\] (\S+) from ([0-9A-Fa-f:.]+)(?:%\S+)?\s*$")
_ANSWER: Final = re.compile(r"(?<!\S)([\w./-]+(?: \w+)?) (\S+) is (\S+)\s*$")  # begins at words: else quadratic
_KINDS: Final = frozenset({"A", "AAAA", "HTTPS", "type=65"})
"""Of which a connection comes: RFC 1035 3.2.2, RFC 3596 2.1, RFC 9460 9."""
_REFUSING: Final = re.compile(r"blocked|denied|blacklisted|special domain")
_NOWHERE: Final = frozenset({"NXDOMAIN", "NODATA", "NODATA-IPv4", "NODATA-IPv6", "REFUSED", "SERVFAIL"})

MAX_WAITING: Final = 1_000
"""Names whose queries wait for an answer, which says whether they were refused; further ones count as answered."""

_MAX_QUERIES: Final = 16


class Dnsmasq(LineFormat):
    """One file's queries, those that were answered with an address or with nothing at all."""

    title = "dnsmasq or Pi-hole log"

    def __init__(self) -> None:
        self._days = Days()
        self._waiting: OrderedDict[str, deque[Query]] = OrderedDict()
        self._alias = ""
        self._canonical = ""

    def read(self, line: str) -> Iterable[Observation] | None:
        """See `LineFormat.read`."""
        if "dnsmasq" not in line:
            return None
        if match := _QUERY.search(line):
            self._alias = ""
            if match[1] not in _KINDS:
                return ()
            parsed(match[3])
            return self._asked(Query(self._days.of(line), match[3], match[2]))
        if " query[" in line:
            raise ValueError("a query without its client")
        if match := _ANSWER.search(line):
            return self._answered(match[1], match[2], match[3])
        self._alias = ""
        return ()

    def end(self) -> Iterator[Observation]:
        """See `LineFormat.end`."""
        for queries in self._waiting.values():
            yield from queries
        self._waiting.clear()

    def _asked(self, query: Query) -> Iterator[Observation]:
        queries = self._waiting.setdefault(query.host.lower(), deque())
        queries.append(query)
        if len(queries) > _MAX_QUERIES:
            yield queries.popleft()
        if len(self._waiting) > MAX_WAITING:
            yield from self._waiting.popitem(last=False)[1]

    def _answered(self, how: str, name: str, what: str) -> Iterator[Observation]:
        if _REFUSING.search(how) or what in _NOWHERE:
            self._alias = ""
            self._settled(name)
            return
        if what == "<CNAME>":
            self._alias, self._canonical = self._alias or name, ""
            return
        try:
            address = parsed(what)
        except ValueError:
            self._alias = ""
            return
        asked = self._asked_for(name)
        if address.is_unspecified:  # as good as refused
            self._settled(asked)
            return
        yield Answer(asked, what)
        if query := self._settled(asked):
            yield query

    def _asked_for(self, name: str) -> str:
        """The name that an answer's name stands for, at the end of a chain of aliases."""
        if self._alias and self._canonical in ("", name):
            self._canonical = name
            return self._alias
        self._alias = ""
        return name

    def _settled(self, name: str) -> Query | None:
        queries = self._waiting.get(name.lower())
        if not queries:
            return None
        query = queries.popleft()
        if not queries:
            del self._waiting[name.lower()]
        return query
