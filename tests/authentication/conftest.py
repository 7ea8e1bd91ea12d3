"""Real servers that know users."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# pytest's importlib mode leaves sys.path alone; the helpers beside this file are imported by name.
sys.path.insert(0, str(Path(__file__).parent))

from kdc_server import KeyDistributionCenter
from slapd_server import SlapdServer


@pytest.fixture(scope="session")
def slapd() -> Iterator[SlapdServer]:
    server = SlapdServer()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def kdc() -> Iterator[KeyDistributionCenter]:
    pytest.importorskip("gssapi", reason="gssapi is not installed: uv sync --inexact --extra kerberos")
    realm = KeyDistributionCenter(("anna", "zoe", "eve"))
    yield realm
    realm.remove()
