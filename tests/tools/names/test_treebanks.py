from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path

from tools.names.treebanks import TREEBANKS, main


def test_the_texts_of_a_treebank_are_written(tmp_path: Path) -> None:
    (title, (file, parts)), *_ = TREEBANKS.items()
    repository = tmp_path / title
    repository.mkdir()
    for number, part in enumerate(parts):
        (repository / f"{part}.conllu").write_text(
            f"# sent_id = {number}\n# text = Olá, nº {number}!\n1\tOlá\n\n", "utf-8"
        )
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "texts"]):
        identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
        subprocess.run(["git", *identity, *command], cwd=repository, check=True)
    main(tmp_path, repository)
    rows = [json.loads(line) for line in gzip.decompress((tmp_path / file).read_bytes()).splitlines()]
    assert [row["text"] for row in rows] == [f"Olá, nº {number}!" for number in range(len(parts))]
    assert {row["lang"] for row in rows} == {"pt"}
