from __future__ import annotations

import os
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.system_service.stand_ins import ADMINISTRATORS, SOMEBODY, SYSTEM, Windows

from promptguard.errors import PromptGuardError
from promptguard.system_service.windows_access import CHANGE, READ, descriptor, protect, refuse_others, service_sid


def test_the_account_of_a_service_follows_from_its_name() -> None:
    """That of TrustedInstaller is the same on every Windows, and well known."""
    sid = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
    assert service_sid("TrustedInstaller") == service_sid("trustedinstaller") == sid


def test_nobody_else_may_read() -> None:
    told = descriptor("S-1-5-80-1", READ)
    assert told.startswith("O:BAG:BAD:PAI("), "administrators own it, and nothing is inherited"
    assert [each.split(";")[2:6:3] for each in told.partition("(")[2].split("(")] == [
        ["FA", "SY)"],
        ["FA", "BA)"],
        [READ, "S-1-5-80-1)"],
    ]
    write, permissions = 0x2, 0xC0000  # FILE_WRITE_DATA; WRITE_DAC and WRITE_OWNER
    assert not int(READ, 16) & write and int(CHANGE, 16) & write
    assert not int(CHANGE, 16) & permissions


@pytest.mark.parametrize(("owner", "taken"), [(SYSTEM, True), (ADMINISTRATORS, True), (SOMEBODY, False), (None, True)])
def test_a_folder_that_somebody_else_has_made_is_not_taken(
    owner: str | None, taken: bool, windows: Windows, tmp_path: Path
) -> None:
    folder = tmp_path / "service"
    if owner is not None:
        folder.mkdir()
        windows.owners[str(folder)] = owner
    if taken:
        refuse_others(folder)
    else:
        with pytest.raises(PromptGuardError, match="somebody else"):
            refuse_others(folder)


def test_a_folder_that_leads_elsewhere_is_not_taken(
    windows: Windows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows.owners[str(tmp_path)] = ADMINISTRATORS
    junction = SimpleNamespace(st_file_attributes=stat.FILE_ATTRIBUTE_REPARSE_POINT, st_mode=os.lstat(tmp_path).st_mode)
    monkeypatch.setattr(Path, "lstat", lambda self: junction)
    with pytest.raises(PromptGuardError, match="leads elsewhere"):
        refuse_others(tmp_path)


def test_a_folder_is_made_for_one_account(windows: Windows, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    protect(folder, "S-1-5-80-1", CHANGE)
    assert windows.owners[str(folder)] == ADMINISTRATORS
    assert windows.access[str(folder)].endswith(f"(A;OICI;{CHANGE};;;S-1-5-80-1)")
