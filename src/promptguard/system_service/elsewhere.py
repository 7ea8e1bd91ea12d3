"""Systems whose own manager runs what the packages bring: what is typed there instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from promptguard.errors import PromptGuardError
from promptguard.system_service.interface import ServiceManager, Status


@dataclass(frozen=True, slots=True)
class Words:
    """What one system's manager is told."""

    who: str
    commands: Mapping[str, str]
    """By what was asked for."""


SYSTEMD: Final = Words(
    "On Linux systemd runs PromptGuard: the unit promptguard.service, which the Debian package and the RPM bring.",
    {
        "install": "apt install ./promptguard_….deb && systemctl enable --now promptguard",
        "remove": "apt remove promptguard",
        "start": "systemctl start promptguard",
        "stop": "systemctl stop promptguard",
        "status": "systemctl status promptguard",
    },
)
_LABEL: Final = "system/com.promptguard.proxy"
_PLIST: Final = "/Library/LaunchDaemons/com.promptguard.proxy.plist"
LAUNCHD: Final = Words(
    f"On macOS launchd runs PromptGuard: {_PLIST}, which install.sh of the folder macos puts in place.",
    {
        "install": "sudo ./install.sh",
        "remove": "sudo ./install.sh remove",
        "start": f"sudo launchctl bootstrap system {_PLIST}",
        "stop": f"sudo launchctl bootout {_LABEL}",
        "status": f"sudo launchctl print {_LABEL}",
    },
)


class Elsewhere(ServiceManager):
    """Says what to type."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def install(self, folder: Path | None) -> Sequence[str]:
        raise self._told("install")

    def remove(self) -> None:
        raise self._told("remove")

    def start(self) -> None:
        raise self._told("start")

    def stop(self) -> None:
        raise self._told("stop")

    def status(self) -> Status:
        raise self._told("status")

    def _told(self, what: str) -> PromptGuardError:
        return PromptGuardError(f"{self._words.who}\n  {self._words.commands[what]}")
