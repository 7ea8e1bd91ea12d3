"""The scripts, run for real by the system's shell in a folder that stands for a machine."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from promptguard.rollout.kit import Rollout
from promptguard.rollout.kit.scripts import Action, System, machine_script, user_script

pytestmark = pytest.mark.skipif(os.name != "posix", reason="runs the shell")

PUBLIC = "-----BEGIN CERTIFICATE-----\npublic\n-----END CERTIFICATE-----"
type Maker = Callable[[Rollout, System], bytes]
SETTINGS = ".config/Code/User/settings.json"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A Debian in outline, with a git configuration that ends without a line end."""
    root = tmp_path / "root"
    for name in ("etc/ssl/certs", "usr/local/share/ca-certificates", "etc/firefox"):
        (root / name).mkdir(parents=True)
    (root / "etc/ssl/certs/ca-certificates.crt").write_text(PUBLIC)
    (root / "etc/gitconfig").write_text("[core]\n\tpager = less")
    (root / "etc/profile").write_text("umask 022\n")
    return root


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    for name in (".config/Code/User", ".config/Cursor", ".config/JetBrains/PyCharm2026.1", ".docker"):
        (home / name).mkdir(parents=True)
    (home / SETTINGS).write_text('{"editor.fontSize": 12,\n  // mine\n  "a": {"b": 1}}')
    return home


def run(script: bytes, *arguments: str, **variables: object) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "AS_ROOT": "yes"} | {name: str(v) for name, v in variables.items()}
    command = ["sh", "-s", "--", *arguments]
    return subprocess.run(command, input=script.decode(), env=environment, capture_output=True, text=True, check=False)


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize("system", ["linux", "macos"])
def test_undo_leaves_a_machine_as_it_was_and_a_second_run_changes_nothing(
    machine: Path, rollout: Rollout, system: System
) -> None:
    before = contents(machine)
    script = machine_script(rollout, system)
    for _ in range(2):
        done = run(script, "apply", ROOT=machine)
        assert (done.returncode, done.stderr) == (0, "")
        now = contents(machine)
    assert run(script, ROOT=machine).returncode == 0 and contents(machine) == now != before
    assert run(script, "undo", ROOT=machine).returncode == 0
    assert contents(machine) == before


def test_docker_has_credentials_from_a_file_of_roots_where_the_proxy_asks(machine: Path, rollout: Rollout) -> None:
    """The settings of a unit anybody may read. What root has put into the file stays on `undo`."""
    unit = machine / "etc/systemd/system/docker.service.d/promptguard.conf"
    run(machine_script(rollout, "linux"), ROOT=machine)
    assert "EnvironmentFile" not in unit.read_text()
    script = machine_script(dataclasses.replace(rollout, asks=True), "linux")
    run(script, ROOT=machine)
    assert unit.read_text().endswith("\nEnvironmentFile=-/etc/promptguard/docker.env\n")
    profile = (machine / "etc/profile.d/promptguard.sh").read_text()
    assert "JAVA_TOOL_OPTIONS='-Djdk.http.auth.tunneling.disabledSchemes= -Dhttps" in profile
    file = machine / "etc/promptguard/docker.env"
    file.write_text("HTTPS_PROXY=http://user:secret@proxy")
    assert run(script, "undo", ROOT=machine).returncode == 0
    assert file.exists() and not unit.exists()


def test_what_a_linux_machine_holds_then(machine: Path, rollout: Rollout) -> None:
    run(machine_script(rollout, "linux"), ROOT=machine)
    assert (machine / "usr/local/share/ca-certificates/promptguard.crt").read_text() == rollout.pem
    bundle = (machine / "etc/promptguard/bundle.pem").read_text()
    assert PUBLIC in bundle and rollout.pem in bundle
    show = 'printf "%s\\n" "$HTTPS_PROXY" "$SSL_CERT_FILE" "$NODE_EXTRA_CA_CERTS" "$JAVA_TOOL_OPTIONS"'
    seen = run(f". {machine}/etc/profile.d/promptguard.sh; {show}".encode()).stdout.splitlines()
    assert seen[:3] == [rollout.url, "/etc/promptguard/bundle.pem", "/etc/promptguard/ca.pem"]
    assert "-Dhttps.proxyPort=8080" in seen[3]
    chromium = json.loads((machine / "etc/opt/chrome/policies/managed/promptguard.json").read_text())
    assert chromium["CACertificates"] == [rollout.base64]
    firefox = json.loads((machine / "etc/firefox/policies/policies.json").read_text())
    assert firefox["policies"]["Certificates"]["Install"] == ["/etc/promptguard/ca.pem"]
    claude = json.loads((machine / "etc/claude-code/managed-settings.d/60-promptguard.json").read_text())
    assert claude["env"]["HTTPS_PROXY"] == rollout.url
    git = ["git", "config", "--file", str(machine / "etc/gitconfig")]
    said = [subprocess.run([*git, name], capture_output=True, text=True, check=True).stdout.strip()
            for name in ("http.proxy", "core.pager")]  # fmt: skip
    assert said == [rollout.url, "less"]


