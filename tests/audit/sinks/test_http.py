"""What stands in the settings of sinks that speak HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from promptguard.audit.sinks.http import HttpConnection, HttpSinkSettings
from promptguard.audit.sinks.interface import SinkFailed


@pytest.mark.parametrize(
    "url",
    [
        "siem.example.com:8088",
        "ftp://siem.example.com",
        "https://",
        "https://user:word@siem.example.com",
        "https://s/?k=1",
    ],
)
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(ValidationError):
        HttpSinkSettings(kind="x", url=url)


def test_one_place_for_the_token(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="token_file"):
        HttpSinkSettings(kind="x", url="https://s", token_file=tmp_path / "token", token_env="TOKEN")


@pytest.mark.parametrize("content", [None, b"", b" \n", b"two\nlines", b"\xff"])
def test_a_file_without_a_token(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "token").write_bytes(content)
    connection = HttpConnection(HttpSinkSettings(kind="x", url="https://s", token_file=tmp_path / "token"))
    with pytest.raises(SinkFailed, match="there is no token"):
        connection.token()
