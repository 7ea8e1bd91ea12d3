from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from promptguard.audit.anchor import LossKind, opened
from promptguard.audit.chain import Chain
from promptguard.audit.head_keeper import HeadKeeper
from promptguard.audit.interface import RecordingFailed
from promptguard.model import Event


def anchor_of(installation: Any) -> Any:
    return opened(installation.store.note("1"), Chain(installation.keys.audit))


def test_new_chain_gets_its_file(installation: Any) -> None:
    with closing(installation.store.writer()) as writer:
        keeper = HeadKeeper(installation.store, writer, installation.head_file)
        keeper.prepare()
        keeper.check_in_place()
    assert installation.head_file.read().sequence == 0
    assert installation.store.note("1") is None


def test_database_follows_the_file(installation: Any, make_event: Callable[..., Event]) -> None:
    installation.append(make_event(), make_event())
    installation.head_file.replace(Chain(installation.keys.audit).start())
    with closing(installation.store.writer()) as writer:
        HeadKeeper(installation.store, writer, installation.head_file).catch_up()
    assert installation.head_file.read().sequence == 2
    assert anchor_of(installation).sequence == 2


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (lambda path: path.unlink(), LossKind.MISSING),
        (lambda path: path.write_bytes(b"{"), LossKind.DAMAGED),
        (lambda path: path.rename(path.parent / "aside"), LossKind.MISSING),
    ],
)
def test_loss_is_noted_once(
    installation: Any, make_event: Callable[..., Event], spoil: Callable[[Any], object], kind: LossKind
) -> None:
    installation.fill(make_event())
    with closing(installation.store.writer()) as writer:
        keeper = HeadKeeper(installation.store, writer, installation.head_file)
        keeper.prepare()
        spoil(installation.head_file.path)
        for _ in range(2):
            with pytest.raises(RecordingFailed, match="while it was in use"):
                keeper.check_in_place()
        keeper.anchor()
    assert [(loss.sequence, loss.kind) for loss in anchor_of(installation).losses] == [(1, kind)]


def test_changed_note_is_not_written_over(installation: Any, make_event: Callable[..., Event]) -> None:
    installation.fill(make_event())
    with closing(installation.store.writer()) as writer:
        writer.note("{}")
        with pytest.raises(RecordingFailed, match="was changed"):
            HeadKeeper(installation.store, writer, installation.head_file).prepare()
    assert installation.store.note("1") == "{}"
    assert "was changed" in installation.verify().sentence