def test_a_system_list_that_holds_the_ca_is_used_as_it_is(machine: Path, rollout: Rollout) -> None:
    (machine / "etc/ssl/certs/ca-certificates.crt").write_text(f"{PUBLIC}\n{rollout.pem}")
    (machine / "etc/ssl/certs/java").mkdir()
    (machine / "etc/ssl/certs/java/cacerts").write_bytes(b"store")
    run(machine_script(rollout, "linux"), ROOT=machine)
    variables = (machine / "etc/environment.d/60-promptguard.conf").read_text()
    assert "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt\n" in variables
    assert variables.endswith(" -Djavax.net.ssl.trustStore=/etc/ssl/certs/java/cacerts\n")
    assert not (machine / "etc/promptguard/bundle.pem").exists()


def test_without_a_system_list_no_variable_names_our_ca_alone(machine: Path, rollout: Rollout) -> None:
    (machine / "etc/ssl/certs/ca-certificates.crt").unlink()
    done = run(machine_script(rollout, "linux"), ROOT=machine)
    assert done.returncode == 1 and "install the package ca-certificates" in done.stderr
    variables = (machine / "etc/environment.d/60-promptguard.conf").read_text()
    assert "HTTPS_PROXY=" in variables and "SSL_CERT_FILE" not in variables


def test_files_of_others_are_left_alone_and_named(machine: Path, rollout: Rollout) -> None:
    theirs = machine / "etc/firefox/policies/policies.json"
    theirs.parent.mkdir()
    theirs.write_text('{"policies": {}}')
    before = contents(machine)
    done = run(machine_script(rollout, "linux"), ROOT=machine)
    assert done.returncode == 1 and f"{theirs} is there already" in done.stderr
    assert theirs.read_text() == '{"policies": {}}'
    run(machine_script(rollout, "linux"), "undo", ROOT=machine)
    assert contents(machine) == before


def test_what_others_changed_since_survives(machine: Path, rollout: Rollout) -> None:
    script = machine_script(rollout, "linux")
    run(script, ROOT=machine)
    git, own = machine / "etc/gitconfig", machine / "etc/environment.d/60-promptguard.conf"
    git.write_text(git.read_text() + "[user]\n\tname = x\n")
    run(script, ROOT=machine)
    own.write_text("mine")
    done = run(script, "undo", ROOT=machine)
    assert git.read_text() == "[core]\n\tpager = less\n[user]\n\tname = x\n"
    assert own.read_text() == "mine" and f"{own} was changed since" in done.stderr and done.returncode == 1


@pytest.mark.parametrize("again", [False, True])
def test_without_the_last_of_our_lines_nothing_of_others_goes(machine: Path, rollout: Rollout, again: bool) -> None:
    script = machine_script(rollout, "linux")
    run(script, ROOT=machine)
    git = machine / "etc/gitconfig"
    git.write_text(git.read_text().replace("# PromptGuard: end.\n", "") + "[user]\n\tname = x\n")
    if again:
        run(script, ROOT=machine)
    done = run(script, "undo", ROOT=machine)
    assert git.read_text().startswith("[core]\n\tpager = less") and git.read_text().endswith("[user]\n\tname = x\n")
    assert done.returncode == 1 and f"{git} does not say where our lines end" in done.stderr


def test_shells_of_all_read_what_root_alone_may_write(machine: Path, rollout: Rollout) -> None:
    """Homebrew on Intel gives /usr/local/etc to one person."""
    run(machine_script(rollout, "macos"), ROOT=machine)
    assert " . /Library/PromptGuard/environment.sh" in (machine / "etc/zshenv").read_text()
    assert list((machine / "usr/local").rglob("*.sh")) == []


