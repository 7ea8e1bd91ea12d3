"""What the proxy itself says in an answer that is under way.

mitmproxy calls nobody between two pieces of an answer. Its streams can ask to be woken: one that can be interjected
does so without a time, and is woken as soon as there is something to say.
"""

from __future__ import annotations

import asyncio
import math
from typing import Any

from mitmproxy import ctx, http
from mitmproxy.proxy import commands, events

from promptguard.wire.event_sessions import EventSession


class Interjection(commands.RequestWakeup):
    """The command of a stream that waits for something to say."""

    def __init__(self) -> None:
        super().__init__(math.inf)


class Interjections:
    """Those of one stream.

    Args:
        flow: whose answer it is.
        scope: of whom, and of which service.
    """

    def __init__(self, flow: http.HTTPFlow, scope: str, session: EventSession) -> None:
        self._flow = flow
        self._tasks: set[asyncio.Task[Any]] = set()
        self._command: Interjection | None = None
        self.scope = scope
        self.session = session

    @property
    def may_come(self) -> bool:
        """Whether the stream is one of a session, and does not wait yet."""
        return self._command is None and self.session.open and bool(self.session.endpoint)

    def wait(self) -> Interjection:
        """What the stream asks for, to be woken."""
        self._command = Interjection()
        return self._command

    def say(self, said: bytes) -> bool:
        """Have whole events said as soon as one of the service's does not stand in between; False if it cannot be."""
        handler = self._handler()
        if handler is None or not self.session.say(said):
            return False
        self._wake(handler)
        return True

    def end(self) -> None:
        """The answer has ended, or the client has left. What mitmproxy keeps for those that wait is let go."""
        self.session.open = False
        if handler := self._handler():
            self._wake(handler)

    def _handler(self) -> Any:
        return ctx.master.addons.get("proxyserver").connections.get(self._flow.client_conn.id)

    def _wake(self, handler: Any) -> None:
        command, self._command = self._command, None
        if command is not None:
            task = asyncio.get_running_loop().create_task(handler.server_event(events.Wakeup(command)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
