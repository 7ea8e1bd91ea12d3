from __future__ import annotations

from pathlib import Path

import bcrypt
import pytest

from promptguard.configuration.htpasswd import read_htpasswd
from promptguard.errors import ConfigError

DIGEST = bcrypt.hashpw(b"x", b"$2b$04$" + b"." * 22).decode()
"""With the same salt each time: tests are named after it."""
SHA = "{SHA}" + "A" * 27 + "="


def test_users_and_hashes(tmp_path: Path) -> None:
    file = tmp_path / "users"
    file.write_text(f"# ours\n\nada:{DIGEST}\n bob:{SHA}:remark\n")
    assert read_htpasswd(file) == {"ada": DIGEST, "bob": SHA}


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        (f"ada:{DIGEST}\nbob\n", 2, "there is no user with a hash"),
        (f":{DIGEST}\n", 1, "there is no user with a hash"),
        ("ada:$apr1$abc$secret\n", 1, "the hash of ‘ada’ is neither bcrypt nor SHA-1"),
        (f"ada:{DIGEST[:-1]}\n", 1, "the hash of ‘ada’ is neither"),
        (f"ada:{DIGEST}\nada:{SHA}\n", 2, "‘ada’ stands above already"),
    ],
)
def test_mistakes(tmp_path: Path, text: str, line: int, part: str) -> None:
    file = tmp_path / "users"
    file.write_text(text)
    with pytest.raises(ConfigError, match=part) as raised:
        read_htpasswd(file)
    assert raised.value.line == line
    assert "secret" not in str(raised.value) and DIGEST[:-1] not in str(raised.value)


def test_what_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / "users"
    file.write_bytes(b"ada:\xff")
    with pytest.raises(ConfigError, match="no text in UTF-8"):
        read_htpasswd(file)
