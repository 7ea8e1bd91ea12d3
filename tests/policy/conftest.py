"""Values that the policy's tests are made of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from promptguard.policy.policy import Policy
from promptguard.policy.schema import PolicyFile
from promptguard.typed_yaml.reading import load


@pytest.fixture
def policy(tmp_path: Path) -> Callable[[str], Policy]:
    """Makes a policy of rules in YAML, with a last one that allows."""

    def make(rules: str, *, head: str = "") -> Policy:
        path = tmp_path / "policy.yaml"
        path.write_text(f"version: '1'\n{head}\nrules:\n{rules}\n- {{id: rest, action: allow, reason: The rest.}}\n")
        return Policy(load(path, PolicyFile))

    return make
