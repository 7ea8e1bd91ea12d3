"""Reasons typed at a command line: searched before they are kept, and what is found is masked, as in the console."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import click

URGENT_SECONDS: Final = 30.0
"""For so long words are searched at most, detectors loaded included, where what is ordered may not wait for them."""


class SearchedOption(click.Option):
    """An option whose words are kept."""


def reason_option(*, help: str, urgent: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command `--reason`, which comes to it as it may be kept. It needs `folders`, above it.

    Args:
        urgent: what is done may not fail for its words: where they cannot be searched, they are left out.
    """
    return searched_option("--reason", required=True, help=help, urgent=urgent)


def searched_option(
    name: str, *, help: str, required: bool = False, urgent: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command an option for words of one's own, empty where it is left out; see `reason_option`."""
    parameter = name.removeprefix("--")

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        kept = {"required": True} if required else {"default": ""}

        @click.option(name, cls=SearchedOption, help=help, **kept)
        @functools.wraps(command)
        def wrapped(config: Path, data: Path, **arguments: Any) -> Any:
            words = masked(config, data, arguments[parameter], urgent=urgent)
            return command(config=config, data=data, **{**arguments, parameter: words})

        return wrapped

    return decorate


def masked(config: Path, data: Path, words: str, *, urgent: bool = False) -> str:
    """Words as they may be kept; says so where that is not what was typed.

    Raises:
        PromptGuardError: they cannot be searched, or there is a mistake in the configuration.
    """
    from promptguard.commands.support.options import load_settings
    from promptguard.console.masking import SECONDS, WITHHELD, NotSearched
    from promptguard.runtime.data_folder import DataFolder

    if not words.strip() or not any(DataFolder(data).keys.glob("*.key")):
        return words  # nothing is kept: the command says why
    try:
        kept = search(config, data, words, seconds=URGENT_SECONDS if urgent else SECONDS)
    except NotSearched as error:
        if not urgent:
            load_settings(config)  # a mistake in the configuration is told as such
            raise
        click.echo(f"{error} It is done all the same, without the words.", err=True)
        return WITHHELD
    if kept.split() != words.split():
        click.echo(f"Something was found in what you wrote. It is kept as: {kept}", err=True)
    return kept


def search(config: Path, data: Path, words: str, *, seconds: float) -> str:
    """Words with what is found in them masked. It takes seconds, and at most as many: the detectors are loaded for it.

    Raises:
        NotSearched: they could not be searched.
    """
    from promptguard.console.masking import Masking

    context = click.get_current_context()
    masking = context.meta.get(__name__)
    if masking is None:  # one for all words of a command
        masking = context.meta[__name__] = context.with_resource(closing(Masking(config, data, seconds=seconds)))
    return str(masking(words))