def test_a_newer_kit_puts_back_what_it_does_not_say_any_more(machine: Path, rollout: Rollout) -> None:
    run(machine_script(rollout, "linux"), ROOT=machine)
    before = (machine / "etc/gitconfig").read_bytes()
    assert b"proxy" in before
    run(machine_script(dataclasses.replace(rollout, git=False), "linux"), ROOT=machine)
    assert (machine / "etc/gitconfig").read_text() == "[core]\n\tpager = less"


@pytest.mark.parametrize(
    ("action", "arguments", "said"),
    [
        ("apply", ["/", "mac", "anna", "undo"], "Nothing was put in place"),
        ("undo", ["/", "mac", "anna"], "Nothing was put in place"),
        ("undo", [], "Nothing was put in place"),
        ("apply", ["install"], "Say 'apply' or 'undo'"),
    ],
)
def test_parameters(machine: Path, rollout: Rollout, action: Action, arguments: list[str], said: str) -> None:
    """Jamf Pro gives three of its own first."""
    done = run(machine_script(rollout, "macos", action), *arguments, ROOT=machine)
    assert said in done.stdout + done.stderr


@pytest.mark.parametrize("maker", [machine_script, user_script])
def test_a_person_at_a_terminal_is_asked_for_a_word(tmp_path: Path, rollout: Rollout, maker: Maker) -> None:
    """Device managements have no terminal: there, no word means `apply`."""
    script = tmp_path / "script.sh"
    script.write_bytes(maker(rollout, "linux"))
    ours, theirs = os.openpty()
    try:
        environment = {"PATH": os.environ["PATH"], "AS_ROOT": "yes", "HOME": str(tmp_path), "ROOT": str(tmp_path)}
        done = subprocess.run(
            ["sh", script], stdin=theirs, env=environment, capture_output=True, text=True, check=False
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.returncode == 2 and "Say 'apply' or 'undo'" in done.stderr
    assert list(tmp_path.iterdir()) == [script]


def jsonc(text: str) -> Any:
    lines = [line for line in text.splitlines() if not line.strip().startswith("//")]
    return json.loads("\n".join(lines).replace(",\n}", "\n}"))


def test_a_person_has_editors_and_docker_set_and_put_back(home: Path, rollout: Rollout) -> None:
    before = contents(home)
    script = user_script(rollout, "linux")
    for _ in range(2):
        assert run(script, HOME=home).returncode == 0
        settings = jsonc((home / SETTINGS).read_text())
        assert settings["http.proxy"] == rollout.url
        assert settings["editor.fontSize"] == 12 and settings["a"] == {"b": 1}
        assert jsonc((home / ".config/Cursor/User/settings.json").read_text())["http.proxy"] == rollout.url
    assert (
        rollout.pac and rollout.pac in (home / ".config/JetBrains/PyCharm2026.1/options/proxy.settings.xml").read_text()
    )
    assert "proxies" in json.loads((home / ".docker/config.json").read_text())
    assert run(script, "undo", HOME=home).returncode == 0
    assert contents(home) == before


@pytest.mark.parametrize("text", ["", "{}", "// mine {\n{\n}\n", '{"a": 1}', '\n{ "a": [1, 2],\n}'])
def test_settings_are_valid_with_our_lines_and_the_same_without(home: Path, rollout: Rollout, text: str) -> None:
    (home / SETTINGS).write_text(text)
    for _ in range(2):
        assert run(user_script(rollout, "linux"), HOME=home).returncode == 0
        assert jsonc((home / SETTINGS).read_text())["http.proxy"] == rollout.url
    run(user_script(rollout, "linux"), "undo", HOME=home)
    assert (home / SETTINGS).read_text() == text


def test_copies_of_settings_are_the_persons_own(home: Path, rollout: Rollout) -> None:
    (home / SETTINGS).chmod(0o600)
    run(user_script(rollout, "linux"), HOME=home)
    copies = [path for path in (home / ".local/state").rglob("*") if path.is_file()]
    assert copies and not any(path.stat().st_mode & 0o077 for path in copies if path.name == "settings.json")


def test_an_editor_with_a_proxy_of_its_own_is_left_alone(home: Path, rollout: Rollout) -> None:
    (home / SETTINGS).write_text('{"http.proxy": "http://other.example:1"}')
    done = run(user_script(rollout, "linux"), HOME=home)
    assert done.returncode == 1 and "names a proxy already" in done.stderr
    assert (home / SETTINGS).read_text() == '{"http.proxy": "http://other.example:1"}'
