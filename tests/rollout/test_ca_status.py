from __future__ import annotations

from pathlib import Path

from promptguard.model import Destination, Kind, Route, Status
from promptguard.rollout.ca import finish, make_ca, rotate
from promptguard.rollout.ca_status import status_of
from promptguard.runtime.data_folder import DataFolder

SERVICES = [
    Destination("s", "s", ("a.example", "*.b.example"), Kind.API, Status.APPROVED, (Route("/", "openai_chat"),))
]


def told(folder: DataFolder) -> str:
    return "\n".join(status_of(folder, SERVICES).lines())


def test_what_is_so_is_told(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    make_ca(folder)
    first = status_of(folder, SERVICES)
    assert first.ok and "every name" in told(folder) and "overlap" not in told(folder)
    rotate(folder, ["a.example", "b.example"])
    assert status_of(folder, SERVICES).ok
    assert "2 names and all below them" in told(folder)
    assert f"laptops that trust {first.subject} alone reach AI services too" in told(folder)
    finish(folder)
    assert "overlap" not in told(folder)
    rotate(folder, ["a.example"])
    assert not status_of(folder, SERVICES).ok
    assert "may not sign  *.b.example: clients refuse" in told(folder)
