"""The scripts for Linux and macOS: one for the machine, one for each person."""

from __future__ import annotations

import json
from typing import Final, Literal

from promptguard.rollout.kit import agents, browsers, variables
from promptguard.rollout.kit.filling import filled
from promptguard.rollout.kit.interface import Rollout

DOCKER_FILE: Final = "/etc/promptguard/docker.env"
"""Where root may write the proxy with credentials for Docker's service: a unit's own settings anybody may read."""

type System = Literal["linux", "macos"]
type Action = Literal["apply", "undo"]


def machine_script(rollout: Rollout, system: System, action: Action = "apply") -> bytes:
    """What root runs on a machine.

    Args:
        action: what it does when it is started without a parameter, as some device managements do.
    """
    certificate = {"linux": "/etc/promptguard/ca.pem", "macos": "/Library/PromptGuard/ca.pem"}[system]
    firefox = {"policies": browsers.firefox_policies(rollout, certificate=certificate)}
    values = {
        "SYSTEM": system,
        "ACTION": action,
        "LIBRARY": filled("library.sh", {}).rstrip(),
        "PEM": rollout.pem.rstrip(),
        "THUMBPRINT": rollout.thumbprint,
        "PROXY_VARIABLES": variables.as_lines(variables.proxy_variables(rollout)),
        "CERTIFICATE_VARIABLES": variables.as_lines(variables.certificate_variables("$CERTIFICATE", "$BUNDLE")),
        "JAVA_OPTIONS": variables.java_options(rollout),
        "CHROMIUM_FOLDERS": " ".join(browsers.CHROMIUM_FOLDERS),
        "CHROMIUM": json.dumps(browsers.chromium_policies(rollout, certificate=True), indent=2),
        "FIREFOX_FILE": browsers.FIREFOX_FILE,
        "FIREFOX": json.dumps(firefox, indent=2),
        "CLAUDE_CODE": agents.claude_code_settings(rollout, certificate),
        "PROXY_URL": rollout.url,
        "NO_PROXY": rollout.no_proxy,
        "DOCKER_CREDENTIALS": f"EnvironmentFile=-{DOCKER_FILE}\n" if rollout.asks else "",
        "GIT": "yes" if rollout.git else "no",
    }
    return filled("machine.sh", values).encode("ascii")


def user_script(rollout: Rollout, system: System, action: Action = "apply") -> bytes:
    """What each person runs, at sign-in."""
    values = {
        "SYSTEM": system,
        "ACTION": action,
        "LIBRARY": filled("library.sh", {}).rstrip(),
        "PROXY_URL": rollout.url,
        "EDITOR": agents.editor_settings(rollout),
        "JETBRAINS": agents.jetbrains_settings(rollout).rstrip(),
        "DOCKER": agents.docker_settings(rollout),
    }
    return filled("user.sh", values).encode("ascii")
