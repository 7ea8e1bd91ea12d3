"""Commands of `promptguard policy` about other versions: compare, try, go back, and keep them in Git."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from promptguard.commands.support.durations import DURATION
from promptguard.commands.support.options import FINE, FOUND, folders, format_option, print_json
from promptguard.errors import PromptGuardError

if TYPE_CHECKING:
    from promptguard.console.policy_trying import PolicyTrial, Shift

_EXAMPLES: Final = 5

UNKNOWN: Final = {
    "person": "who it was, which a rule asks for",
    "kind": "of what kind the tool was, which is not in the registry any more",
    "provider": "what was known of the provider, which a rule asks for: it was not recorded yet",
    "rewriting": "whether values could have been replaced",
    "exception": "whether the exception that let them go would do so again",
    "history": "what was known of the conversation",
    "event": "anything: the record is damaged",
}


@click.command("diff")
@folders
@format_option
@click.argument("old")
@click.argument("new", required=False, default="")
def diff(config: Path, data: Path, form: str, old: str, new: str) -> None:
    """Say how NEW differs from OLD, rule by rule and line by line.

    NEW is the configuration folder where it is left out. Each is a folder, a policy's file, the beginning of a
    version's hash (`policy history`), or # and the number of a publication. Exit status 1 where they differ.
    """
    from promptguard.policy.differences import differences
    from promptguard.policy.schema import PolicyFile
    from promptguard.policy.versions import POLICY_FILE
    from promptguard.typed_yaml.reading import YamlFile

    before, after = _texts(config, data, old), _texts(config, data, new or str(config))
    if len(before) == 1 or len(after) == 1:  # a policy's file alone
        before, after = ({POLICY_FILE: each.get(POLICY_FILE, "")} for each in (before, after))
    names = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    named = ((old, before), (new or str(config), after))
    policies = [YamlFile(Path(name), each[POLICY_FILE]).read_as(PolicyFile) for name, each in named]
    found = differences(policies[0], policies[1])
    if form == "json":
        print_json({"files": names, "differences": [asdict(each) for each in found]})
        sys.exit(FOUND if names else FINE)
    for each in found:
        click.echo(each)
    for name in names:
        was, now = (each.get(name, "").splitlines() for each in (before, after))
        click.echo("\n".join(["", *difflib.unified_diff(was, now, f"a/{name}", f"b/{name}", lineterm="")]))
    sys.exit(FOUND if names else FINE)


@click.command("history")
@folders
@format_option
def history(config: Path, data: Path, form: str) -> None:
    """Say which policies were in force when, and who published them why."""
    from promptguard.runtime.policy_history import open_history

    with open_history(config, data) as kept:
        entries = kept.entries()
    if form == "json":
        for entry in entries:
            facts = ("number", "time", "author", "reason", "restores")
            published = [{name: getattr(each, name) for name in facts} for each in entry.publications]
            print_json({**asdict(entry.version), "periods": entry.periods, "publications": published})
        return
    if not entries:
        click.echo("No proxy has taken up a configuration yet.")
    for entry in entries:
        version = entry.version
        seen = ", ".join(f"{first[:16]} to {last[:16]}" for first, last in entry.periods).replace("T", " ")
        click.echo(f"{version.hash[:12]}  policy {version.policy_name} ({version.policy_hash[:12]})  {seen} UTC")
        for each in entry.publications:
            again = f" (#{each.restores} again)" if each.restores else ""
            click.echo(f"    #{each.number}  {each.time[:16].replace('T', ' ')}  {each.author}: {each.reason}{again}")
        if not entry.publications:
            click.echo("    from the configuration folder of a machine; who wrote it is not known")


@click.command("try")
@folders
@format_option
@click.option("--since", type=DURATION, metavar="TIME", default="14d", show_default=True, help="How far to look back.")
@click.option("--decisions", is_flag=True, help="Name all decisions that would change, not the newest few.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
def try_(config: Path, data: Path, form: str, since: timedelta, decisions: bool, file: Path | None) -> None:
    """Say what the policy in FILE would have done with the decisions that were recorded.

    No prompt is needed: what was found is in the record. FILE is the policy of the configuration folder where it is
    left out. Exit status 1 where something would change.
    """
    from promptguard.console.policy_trying import try_policy

    trial = try_policy(config, data, file or config / "policy.yaml", since)
    if form == "json":
        print_json(_trial(trial, every=decisions))
    else:
        _print_trial(trial, every=decisions)
    sys.exit(FOUND if trial.shifts else FINE)


@click.command("rollback")
@folders
@click.option("--to", "name", default="", metavar="HASH", help="The version to go back to; else the one before.")
def rollback(config: Path, data: Path, name: str) -> None:
    """Make the configuration folder what it was before; a running proxy takes it up within seconds.

    Where configurations are published, `promptguard configuration rollback` does it for all proxies.
    """
    from promptguard.configuration.deciding_files import deciding_files
    from promptguard.policy.versions import ConfigurationText
    from promptguard.runtime.policy_history import open_history, roll_back

    with open_history(config, data) as kept:
        files = kept.files(name) if name else kept.before(deciding_files(config))
    copy, changed = roll_back(config, data, files)
    if not changed:
        click.echo("The configuration folder is that version already.")
        return
    click.echo(f"Went back: {', '.join(changed)}.")
    click.echo(f"It is version {ConfigurationText('', '', files).hash[:12]} of `promptguard policy history` now.")
    click.echo(f"What was there is in {copy}.")


@click.command("pull")
@folders
@click.option("--version", "name", default="", metavar="HASH", help="Which version; else what is in force.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def pull(config: Path, data: Path, name: str, folder: Path) -> None:
    """Write what decides now into FOLDER, such as a Git repository; files that have not changed are left alone."""
    from promptguard.runtime.policy_history import open_history, write_files

    with open_history(config, data) as kept:
        files = kept.files(name) if name else kept.in_force()
    changed, gone = write_files(folder, files)
    for each in changed:
        click.echo(f"written  {each}")
    for each in gone:
        click.echo(f"removed  {each}")
    if not changed and not gone:
        click.echo("Nothing has changed.")


COMMANDS: Final = (diff, history, try_, rollback, pull)


def _texts(config: Path, data: Path, name: str) -> Mapping[str, str]:
    from promptguard.configuration.deciding_files import deciding_files
    from promptguard.policy.versions import POLICY_FILE
    from promptguard.runtime.policy_history import open_history

    path = Path(name)
    if path.is_dir():
        files = deciding_files(path)
        if POLICY_FILE not in files:
            raise PromptGuardError(f"{path}: there is no {POLICY_FILE} in this folder.")
        return files
    if path.is_file():
        return {POLICY_FILE: path.read_text("utf-8-sig", "replace")}
    with open_history(config, data) as kept:
        return kept.files(name)


def _print_trial(trial: PolicyTrial, *, every: bool) -> None:
    if not trial.tried:
        click.echo("No decision of this time is recorded.")
        return
    since = trial.since[:16].replace("T", " ")
    click.echo(f"Of {trial.tried} decisions since {since} UTC, {trial.changed} would change.")
    for shift in trial.shifts:
        count = "a few" if shift.count is None else str(shift.count)
        click.echo(f"{count}: {shift.was} (‘{shift.was_rule}’) → {shift.now} (‘{shift.now_rule}’)")
        for label, counts in (("tools", shift.tools), ("data", shift.classes)):
            if counts:
                told = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
                click.echo(f"    {label}: {', '.join(f'{name} {number}' for name, number in told)}")
        ids = _named(shift, every=every)
        more = f" and {len(shift.ids) - len(ids)} more" if len(ids) < len(shift.ids) else ""
        if ids:
            click.echo(f"    decisions: {' '.join(ids)}{more}")
    for what, number in trial.unknown.items():
        click.echo(f"Of {number}, it cannot be told from the record: {UNKNOWN[what]}.")


def _trial(trial: PolicyTrial, *, every: bool) -> dict[str, object]:
    shifts = []
    for each in trial.shifts:
        members = asdict(each)
        del members["ids"]
        shifts.append({**members, "decisions": _named(each, every=every)})
    return {
        "tried": trial.tried,
        "since": trial.since,
        "changed": trial.changed,
        "shifts": shifts,
        "unknown": {str(what): count for what, count in trial.unknown.items()},
    }


def _named(shift: Shift, *, every: bool) -> list[str]:
    return list(shift.ids if every else shift.ids[:_EXAMPLES])
