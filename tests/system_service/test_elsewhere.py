from __future__ import annotations

import plistlib
from pathlib import Path

import pytest

from promptguard.errors import PromptGuardError
from promptguard.system_service.elsewhere import LAUNCHD, SYSTEMD, Elsewhere, Words

PACKAGES = Path(__file__).parents[2] / "tools" / "packages"


@pytest.mark.parametrize("words", [SYSTEMD, LAUNCHD], ids=["systemd", "launchd"])
@pytest.mark.parametrize("what", ["install", "remove", "start", "stop", "status"])
def test_what_is_typed_there_is_said(what: str, words: Words) -> None:
    arguments = [None] if what == "install" else []
    with pytest.raises(PromptGuardError) as raised:
        getattr(Elsewhere(words), what)(*arguments)
    assert str(raised.value) == f"{words.who}\n  {words.commands[what]}"


def test_the_names_are_those_of_the_packages() -> None:
    assert (PACKAGES / "promptguard.service").exists() and "promptguard.service" in SYSTEMD.who
    label = plistlib.loads((PACKAGES / "macos" / "com.promptguard.proxy.plist").read_bytes())["Label"]
    assert LAUNCHD.commands["status"].endswith(f"system/{label}")
