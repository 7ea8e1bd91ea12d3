"""The scripts that say of a laptop, by runtime, whether it is routed, trusts the CA, and what goes past the proxy."""

from __future__ import annotations

from typing import Final

from promptguard.rollout.kit.browsers import FIREFOX_FILE
from promptguard.rollout.kit.filling import filled
from promptguard.rollout.kit.interface import Rollout
from promptguard.rollout.kit.scripts import System
from promptguard.rollout.kit.variables import ADDED

_HOST: Final = "api.openai.com"
"""The AI service that is asked, unless the person who runs the script names another."""


def check_script(rollout: Rollout, system: System) -> bytes:
    """For Linux and macOS: needs the shell and curl."""
    values = {
        "SYSTEM": system,
        "HOST": _HOST,
        "PROXY_URL": rollout.url,
        "PAC": rollout.pac or "",
        "PEM": rollout.pem.rstrip(),
        "THUMBPRINT": rollout.thumbprint,
        "FIREFOX_FILE": FIREFOX_FILE,
        "CLAUDE_CODE": ADDED if rollout.asks else rollout.url,
    }
    return filled("check.sh", values).encode("utf-8")


def check_powershell(rollout: Rollout) -> bytes:
    """For Windows: needs Windows PowerShell 5.1."""
    values = {
        "HOST": _HOST,
        "PROXY_URL": rollout.url,
        "PAC": rollout.pac or "",
        "BASE64": rollout.base64,
        "THUMBPRINT": rollout.thumbprint,
    }
    return filled("check.ps1", values).replace("\n", "\r\n").encode("ascii")
