"""Which requests and answers are under way on which connection of a client."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from mitmproxy import connection, http


class UnderWay:
    """Requests, answers, WebSockets and tunnels that have begun and not ended. A tunnel ends with its connection."""

    def __init__(self) -> None:
        self._flows: WeakKeyDictionary[connection.Client, set[str]] = WeakKeyDictionary()

    def begin(self, flow: http.HTTPFlow) -> None:
        """Something has begun."""
        self._flows.setdefault(flow.client_conn, set()).add(flow.id)

    def end(self, flow: http.HTTPFlow) -> bool:
        """Something has ended; whether it was the last thing on its connection."""
        flows = self._flows.get(flow.client_conn, set())
        flows.discard(flow.id)
        return not flows

    def on(self, client: connection.Client) -> bool:
        """Whether anything is under way on a connection."""
        return bool(self._flows.get(client))
