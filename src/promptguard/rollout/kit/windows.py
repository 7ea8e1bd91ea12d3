"""The scripts for Windows: one for the machine, one for each person."""

from __future__ import annotations

import json
from typing import Any, Literal

from promptguard.rollout.kit import agents, variables
from promptguard.rollout.kit.checking import check_powershell
from promptguard.rollout.kit.filling import filled
from promptguard.rollout.kit.interface import Rollout
from promptguard.rollout.kit.registry import registry_values
from promptguard.rollout.kit.scripts import machine_script

type WindowsAction = Literal["apply", "undo", "check"]

_TYPES = {str: "String", int: "DWord", list: "MultiString"}


def machine_powershell(rollout: Rollout, action: WindowsAction = "apply") -> bytes:
    """What an administrator or the system runs on a machine.

    Args:
        action: what it does when it is started without a parameter, as Intune does.
    """
    values = {
        "ACTION": action,
        "THUMBPRINT": rollout.thumbprint,
        "PEM": rollout.pem.rstrip(),
        "CLAUDE_CODE": agents.claude_code_settings(rollout, r"C:\ProgramData\PromptGuard\ca.pem"),
        "VALUES": json.dumps(_wanted(rollout), indent=1),
    }
    return _script("machine.ps1", values)


def user_powershell(rollout: Rollout, action: Literal["apply", "undo"] = "apply") -> bytes:
    """What each person runs, at sign-in."""
    values = {
        "ACTION": action,
        "PROXY_URL": rollout.url,
        "EDITOR": agents.editor_settings(rollout),
        "JETBRAINS": agents.jetbrains_settings(rollout).rstrip(),
        "DOCKER": agents.docker_settings(rollout),
    }
    return _script("user.ps1", values)


def windows_files(rollout: Rollout) -> dict[str, bytes]:
    """What all device managements of Windows are given."""
    return {
        "promptguard-machine.ps1": machine_powershell(rollout),
        "promptguard-machine-undo.ps1": machine_powershell(rollout, "undo"),
        "promptguard-user.ps1": user_powershell(rollout),
        "promptguard-user-undo.ps1": user_powershell(rollout, "undo"),
        "promptguard-machine.sh": machine_script(rollout, "linux"),
        "promptguard-check.ps1": check_powershell(rollout),
        "promptguard.cer": rollout.der,
    }


def _wanted(rollout: Rollout) -> list[dict[str, Any]]:
    """Registry values, and variables, whose paths the script knows."""
    wanted = [
        {"path": rf"HKLM:\{each.key}", "name": each.name, "type": _TYPES[type(each.data)], "value": each.data}
        for each in registry_values(rollout)
    ]
    named = {
        **{name: value for name, value in variables.proxy_variables(rollout).items() if name.isupper()},
        **variables.certificate_variables("%CERTIFICATE%", "%BUNDLE%"),
        "JAVA_TOOL_OPTIONS": variables.java_options(rollout),
    }
    return wanted + [{"path": "environment", "name": name, "value": value} for name, value in named.items()]


def _script(template: str, values: dict[str, str]) -> bytes:
    """With the line ends of Windows, in ASCII, which every PowerShell reads the same."""
    return filled(template, values).replace("\n", "\r\n").encode("ascii")
