"""What reached the provider."""

from __future__ import annotations

from promptguard.demo.application import Received
from promptguard.demo.provider import Provider


class Watch:
    """What a provider received since the watch began."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._start = len(provider.received)

    @property
    def requests(self) -> list[Received]:
        """The requests in the order of arrival."""
        return self._provider.received[self._start :]

    def to(self, host: str) -> list[Received]:
        """The requests to one host: a browser makes others of its own."""
        return [request for request in self.requests if request.host == host]

    @property
    def one(self) -> Received:
        """The only request."""
        assert len(self.requests) == 1, [f"{request.method} {request.path}" for request in self.requests]
        return self.requests[0]
