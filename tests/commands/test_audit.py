from __future__ import annotations

from contextlib import closing
from pathlib import Path

import orjson
import pytest
from tests.commands.inputs import Run
from tests.samples.reviewing import event

from promptguard.audit.chain import Chain
from promptguard.audit.record import canonical
from promptguard.configuration.settings import Settings
from promptguard.keys import Keys
from promptguard.review.accounts import Accounts
from promptguard.review.roles import Role
from promptguard.review.verdicts import Verdicts
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.review_database import open_reviewing
from promptguard.storage.sqlite.backend import SQLiteBackend


def test_audit_without_a_record_says_so(shipped: Run) -> None:
    for command in ("verify", "tail", "export"):
        result = shipped(f"audit {command}")
        assert result.exit_code == 2
        assert "no record yet" in result.output


def test_verdicts_are_exported_where_somebody_gave_some(shipped: Run, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    keys = Keys.load_or_create(folder.keys)
    made, database_file = event(), folder.at(Path("promptguard.db"))
    with closing(SQLiteBackend.open(database_file)) as backend, closing(backend.audit_store().writer()) as writer:
        writer.append([canonical(made)], Chain(keys.audit, writer.chain), durable=False)
    asked = ("audit export", "--data", folder.path)
    missing = shipped(*asked, "--verdicts")
    assert missing.exit_code == 2
    assert "there are no verdicts" in missing.output
    with closing(open_reviewing(Settings(), folder)) as database:
        account = Accounts(database, keys.second_factor).make("Ann", [Role.ANALYST])
        Verdicts(database).give(made.id, account.id, right=True, comment="")
    (said,) = orjson.loads(shipped(*asked, "--verdicts").output)["verdicts"]
    assert (said["verdict"], said["by"]) == ("true_alarm", "analyst")
    assert "verdicts" not in orjson.loads(shipped(*asked).output)


@pytest.mark.parametrize(
    ("command", "arguments", "told"),
    [
        ("tail", ("-n", "-5"), "-5 is not in the range"),
        ("export", ("--action", "blocked"), "'block'"),
        ("export", ("--format", "xml"), "'jsonl'"),
        ("export", ("--since", "2026-02-01", "--until", "2026-01-01"), "nothing lies between"),
    ],
)
def test_wrong_use_says_what_would_be_right(run: Run, command: str, arguments: tuple[str, ...], told: str) -> None:
    result = run(f"audit {command}", *arguments)
    assert result.exit_code == 2
    assert told in result.output
