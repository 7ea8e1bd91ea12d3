"""Headless Chromium, driven over the Chrome DevTools Protocol (https://chromedevtools.github.io/devtools-protocol/)."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
from websockets.sync.client import ClientConnection, connect

_DEADLINE_SECONDS = 60.0
_POLL_SECONDS = 0.05

_FLAGS = (
    "--headless=new",
    "--no-sandbox",  # the tests may run as root
    "--disable-quic",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--remote-debugging-port=0",
)


def executable() -> str | None:
    """The browser on this machine, if there is one whose certificates can be set up."""
    if shutil.which("certutil") is None:
        return None
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Browser:
    """A fresh browser profile that trusts one authority and uses one proxy; a context manager.

    Args:
        proxy: its URL; or, as `pac`, that of a PAC file.
        arguments: further ones of the browser's command line.
    """

    def __init__(
        self, folder: Path, *, authority: Path, proxy: str = "", pac: str = "", arguments: Sequence[str] = ()
    ) -> None:
        self._folder = folder
        self._arguments = [f"--proxy-pac-url={pac}" if pac else f"--proxy-server={proxy}", *arguments]
        self._authority = authority
        self._profile = folder / "profile"
        self._numbers = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._page: ClientConnection | None = None

    def __enter__(self) -> Self:
        self._trust()
        binary = executable()
        if binary is None:
            raise RuntimeError("no Chromium, or no certutil, on this machine")
        command = [binary, *_FLAGS, *self._arguments, f"--user-data-dir={self._profile}", "about:blank"]
        with (self._folder / "browser.log").open("wb") as log:
            self._process = subprocess.Popen(
                command, env={**os.environ, "HOME": str(self._folder)}, stdout=log, stderr=subprocess.STDOUT
            )
        try:
            self._page = connect(self._page_address(), max_size=None, proxy=None)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._page is not None:
            self._page.close()
        self._end()

    def open(self, url: str) -> None:
        """Load a page and wait until it is complete."""
        self._call("Page.navigate", url=url)
        self.wait_for(f"location.href === {json.dumps(url)} && document.readyState === 'complete'")

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page; promises are awaited."""
        answer = self._call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"].get("exception", answer)["description"])
        return answer["result"].get("value")

    def wait_for(self, condition: str) -> None:
        """Return when a JavaScript condition holds."""
        self._until(lambda: self.evaluate(condition) is True, condition)

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        if self._page is None:
            raise RuntimeError("the browser is not running")
        number = next(self._numbers)
        self._page.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._page.recv(_DEADLINE_SECONDS))
            if message.get("id") == number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                result: dict[str, Any] = message["result"]
                return result

    def _trust(self) -> None:
        """Chromium on Linux reads authorities from the NSS database in its home folder."""
        database = self._folder / ".pki" / "nssdb"
        database.mkdir(parents=True)
        common = ["certutil", "-d", f"sql:{database}"]
        subprocess.run([*common, "-N", "--empty-password"], check=True, capture_output=True)
        add = ["-A", "-t", "C,,", "-n", "authority", "-i", str(self._authority)]
        subprocess.run([*common, *add], check=True, capture_output=True)

    def _page_address(self) -> str:
        port_file = self._profile / "DevToolsActivePort"
        self._until(lambda: port_file.exists() and "\n" in port_file.read_text(), "the browser's debugging port")
        port = port_file.read_text().partition("\n")[0]
        with httpx.Client(trust_env=False) as client:
            targets = client.get(f"http://127.0.0.1:{port}/json/list").json()
        return str(next(target["webSocketDebuggerUrl"] for target in targets if target["type"] == "page"))

    def _until(self, holds: Any, what: str) -> None:
        deadline = time.monotonic() + _DEADLINE_SECONDS
        while not holds():
            if time.monotonic() > deadline:
                log = (self._folder / "browser.log").read_text("utf-8", "replace")[-2000:]
                raise TimeoutError(f"waited in vain for: {what}\n{log}")
            time.sleep(_POLL_SECONDS)

    def _end(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
