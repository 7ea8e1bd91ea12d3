"""What all commands have in common: exit statuses, the two folders, and how deliberate errors end.

Exit status: 0 fine, 1 findings or a failed check, 2 wrong use or a mistake in the configuration.
"""

from __future__ import annotations

import errno
import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from promptguard.errors import PromptGuardError, ReasonedError
from promptguard.installation.folders import config_folder, data_folder
from promptguard.reasons import Reason

if TYPE_CHECKING:
    from promptguard.configuration.settings import Settings

FINE, FOUND, WRONG = 0, 1, 2


class Group(click.Group):
    """Commands whose deliberate errors end as one sentence on stderr and exit status 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PromptGuardError as error:
            click.echo(str(error), err=True)
            ctx.exit(WRONG)
        except OSError as error:
            if error.errno == errno.EPIPE or error.filename is None:
                raise
            click.echo(f"{error.filename}: {error.strerror}. May the user who runs this read and write it?", err=True)
            ctx.exit(WRONG)


def folders(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--config` and `--data`."""

    @click.option(
        "--config",
        type=click.Path(file_okay=False, path_type=Path),
        default=config_folder,
        show_default="PROMPTGUARD_CONFIG, config, or your own or the shipped one",
        help="Folder with the configuration.",
    )
    @click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        default=data_folder,
        show_default="PROMPTGUARD_DATA, data, or your own",
        help="Folder for database, keys and CA.",
    )
    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except ReasonedError as error:
            raise PromptGuardError(sentences(kwargs["config"])(error.reason)) from None

    return wrapped


def names_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--names` and `--no-names`."""
    option = click.option(
        "--names/--no-names",
        default=True,
        show_default=True,
        help="Whether to look for names of persons and for addresses.",
    )
    return option(command)


def format_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--format`, as `form`."""
    option = click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="For people, or for programs.",
    )
    return option(command)


def address_of(text: str | None, option: str) -> tuple[str, int] | None:
    """The host and port that an option names; None where it names none.

    Raises:
        click.BadParameter: it is no host and port.
    """
    from promptguard.typed_yaml.fields import split_address

    try:
        return split_address(text) if text else None
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint=option) from None


def print_json(value: Any) -> None:
    """One JSON value on one line."""
    import orjson

    click.echo(orjson.dumps(value, default=str).decode())


def sentences(config: Path) -> Callable[[Reason], str]:
    """Turns reasons into English, in the words of a configuration folder."""
    from promptguard.configuration.bundle import NOTICES
    from promptguard.notices.sentences import english

    return english(config / NOTICES)


def load_settings(config: Path) -> Settings:
    """The settings of a configuration folder.

    Raises:
        ConfigError: something in the folder is wrong.
    """
    from promptguard.configuration.bundle import load_bundle

    return load_bundle(config).settings


def user_name() -> str:
    """Who runs this command, by the name of the operating system: the one who called `sudo`, where it was called."""
    import getpass

    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in a container
        if sys.platform == "win32":
            return ""
        return str(os.getuid())
