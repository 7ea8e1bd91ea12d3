"""Writes `tldr.jsonl.gz`: short instructions of tldr-pages in eight languages, in which no person is named.

    python -m tools.names.tldr REPOSITORY FOLDER

REPOSITORY is a clone of https://github.com/tldr-pages/tldr (CC BY 4.0), whose newest commit is taken.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Final

FOLDERS: Final = {
    "pages": "en",
    "pages.da": "da",
    "pages.de": "de",
    "pages.es": "es",
    "pages.fr": "fr",
    "pages.it": "it",
    "pages.nl": "nl",
    "pages.pt_BR": "pt",
    "pages.pt_PT": "pt",
}
_EACH: Final = 400
"""Pages of each folder, spread over all."""


def main(repository: Path, folder: Path) -> None:
    """Write the file."""
    rows = []
    for name, language in FOLDERS.items():
        paths = _git(repository, "ls-tree", "-r", "--name-only", "HEAD", name).split()
        for path in paths[:: max(1, len(paths) // _EACH)]:
            text = _git(repository, "show", f"HEAD:{path}")
            rows.append({"text": text.strip(), "lang": language, "spans": []})
    content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "tldr.jsonl.gz").write_bytes(gzip.compress(content.encode(), mtime=0))


def _git(repository: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", repository, *arguments], capture_output=True, check=True).stdout.decode()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
