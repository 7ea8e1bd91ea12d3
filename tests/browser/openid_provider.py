"""panva's certified oidc-provider, in a process of its own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from playwright.sync_api import Page

from promptguard.demo.proxy_process import free_port

HERE = Path(__file__).parent
MODULES = HERE.parents[1] / ".make" / "browser"


class OpenIDProvider:
    """The provider, under a name of another site than what uses it.

    Args:
        back: where the console is come back to after a sign-in, after a sign-out, and where it is told of one.
    """

    def __init__(self, *back: str) -> None:
        self._port = free_port()
        self.issuer = f"http://localhost:{self._port}"
        self._back = back or (f"{self.issuer}/none",) * 3

    def __enter__(self) -> Self:
        script = MODULES / "openid_provider.mjs"  # modules are looked for from there
        shutil.copy(HERE / script.name, script)
        command = ["node", str(script), self.issuer, str(self._port), *self._back]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        output = self._process.stdout
        assert output and "listening" in (line for line in iter(lambda: output.readline().strip(), ""))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait()


def say_who_it_is(window: Page, login: str) -> None:
    """On the provider's pages: give a login and any password, and agree."""
    window.get_by_placeholder("Enter any login").fill(login)
    window.get_by_placeholder("and password").fill("any")
    window.get_by_role("button", name="Sign-in").click()
    window.get_by_role("button", name="Continue").click()
