"""`promptguard run` as it is, with an ear before it that writes down what clients send: `tap.py FILE run …`.

mitmproxy calls addons in the order in which they were added; the ear is added before PromptGuard's master adds any.
"""

from __future__ import annotations

import base64
import json
import sys
import time
from pathlib import Path
from typing import Any

from mitmproxy import http
from mitmproxy.master import Master

from promptguard.cli import main


class Tap:
    """Appends a line of JSON for every request and every WebSocket message of a client."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def request(self, flow: http.HTTPFlow) -> None:
        if flow.request.raw_content is not None and flow.request.headers.get("upgrade", "").lower() != "websocket":
            self._write(flow, flow.request.method, flow.request.raw_content)

    def websocket_message(self, flow: http.HTTPFlow) -> None:
        message = flow.websocket.messages[-1] if flow.websocket else None
        if message is not None and message.from_client and not message.injected:
            self._write(flow, "WEBSOCKET", message.content)

    def _write(self, flow: http.HTTPFlow, method: str, body: bytes) -> None:
        record = {
            "time": time.time(),
            "method": method,
            "host": flow.request.pretty_host,
            "target": flow.request.path,
            "body": base64.b64encode(body).decode(),
        }
        with self._file.open("a") as lines:
            lines.write(json.dumps(record) + "\n")


def tap(file: Path) -> None:
    """Add the ear to every master that is made from now on."""
    make = Master.__init__

    def make_tapped(master: Master, *arguments: Any, **options: Any) -> None:
        make(master, *arguments, **options)
        master.addons.add(Tap(file))

    Master.__init__ = make_tapped  # type: ignore[method-assign]


if __name__ == "__main__":
    tap(Path(sys.argv.pop(1)))
    main()
