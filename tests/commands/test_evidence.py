from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from promptguard.cli import main
from promptguard.commands.evidence import shown
from promptguard.evidence.excerpts import Excerpt
from promptguard.evidence.keys import load_public
from promptguard.evidence.sealing import EvidenceSealer

PASSPHRASE = "correct horse battery"


def run(*arguments: str | Path, typed: str = "", passphrase: str = PASSPHRASE) -> Result:
    environment = {"PROMPTGUARD_EVIDENCE_PASSPHRASE": passphrase} if passphrase else {}
    return CliRunner().invoke(main, ["evidence", *map(str, arguments)], input=typed, env=environment)


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    """A released file, and the pair of keys beside it."""
    assert run("keygen", "--out", tmp_path / "key.pem").exit_code == 0
    sealer = EvidenceSealer([load_public(tmp_path / "key.pub.pem")], "0a1b2c3d4e5f")
    (tmp_path / "released.json").write_bytes(
        sealer.seal("pg-1", [Excerpt(0, "the code \x1b[31m", "ALPHA", " is it"), Excerpt(4, "", "B", "", 7)], 3)
    )
    return tmp_path / "released.json"


def test_what_was_released_is_opened_with_key_and_passphrase(sealed: Path) -> None:
    result = run("open", sealed, "--key", sealed.with_name("key.pem"), passphrase="", typed=f"{PASSPHRASE}\n")
    assert result.exit_code == 0
    assert "Decision pg-1 of installation 0a1b2c3d4e5f" in result.output
    assert "the code \\x1b[31m⟦ALPHA⟧ is it" in result.output
    assert "⟦B⟧ … and 7 bytes more" in result.output
    assert "3 further findings" in result.output


@pytest.mark.parametrize(
    ("spoil", "passphrase", "said"),
    [
        (lambda file: None, "wrong horse battery", "passphrase is wrong"),
        (lambda file: file.write_bytes(file.read_bytes().replace(b"pg-1", b"pg-2")), PASSPHRASE, "another decision"),
        (lambda file: file.write_bytes(b"{}"), PASSPHRASE, "no evidence"),
        (lambda file: file.with_name("key.pem").write_bytes(b"none"), PASSPHRASE, "no private key"),
    ],
)
def test_what_does_not_open_is_said_and_nothing_shown(sealed: Path, spoil, passphrase: str, said: str) -> None:
    spoil(sealed)
    result = run("open", sealed, "--key", sealed.with_name("key.pem"), passphrase=passphrase)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_a_pair_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    made = run("keygen", "--out", tmp_path / "key.pem")
    assert "never in config/ or data/" in made.output
    assert (tmp_path / "key.pem").stat().st_mode & 0o777 == 0o600
    before = (tmp_path / "key.pem").read_bytes()
    again = run("keygen", "--out", tmp_path / "key.pem")
    assert (again.exit_code, "there already" in again.stderr) == (2, True)
    assert (tmp_path / "key.pem").read_bytes() == before
    assert run("keygen", "--out", tmp_path / "short.pem", passphrase="short").exit_code == 2
    assert not (tmp_path / "short.pem").exists()


@pytest.mark.parametrize(
    ("text", "expected"), [("aż😀 b", "aż😀 b"), ("\x1b]0;x\x07", "\\x1b]0;x\\x07"), ("\u202e", "\\u202e")]
)
def test_a_terminal_is_shown_nothing_that_steers_it(text: str, expected: str) -> None:
    assert shown(text) == expected
