"""Writes the texts of Universal Dependencies treebanks, without their trees: real prose where little else may be used.

    python -m tools.names.treebanks FOLDER REPOSITORY ...

A REPOSITORY is a clone of one of `TREEBANKS`, in a folder of that name, whose newest commit is taken.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Final

TREEBANKS: Final = {
    "UD_Portuguese-Porttinari": ("porttinari.jsonl.gz", ("pt_porttinari-ud-dev", "pt_porttinari-ud-test")),
    "UD_Portuguese-DANTEStocks": (
        "dantestocks.jsonl.gz",
        ("pt_dantestocks-ud-train", "pt_dantestocks-ud-dev", "pt_dantestocks-ud-test"),
    ),
}
"""The repositories below https://github.com/UniversalDependencies, with the file to write and those to read."""

_TEXT: Final = "# text = "


def main(folder: Path, *repositories: Path) -> None:
    """Write a file for each repository."""
    for repository in repositories:
        title = next(title for title in TREEBANKS if title in str(repository.resolve()))
        file, parts = TREEBANKS[title]
        texts = [
            line.removeprefix(_TEXT)
            for part in parts
            for line in _git(repository, "show", f"HEAD:{part}.conllu").splitlines()
            if line.startswith(_TEXT)
        ]
        rows = [{"text": text, "lang": "pt", "spans": []} for text in texts]
        content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / file).write_bytes(gzip.compress(content.encode(), mtime=0))


def _git(repository: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", repository, *arguments], capture_output=True, check=True).stdout.decode()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
