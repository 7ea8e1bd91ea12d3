"""The process that writes a Parquet file for the console: `python -m promptguard.console.parquet_process`.

It ends with its input, and so with the console, however that ends.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import IO, Any

from promptguard.audit.parquet import parquet
from promptguard.console.parquet_export import LENGTH_BYTES
from promptguard.workers.frames import read_frame


def main() -> int:
    """Write what standard input holds, as `parquet_export` says."""
    # The real standard output is ours alone: what others print must not land in the file.
    with os.fdopen(os.dup(1), "wb") as output:
        os.dup2(2, 1)
        for piece in filter(None, parquet(_records(sys.stdin.buffer))):
            output.write(len(piece).to_bytes(LENGTH_BYTES, "big") + piece)
            output.flush()
    return 0


def _records(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    while (group := read_frame(stream)) is not None:
        yield from group


if __name__ == "__main__":
    sys.exit(main())
