"""Renders the chart with Helm itself."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy" / "helm" / "promptguard"


@pytest.fixture(scope="session")
def helm() -> str:
    """The program: what `tools/install_helm.sh` has installed, else the machine's."""
    own = ROOT / ".make" / "helm" / "helm"
    found = str(own) if own.exists() else shutil.which("helm")
    if found is None:
        pytest.skip("no helm: `make test-chart` installs it")
    return found


Render = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="session")
def render(helm: str) -> Render:
    """`helm template` with a file of values and single ones (`a.b=c`): all objects."""
    kept: dict[tuple[str, ...], list[dict[str, Any]]] = {}

    def rendered(values: str, *single: str) -> list[dict[str, Any]]:
        key = (values, *single)
        if key not in kept:
            command = [helm, "template", "guard", CHART, "--namespace", "security", "--values", CHART / "ci" / values]
            command += [word for each in single for word in ("--set-json", each)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            kept[key] = [each for each in yaml.safe_load_all(done.stdout) if each]
        return kept[key]

    return rendered


@pytest.fixture(scope="session")
def refusal(helm: str) -> Callable[..., str]:
    """What Helm says to values that it does not take."""

    def said(values: str, *single: str) -> str:
        command = [helm, "template", "guard", CHART, "--values", CHART / "ci" / values]
        command += [word for each in single for word in ("--set-json", each)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode != 0
        return done.stderr

    return said
