from __future__ import annotations

import os
from pathlib import Path

import pytest

from promptguard.errors import ConfigError
from promptguard.installation.following import write_out
from promptguard.installation.migrating import KEPT, due, keep, load_migrations, write
from promptguard.installation.shipped import files_of

OLD = "# Ours.\nconsole:\n  staff_address: https://guard.example\n"


def test_they_are_made_in_their_order() -> None:
    names = [type(each).__module__.rpartition(".")[2] for each in load_migrations()]
    assert names == sorted(names) and names[0] == "m0001_console_address"


def test_what_is_shipped_needs_nothing(tmp_path: Path) -> None:
    write_out(tmp_path / "own")
    assert due(tmp_path / "own") == []


@pytest.mark.parametrize("before", [OLD, OLD.replace("\n", "\r\n"), "\ufeff" + OLD])
def test_a_file_is_changed_once_and_kept_as_it_was(before: str, tmp_path: Path) -> None:
    path = tmp_path / "promptguard.yaml"
    path.write_bytes(before.encode("utf-8"))
    path.chmod(0o640)
    (changed,) = due(tmp_path)
    assert changed.path == "promptguard.yaml" and changed.before == before
    assert path.read_bytes().decode() == before, "to look changes nothing"
    kept = keep(tmp_path, [changed.path, "not there"])
    write(tmp_path, [changed])
    assert path.read_bytes().decode() == before.replace("staff_address", "url")
    assert path.stat().st_mode & 0o777 == 0o640
    assert kept is not None and (kept / "promptguard.yaml").read_bytes() == before.encode("utf-8")
    assert (kept / "promptguard.yaml").stat().st_mode & 0o777 == 0o640
    assert os.name != "posix" or kept.stat().st_mode & 0o077 == 0
    assert kept.parent == tmp_path / KEPT and set(files_of(tmp_path)) == {"promptguard.yaml"}
    assert due(tmp_path) == []


def test_files_that_become_what_is_shipped_need_nothing(tmp_path: Path) -> None:
    (tmp_path / "promptguard.yaml").write_text(OLD)
    assert due(tmp_path, besides={"promptguard.yaml"}) == []


def test_nothing_is_kept_of_nothing(tmp_path: Path) -> None:
    assert keep(tmp_path, ["none"]) is None and not (tmp_path / KEPT).exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("console:\n  url: https://a\n  staff_address: https://b\n", r"guard\.yaml:3: it says https://b.*https://a"),
        ("a: &x 1\nconsole: {staff_address: *x}\n", "by a program: it has anchors"),
        ("console: [\n", r"guard\.yaml:\d: this is not valid YAML"),
    ],
)
def test_what_a_person_has_to_do_is_told_with_its_place(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "promptguard.yaml").write_text(text)
    with pytest.raises(ConfigError, match=told):
        due(tmp_path)
