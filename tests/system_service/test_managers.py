from __future__ import annotations

import pytest
from tests.system_service.stand_ins import Windows

from promptguard.errors import PromptGuardError
from promptguard.system_service.managers import manager_of


@pytest.mark.parametrize(("platform", "who"), [("linux", "systemd"), ("freebsd14", "systemd"), ("darwin", "launchd")])
def test_a_system_has_its_manager(platform: str, who: str) -> None:
    with pytest.raises(PromptGuardError, match=who):
        manager_of(platform).start()


def test_windows_has_its_service_control_manager(windows: Windows) -> None:
    with pytest.raises(PromptGuardError, match="There is no service yet"):
        manager_of("win32").status()
