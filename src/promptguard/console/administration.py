"""What commands do beside a console that may be running: links to choose a password, the ledger, false alarms."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from promptguard.configuration.bundle import load_bundle
from promptguard.console.place import place_of
from promptguard.detectors.false_alarms import FalseAlarm, FalseAlarmState
from promptguard.errors import PromptGuardError
from promptguard.keys import Keys
from promptguard.review.accounts import Account, Accounts, name_key
from promptguard.review.ledger import HEAD_FILE, Act, Ledger
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.policy_exchange import false_alarms, now
from promptguard.runtime.review_database import open_reviewing
from promptguard.typed_yaml.fields import split_address


def make_link(config: Path, data: Path, name: str | None) -> str:
    """The address at which somebody chooses a password, once, within a day.

    Args:
        name: of the account; None for the first one.

    Raises:
        PromptGuardError: there is no such account, or there are accounts already.
    """
    settings = load_bundle(config).settings
    place = place_of(settings.console)
    folder = DataFolder(data)
    url = _running(folder) or place.url
    keys = Keys.load(folder.keys)
    with closing(open_reviewing(settings, folder)) as database:
        accounts = Accounts(database, keys.second_factor)
        known = accounts.all()
        if name is None and known:
            raise PromptGuardError(f"There are accounts already: {_listed(known)}. Name one.")
        found = [each for each in known if name is not None and name_key(each.name) == name_key(name)]
        if name is not None and not found:
            raise PromptGuardError(f"There is no account “{name}”. There are: {_listed(known)}.")
        id = found[0].id if found else ""
        Ledger(database, keys).note(Act.LINK_MADE, object=id, detail={"by": "command line"})
        return f"{url}/set-up?link={accounts.make_link(id)}"


def ledger_problem(config: Path, data: Path) -> tuple[str, int]:
    """What is wrong with the ledger, as a sentence, empty if it is whole; and how many entries have expired.

    Raises:
        PromptGuardError: there is none, or it cannot be read.
    """
    settings, folder = load_bundle(config).settings, DataFolder(data)
    keys = Keys.load(folder.keys)
    if settings.database is None and not folder.review.exists() and not (keys.folder / HEAD_FILE).exists():
        raise PromptGuardError(f"{folder.review}: nobody has looked at anything yet.")
    with closing(open_reviewing(settings, folder)) as database:
        ledger = Ledger(database, keys)
        return ledger.problem(), ledger.expired()


def revoke_false_alarm(config: Path, data: Path, id: str) -> FalseAlarm:
    """Let a value pass no more; noted in the ledger first.

    Raises:
        PromptGuardError: it does not pass, or the databases cannot be opened.
    """
    settings, folder = load_bundle(config).settings, DataFolder(data)
    keys = Keys.load(folder.keys)
    with false_alarms(config, data) as store, closing(open_reviewing(settings, folder)) as database:
        if not any(each.id == id for each in store.all()):
            raise PromptGuardError(f"There is no {id}. See `promptguard allow-list list --all`.")
        Ledger(database, keys).note(Act.FALSE_ALARM_REVOKED, object=id, detail={"by": "command line"})
        return store.answer(id, FalseAlarmState.REVOKED, by="", name="the command line", now=now())


def _running(folder: DataFolder) -> str:
    """Where a console is reached that runs on a data folder; empty for none, or one that was killed."""
    try:
        url, inside = folder.console.read_text("utf-8").split()
        with socket.create_connection(split_address(inside), timeout=1):
            return url
    except (OSError, ValueError):
        return ""


def _listed(accounts: Sequence[Account]) -> str:
    return ", ".join(each.name for each in accounts) or "none"
