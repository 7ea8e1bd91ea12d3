"""`promptguard upgrade …`: a configuration of one's own, and what has been shipped since it was made."""

from __future__ import annotations

import difflib
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promptguard.commands.support.options import FOUND, folders, format_option, print_json

if TYPE_CHECKING:
    from promptguard.installation.following import Compared
    from promptguard.installation.migrating import Migrated


@click.group("upgrade")
def command() -> None:
    """Follow with a configuration of your own what has been shipped since it was made."""


@command.command()
@folders
@format_option
@click.option("--diff", is_flag=True, help="Show how files differ.")
@click.pass_context
def check(context: click.Context, config: Path, data: Path, form: str, diff: bool) -> None:
    """Say what has been shipped since, and whether the configuration fits this version. Changes nothing."""
    from promptguard.errors import PromptGuardError
    from promptguard.installation.following import TAKEN_UP, compare, made_with
    from promptguard.installation.migrating import due

    compared = compare(config)
    made = made_with(config)
    mistake = _mistake(config)
    try:
        changes = due(config, besides={each.path for each in compared if each.difference in TAKEN_UP})
    except PromptGuardError as conflict:
        changes, mistake = [], str(conflict)
    if form == "json":
        files = [{"path": each.path, "difference": str(each.difference)} for each in compared]
        forms = [{"path": each.path, "changes": list(each.done)} for each in changes]
        members = {"config": str(config), "made_with": made, "files": files, "forms": forms, "mistake": mistake}
        print_json(members)
    else:
        click.echo(f"{config}: {f'made with {made}' if made else 'not made by `promptguard init`'}.")
        _tell(compared, diff=diff)
        _tell_forms(changes, diff=diff)
        click.echo(mistake or "It fits this version.")
    if compared or changes or mistake:
        context.exit(FOUND)


@command.command()
@folders
@click.option("--keep", multiple=True, metavar="PATH", help="Of a file changed on both sides: keep yours.")
@click.option("--take", multiple=True, metavar="PATH", help="Of a file changed on both sides: take the shipped one.")
def apply(config: Path, data: Path, keep: tuple[str, ...], take: tuple[str, ...]) -> None:
    """Take up what has been shipped since, with your own files in this version's form. What you have changed stays."""
    from promptguard.installation.following import Difference, compare, follow
    from promptguard.installation.migrating import due, write
    from promptguard.installation.migrating import keep as keep_before

    taken = [each.path for each in compare(config) if each.difference is Difference.BOTH and each.path in take]
    changes = _try(config, keep, take)
    kept = keep_before(config, [*taken, *(each.path for each in changes)])
    settled = follow(config, keep=keep, take=take)
    write(config, due(config))
    for one in settled:
        click.echo(f"{one.path}: {'kept as it is here' if one.path in keep else _DONE[one.difference]}")
    for each in changes:
        click.echo("\n".join(f"{each.path}: {sentence}" for sentence in each.done))
    if kept is not None:
        click.echo(f"What they were before is in {kept}.")
    left = [one for one in compare(config) if one.difference is Difference.BOTH]
    _tell(left, diff=False)
    if not settled and not left and not changes:
        click.echo(f"{config}: nothing has been shipped since.")


_DONE = {
    "new": "added",
    "changed": "replaced by what is shipped now",
    "gone": "removed, as it is shipped no more",
    "changed on both sides": "replaced by what is shipped now",
}


def _try(config: Path, keep: Sequence[str], take: Sequence[str]) -> list[Migrated]:
    """See on a copy that the configuration will be one without mistakes, and what of its form will be changed.

    Raises:
        PromptGuardError: it would not be; nothing was changed.
    """
    from promptguard.errors import PromptGuardError
    from promptguard.installation.following import follow
    from promptguard.installation.migrating import due, write

    # Beside it, where that is allowed, so that what it names with `../` is found from there.
    beside = config.resolve().parent
    with tempfile.TemporaryDirectory(dir=beside if os.access(beside, os.W_OK) else None, prefix=".draft.") as folder:
        copy = Path(folder)
        shutil.copytree(config, copy, dirs_exist_ok=True, ignore_dangling_symlinks=True)  # such as editors lock with
        follow(copy, keep=keep, take=take)
        try:
            changes = due(copy)
            write(copy, changes)
            mistake = _mistake(copy)
        except PromptGuardError as conflict:
            mistake = str(conflict)
        if mistake:
            told = mistake.replace(str(copy), str(config))
            raise PromptGuardError(f"Nothing was changed: the configuration would have a mistake.\n{told}")
    return changes


def _mistake(config: Path) -> str:
    """What is wrong with a configuration folder, or an empty string."""
    from promptguard.configuration.bundle import load_bundle
    from promptguard.errors import PromptGuardError
    from promptguard.wire.formats import load_formats

    try:
        load_bundle(config, formats=load_formats())
    except PromptGuardError as error:
        return str(error)
    return ""


def _tell(compared: Sequence[Compared], *, diff: bool) -> None:
    for each in compared:
        click.echo(f"{each.path}: {_SAID[each.difference]}")
        if diff:
            click.echo(_diff(each))
    if any(each.difference == "changed on both sides" for each in compared):
        click.echo("See with `promptguard upgrade check --diff` how they differ. Bring yours up to date by hand, and")
        click.echo("say so with `promptguard upgrade apply --keep PATH`; or take the shipped one with `--take PATH`.")
    elif compared:
        click.echo("Take this up with `promptguard upgrade apply`.")


def _tell_forms(changes: Sequence[Migrated], *, diff: bool) -> None:
    for each in changes:
        click.echo("\n".join(f"{each.path}: {sentence}, with `promptguard upgrade apply`" for sentence in each.done))
        if diff:
            before, after = each.before.splitlines(), each.after.splitlines()
            click.echo("\n".join(difflib.unified_diff(before, after, "yours", "after the upgrade", lineterm="")))


_SAID = {
    "new": "new in this version",
    "changed": "changed in this version, not by you",
    "gone": "no more in this version",
    "changed on both sides": "changed by you, and in this version",
}


def _diff(compared: Compared) -> str:
    own, shipped = (
        (content or b"").decode("utf-8", "replace").splitlines() for content in (compared.own, compared.shipped)
    )
    return "\n".join(difflib.unified_diff(own, shipped, "yours", "shipped", lineterm=""))
