"""What the scripts for Windows hold. There is no Windows here: their structure is held in test_targets.py."""

from __future__ import annotations

import json
import re

import pytest
from kit_support.powershell import mistake_in

from promptguard.rollout.kit import Rollout
from promptguard.rollout.kit.windows import machine_powershell, user_powershell, windows_files


def here_string(script: str, variable: str) -> str:
    found = re.search(rf"\${variable} = @'\r\n(.*?)\r\n'@", script, re.DOTALL)
    assert found
    return found[1]


def test_a_machine_has_values_and_variables(rollout: Rollout) -> None:
    script = machine_powershell(rollout).decode("ascii")
    wanted = {(each["path"], each["name"]): each for each in json.loads(here_string(script, "Wanted"))}
    chrome = r"HKLM:\Software\Policies\Google\Chrome"
    assert wanted[chrome, "QuicAllowed"] == {"path": chrome, "name": "QuicAllowed", "type": "DWord", "value": 0}
    assert wanted["environment", "HTTPS_PROXY"]["value"] == rollout.url
    assert wanted["environment", "SSL_CERT_FILE"]["value"] == "%BUNDLE%"
    assert {name.upper() for path, name in wanted if path == "environment"} == {
        name for path, name in wanted if path == "environment"
    }
    assert here_string(script, "Pem").replace("\r", "") == rollout.pem.strip()
    assert json.loads(here_string(script, "ClaudeCodeSettings"))["env"]["HTTPS_PROXY"] == rollout.url


@pytest.mark.parametrize(
    ("function", "first"),
    [("Invoke-Apply", ["Test-Place", "Protect-Place", "$made = Read-Memory"]), ("Invoke-Undo", ["Test-Place"])],
)
def test_a_folder_that_others_may_have_made_is_looked_at_before_anything_in_it(
    rollout: Rollout, function: str, first: list[str]
) -> None:
    script = machine_powershell(rollout).decode("ascii")
    _, _, body = script.partition(f"function {function} {{\r\n")
    assert [line.strip() for line in body.splitlines()[: len(first)]] == first


def test_a_person_has_editors(rollout: Rollout) -> None:
    script = user_powershell(rollout).decode("ascii")
    assert json.loads("{" + here_string(script, "EditorLines") + '"x": 1}')["http.proxy"] == rollout.url
    assert rollout.pac and rollout.pac in here_string(script, "JetBrains")


def test_scripts_that_take_no_parameter_know_what_to_do(rollout: Rollout) -> None:
    assert b"$Action = 'undo'" in windows_files(rollout)["promptguard-machine-undo.ps1"]
    assert b"$Action = 'check'" in machine_powershell(rollout, "check")


@pytest.mark.parametrize("script", [machine_powershell, user_powershell])
def test_every_function_that_is_called_is_defined_or_a_cmdlet_of_windows(rollout: Rollout, script: object) -> None:
    text = (machine_powershell if script is machine_powershell else user_powershell)(rollout).decode("ascii")
    code = re.sub(r"@'\r\n.*?\r\n'@|^\s*#[^\r\n]*|'[^'\r\n]*'", "''", text, flags=re.DOTALL | re.MULTILINE)
    defined = set(re.findall(r"^function ([\w-]+)", text, re.MULTILINE))
    cmdlets = {
        "ConvertFrom-Json", "ConvertTo-Json", "ForEach-Object", "Get-ChildItem", "Get-Command", "Get-Content",
        "Get-Acl", "Get-Item",
        "Join-Path", "New-Item", "New-ItemProperty", "New-Object", "Out-Null", "Pop-Location", "Push-Location",
        "Remove-Item", "Remove-ItemProperty", "Set-Acl", "Sort-Object", "Split-Path", "Test-Path", "Where-Object",
    }  # fmt: skip
    called = set(re.findall(r"(?<![\w$:.-])([A-Z]\w+-[A-Z]\w+)", code))
    assert called - cmdlets - defined == set()
    assert defined - {"Complain"} <= called


@pytest.mark.parametrize(
    ("script", "at"),
    [
        ("if (1) {\r\n}\r\n", ""),
        ("'it''s' # don't\r\n", ""),
        ("@'\r\n{ '\r\n'@\r\n", ""),
        ("if (1) {\r\n", "line 1"),
        ("\r\n'open\r\n", "line"),
        ("(]\r\n", "line 1"),
        ("Get-Contents a\r\n", "line 1: no command is called Get-Contents"),
        ("a\nb", "a line end without a carriage return"),
    ],
)
def test_the_look_at_structure_sees_what_is_open(script: str, at: str) -> None:
    assert mistake_in(script).startswith(at) and bool(mistake_in(script)) is bool(at)
