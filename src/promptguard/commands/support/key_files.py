"""Files of keys: the options with which a pair is made, and writing it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from promptguard.errors import PromptGuardError


def key_pair_options(variable: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The options `--out` and `--passphrase` of a command that makes a pair; `variable` may hold the passphrase."""
    out = click.option(
        "--out",
        type=click.Path(dir_okay=False, path_type=Path),
        required=True,
        help="File for the private key; the public one gets the same name with .pub.pem.",
    )
    passphrase = click.option(
        "--passphrase",
        envvar=variable,
        prompt="Passphrase, 12 characters or more",
        hide_input=True,
        confirmation_prompt=True,
        help=f"Asked for where it is not in {variable}; on the command line other users of the machine see it.",
    )
    return lambda command: out(passphrase(command))


def write_pair(file: Path, private: bytes, public: bytes) -> Path:
    """Write a pair of keys (PEM) into new files, and say where the public one is.

    Raises:
        PromptGuardError: a file is there already.
    """
    beside = file.with_name(f"{file.name.removesuffix('.pem')}.pub.pem")
    _write_key(file, private, 0o600)
    _write_key(beside, public, 0o644)
    return beside


def _write_key(file: Path, content: bytes, mode: int) -> None:
    """Write a key into a new file.

    Raises:
        PromptGuardError: the file is there already.
    """
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        raise PromptGuardError(f"{file} is there already: name another file.") from None
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
