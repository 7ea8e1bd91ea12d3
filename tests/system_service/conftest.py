from __future__ import annotations

import sys

import pytest
from tests.system_service.stand_ins import Windows, stand_in


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Windows:
    """A machine whose service control manager and folders are stand-ins."""
    made = Windows()
    stand_in(monkeypatch, made)
    monkeypatch.delitem(sys.modules, "promptguard.system_service.windows", raising=False)
    return made
