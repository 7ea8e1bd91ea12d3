"""Several installations in one database: whose ends are known where."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests.storage.grounds import PostgreSQLGround

from promptguard.audit.head_file import HeadFiles
from promptguard.audit.recorder import Recorder
from promptguard.audit.verify import ProblemKind, VerifyReport, verify
from promptguard.model import Event

KEY = bytes(range(32))
A, B = "a" * 12, "b" * 12


async def record(ground: PostgreSQLGround, folder: Path, name: str, *events: Event) -> None:
    """As a proxy of that installation does, from its start to its end."""
    (folder / name).mkdir(exist_ok=True)
    with (
        closing(ground.open()) as database,
        closing(Recorder(ground.store(database, name), KEY, head_files=folder / name)) as it,
    ):
        for event in events:
            await it.record(event)


def verified(ground: PostgreSQLGround, folder: Path, name: str) -> VerifyReport:
    with closing(ground.open()) as database:
        return verify(ground.store(database, name), KEY, HeadFiles(folder / name, KEY, name))


CUT = (
    "DELETE FROM audit_record WHERE chain = 'CHAIN' AND sequence > 1",
    "UPDATE audit_head SET sequence = 1, hash = (SELECT hash FROM audit_record WHERE chain = 'CHAIN'),"
    " mac = '\\xMAC' WHERE chain = 'CHAIN'",
    "DELETE FROM meta WHERE name = 'chain:CHAIN'",
)


@pytest.mark.parametrize("checkpoints_too", [False, True])
async def test_a_cut_in_the_chain_of_a_machine_that_is_gone_is_found_by_the_others(
    on_postgresql: PostgreSQLGround, make_event: Callable[..., Event], tmp_path: Path, checkpoints_too: bool
) -> None:
    await record(on_postgresql, tmp_path, B, make_event())
    (mac,) = on_postgresql.execute("SELECT mac FROM audit_head")[0]
    await record(on_postgresql, tmp_path, B, make_event(), make_event())
    await record(on_postgresql, tmp_path, A, make_event())
    for name in (A, B):
        report = verified(on_postgresql, tmp_path, name)
        assert (report.ok, report.records, report.elsewhere) == (True, 4, 1), report.sentence
    for statement in CUT:
        on_postgresql.execute(statement.replace("CHAIN", f"{B}-1").replace("MAC", mac.hex()))
    if checkpoints_too:
        on_postgresql.execute("DELETE FROM audit_checkpoint")  # what stands beside the keys remains
    report = verified(on_postgresql, tmp_path, A)
    assert report.first_problem is not None
    assert (report.first_problem.kind, report.first_problem.chain) == (ProblemKind.CUT, f"{B}-1")
    assert "Records 2 to 3 of chain" in report.sentence


async def test_forged_checkpoint(
    on_postgresql: PostgreSQLGround, make_event: Callable[..., Event], tmp_path: Path
) -> None:
    await record(on_postgresql, tmp_path, A, make_event())
    on_postgresql.execute("UPDATE audit_checkpoint SET heads = '{}'")
    report = verified(on_postgresql, tmp_path, A)
    assert report.first_problem is not None
    assert report.first_problem.kind is ProblemKind.FORGED


async def test_a_head_file_that_is_ahead_refuses_the_start(
    on_postgresql: PostgreSQLGround, make_event: Callable[..., Event], tmp_path: Path
) -> None:
    await record(on_postgresql, tmp_path, A, make_event(), make_event())
    on_postgresql.server.empty()
    with pytest.raises(Exception, match="known to have gone up to record 2"):
        await record(on_postgresql, tmp_path, A, make_event())
