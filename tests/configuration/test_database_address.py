from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from promptguard.configuration.database_address import MAX_BYTES, database_of
from promptguard.configuration.reading_settings import read_settings
from promptguard.errors import ConfigError

PASSWORD = "Tr0ub4dor" + "3"
WRITTEN, NAMED, CREDENTIAL, VARIABLE = (f"postgresql://user:{PASSWORD}@{host}/record" for host in "abcd")


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PROMPTGUARD_DATABASE", "PROMPTGUARD_DATABASE_FILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("settings", "variables", "counts"),
    [
        ("", {}, None),
        (f"database: {WRITTEN}", {}, WRITTEN),
        ("database_file: named", {}, NAMED),
        (f"database: {WRITTEN}", {"PROMPTGUARD_DATABASE_FILE": "credential"}, CREDENTIAL),
        ("database_file: named", {"PROMPTGUARD_DATABASE_FILE": "credential"}, CREDENTIAL),
        (None, {"PROMPTGUARD_DATABASE_FILE": "credential"}, CREDENTIAL),
        ("", {"PROMPTGUARD_DATABASE_FILE": "credential", "PROMPTGUARD_DATABASE": VARIABLE}, VARIABLE),
        ("database_file: named", {"PROMPTGUARD_DATABASE": VARIABLE}, VARIABLE),
        ("database_file: named", {"PROMPTGUARD_DATABASE": "", "PROMPTGUARD_DATABASE_FILE": ""}, NAMED),
    ],
)
def test_the_address_is_that_of_the_place_that_goes_before_the_others(
    settings: str | None,
    variables: Mapping[str, str],
    counts: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if settings is not None:
        (tmp_path / "promptguard.yaml").write_text(settings)
    (tmp_path / "named").write_text(f"\ufeff{NAMED}\r\n", "utf-8")
    (tmp_path / "credential").write_text(CREDENTIAL)
    for name, value in variables.items():
        monkeypatch.setenv(name, str(tmp_path / value) if value == "credential" else value)
    address = read_settings(tmp_path).database
    assert (address and address.get_secret_value()) == counts


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "cannot be read: No such file"),
        (f"user:{PASSWORD}@db", "no address of a PostgreSQL database"),
        ("", "no address of a PostgreSQL database"),
        (f"{NAMED}\n{NAMED}\n", "more than the one line"),
        (NAMED + " " * MAX_BYTES, "more than the one line"),
        (b"\xff\xfe\x00", "not UTF-8"),
    ],
)
def test_a_file_with_no_address_is_named_and_not_quoted(content: str | bytes | None, told: str, tmp_path: Path) -> None:
    path = tmp_path / "address"
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(ConfigError, match=told) as raised:
        database_of(None, path, {})
    assert str(path) in str(raised.value) and PASSWORD not in str(raised.value)


def test_one_place_of_the_settings_holds_it(tmp_path: Path) -> None:
    (tmp_path / "promptguard.yaml").write_text(f"database: {WRITTEN}\ndatabase_file: named\n")
    with pytest.raises(ConfigError, match="there is a `database` too"):
        read_settings(tmp_path)
