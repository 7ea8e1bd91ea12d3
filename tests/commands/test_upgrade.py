from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from promptguard.cli import main
from promptguard.installation import following, migrating, presets
from promptguard.installation.following import write_out
from promptguard.installation.shipped import shipped_configuration


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the version ships that is installed now."""
    folder = tmp_path / "shipped"
    shutil.copytree(shipped_configuration(), folder)
    for module in (following, migrating, presets):
        monkeypatch.setattr(module, "shipped_configuration", lambda: folder)
    return folder


@pytest.fixture
def own(tmp_path: Path, shipped: Path) -> Path:
    write_out(tmp_path / "own")
    return tmp_path / "own"


def run(own: Path, command: str, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["upgrade", command, "--config", str(own), *arguments])


def add(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def test_nothing_has_been_shipped_since(own: Path) -> None:
    add(own / "policy.yaml", "# ours\n")
    result = run(own, "check")
    assert result.exit_code == 0
    assert "made with " in result.output and "It fits this version." in result.output
    assert "nothing has been shipped since" in run(own, "apply").output


def test_from_being_told_to_being_settled(own: Path, shipped: Path) -> None:
    add(own / "policy.yaml", "# ours\n")
    add(shipped / "policy.yaml", "# theirs\n")
    add(shipped / "never_decrypt.yaml", "# theirs\n")
    checked = run(own, "check", "--diff")
    assert checked.exit_code == 1
    assert "never_decrypt.yaml: changed in this version, not by you" in checked.output
    assert "policy.yaml: changed by you, and in this version" in checked.output
    assert "-# ours" in checked.output and "+# theirs" in checked.output
    read = json.loads(run(own, "check", "--format", "json").output)
    assert [each["path"] for each in read["files"]] == ["never_decrypt.yaml", "policy.yaml"]
    applied = run(own, "apply")
    assert "never_decrypt.yaml: replaced by what is shipped now" in applied.output
    assert (own / "never_decrypt.yaml").read_text().endswith("# theirs\n")
    assert (own / "policy.yaml").read_text().endswith("# ours\n")
    assert "policy.yaml: kept as it is here" in run(own, "apply", "--keep", "policy.yaml").output
    assert run(own, "check").exit_code == 0


def test_an_editor_that_locks_a_file_is_in_nobodys_way(own: Path, shipped: Path) -> None:
    """Emacs has a link to nowhere beside what is edited."""
    (own / ".#policy.yaml").symlink_to("anna@laptop.17")
    add(shipped / "never_decrypt.yaml", "# theirs\n")
    assert run(own, "apply").exit_code == 0
    assert (own / "never_decrypt.yaml").read_text().endswith("# theirs\n")


def test_where_there_would_be_a_mistake_nothing_is_changed(own: Path, shipped: Path) -> None:
    """Here a service is shipped now under a name that the company has given."""
    service = (own / "destinations" / "apis.yaml").read_text()
    (own / "destinations" / "ours.yaml").write_text(service.replace("openai-api", "openai-api-2"))
    (own / "destinations" / "apis.yaml").unlink()
    (shipped / "destinations" / "new.yaml").write_text((own / "destinations" / "ours.yaml").read_text())
    result = run(own, "apply")
    assert result.exit_code == 2
    assert "Nothing was changed" in result.stderr
    assert not (own / "destinations" / "new.yaml").exists()
    assert not list(own.parent.glob(".draft.*"))


def test_a_configuration_that_does_not_fit_is_told(own: Path) -> None:
    add(own / "promptguard.yaml", "lisen: 1\n")
    result = run(own, "check")
    assert result.exit_code == 1
    assert "promptguard.yaml:" in result.output and "lisen" in result.output


def test_files_of_an_older_form_are_brought_into_this_one(own: Path) -> None:
    """And what they were is kept; the check has shown how, and changed nothing."""
    settings, notices = own / "promptguard.yaml", own / "notices" / "de.yaml"
    settings.write_text("# Ours.\nconsole:\n  staff_address: https://guard.example\n")
    before = notices.read_text("utf-8")
    notices.write_text("".join(line for line in before.splitlines(True) if not line.startswith("  smaller:")), "utf-8")
    checked = run(own, "check", "--diff")
    assert (
        checked.exit_code == 1 and "Write it as `console.url`. `promptguard upgrade apply` does that." in checked.output
    )
    assert "+  url: https://guard.example" in checked.output
    assert "`console.staff_address` is `console.url` now" in checked.output
    applied = run(own, "apply")
    assert applied.exit_code == 0, applied.output
    assert settings.read_text() == "# Ours.\nconsole:\n  url: https://guard.example\n"
    kept = Path(applied.output.partition("What they were before is in ")[2].partition(".\n")[0])
    assert "staff_address" in (kept / "promptguard.yaml").read_text()
    assert "  smaller: " in notices.read_text("utf-8")
    assert run(own, "check").output.endswith("It fits this version.\n")


def test_where_a_person_has_to_choose_nothing_is_changed(own: Path) -> None:
    settings = own / "promptguard.yaml"
    settings.write_text("console:\n  url: https://a.example\n  staff_address: https://b.example\n")
    for command, status in (("check", 1), ("apply", 2)):
        told = run(own, command)
        assert told.exit_code == status
        assert f"{settings}:3: it says https://b.example, and `console.url` says https://a.example" in told.output
    assert "staff_address" in settings.read_text()
