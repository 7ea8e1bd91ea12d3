import socket
from pathlib import Path

from promptguard.rollout.checks import answers, certificate, disk
from promptguard.runtime.data_folder import DataFolder


def test_what_takes_connections_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        assert answers(address)
    assert not answers(address)


def test_what_is_not_there_yet_is_no_failure(tmp_path: Path) -> None:
    (row,) = certificate(DataFolder(tmp_path / "none"))
    assert (row.ok, row.mark) == (True, "!")
    (row,) = disk(tmp_path / "none")
    assert "GB free" in row.sentence
