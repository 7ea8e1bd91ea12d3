import io
import subprocess

import pyarrow.parquet

from promptguard.console.parquet_export import LENGTH_BYTES
from promptguard.workers.frames import frame
from promptguard.workers.process import command_of


def test_it_writes_groups_of_records_behind_their_lengths() -> None:
    given = frame([{"id": "pg-1"}, {"id": "pg-2"}]) + frame([{"id": "pg-3"}])
    command = command_of("promptguard.console.parquet_process")
    output = io.BytesIO(subprocess.run(command, input=given, capture_output=True, check=True).stdout)
    pieces = []
    while length := output.read(LENGTH_BYTES):
        pieces.append(output.read(int.from_bytes(length, "big")))
    rows = pyarrow.parquet.ParquetFile(io.BytesIO(b"".join(pieces))).read().to_pylist()
    assert [row["id"] for row in rows] == ["pg-1", "pg-2", "pg-3"]
