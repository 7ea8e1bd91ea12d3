"""Which manager of services this system has."""

from __future__ import annotations

import sys

from promptguard.system_service.elsewhere import LAUNCHD, SYSTEMD, Elsewhere
from promptguard.system_service.interface import ServiceManager


def manager_of(platform: str = sys.platform) -> ServiceManager:
    """The one that a system has.

    Args:
        platform: as `sys.platform` names it.
    """
    if platform == "win32":
        from promptguard.system_service.windows import WindowsServices

        return WindowsServices()
    return Elsewhere(LAUNCHD if platform == "darwin" else SYSTEMD)
