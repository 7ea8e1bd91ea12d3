from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from promptguard.configuration.bundle import load_bundle
from promptguard.errors import ConfigError
from promptguard.evidence.keys import encrypted_pem, public_pem

SHIPPED = Path(__file__).parents[2] / "config"
KEY = X25519PrivateKey.generate()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    shutil.copytree(SHIPPED, folder)
    (folder / "evidence.pem").write_bytes(public_pem(KEY.public_key()))
    return folder


def test_evidence_is_off_by_default() -> None:
    assert not load_bundle(SHIPPED).settings.evidence.enabled


@pytest.mark.parametrize("keys", ["evidence.pem", "[evidence.pem, evidence.pem]"])
def test_keys_start_at_the_folder(folder: Path, keys: str) -> None:
    (folder / "promptguard.yaml").write_text(f"evidence: {{public_keys: {keys}}}\n")
    evidence = load_bundle(folder).settings.evidence
    assert set(evidence.public_keys) == {(folder / "evidence.pem").absolute()}
    assert evidence.enabled


@pytest.mark.parametrize(
    ("settings", "line", "said"),
    [
        ("\n  public_keys: none.pem", 2, "cannot be read"),
        ("\n  public_keys: policy.yaml", 2, "no public key in PEM"),
        ("\n  public_keys: ../private.pem", 2, "never comes to where a proxy is"),
        ("\n  public_keys: evidence.pem\n  actions: [block, allow]", 3, "of what is allowed no evidence is kept"),
        ("\n  public_keys: evidence.pem\n  window_bytes: 500", 3, "75"),
        ("\n  public_keys: evidence.pem\n  classes: secrets", 3, "secrets"),
    ],
)
def test_mistakes_are_explained_with_their_line(folder: Path, settings: str, line: int, said: str) -> None:
    (folder.parent / "private.pem").write_bytes(encrypted_pem(KEY, "correct horse battery"))
    (folder / "promptguard.yaml").write_text(f"evidence:{settings}\n")
    with pytest.raises(ConfigError, match=said) as raised:
        load_bundle(folder)
    assert raised.value.line == line
