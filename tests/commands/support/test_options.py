from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from promptguard.commands.support.options import WRONG, Group, address_of, folders
from promptguard.errors import ConfigError


@click.group(cls=Group)
def group() -> None:
    pass


@group.command()
@folders
def show(config: Path, data: Path) -> None:
    click.echo(f"{config} {data}")


@group.command()
def fail() -> None:
    raise ConfigError("policy.yaml", 3, "is wrong", "put it right")


def test_deliberate_errors_end_as_a_sentence() -> None:
    result = CliRunner().invoke(group, ["fail"])
    assert (result.exit_code, result.stdout) == (WRONG, "")
    assert result.stderr == "policy.yaml:3: is wrong\n  put it right\n"


@pytest.mark.parametrize(
    ("arguments", "environment", "shown"),
    [
        ([], {}, "config data"),
        ([], {"PROMPTGUARD_CONFIG": "a", "PROMPTGUARD_DATA": "b"}, "a b"),
        (["--config", "c", "--data", "d"], {"PROMPTGUARD_CONFIG": "a"}, "c d"),
    ],
)
def test_folders(arguments: list[str], environment: dict[str, str], shown: str) -> None:
    cleared = {"PROMPTGUARD_CONFIG": None, "PROMPTGUARD_DATA": None}
    result = CliRunner().invoke(group, ["show", *arguments], env={**cleared, **environment})
    assert result.stdout == f"{shown}\n"


@pytest.mark.parametrize(
    ("text", "address"), [(None, None), ("", None), ("127.0.0.1:1", ("127.0.0.1", 1)), ("[::1]:2", ("::1", 2))]
)
def test_addresses(text: str | None, address: tuple[str, int] | None) -> None:
    assert address_of(text, "--listen") == address


def test_what_is_no_address_is_told_with_its_option() -> None:
    with pytest.raises(click.BadParameter, match="write a host and a port") as error:
        address_of("here", "--listen")
    assert error.value.param_hint == "--listen"
