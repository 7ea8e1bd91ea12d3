from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner, Result

from promptguard.cli import main

FILE = """\
recognizers:
  - name: Ticket
    supported_entity: TICKET
    data_class: confidential_records
    patterns: [{name: number, regex: 'TICKET-\\d{4}', score: 0.8}]
    examples:
      match: [TICKET-1234, TICKET-12]
      no_match: [TICKET-99, TICKET-9999]
  - name: Order
    supported_entity: ORDER
    data_class: confidential_records
    patterns: [{name: number, regex: 'ORDER-\\d{4}', score: 0.8}]
    examples: {match: [ORDER-1234]}
"""


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


def test_broken_promises_are_named_by_line_and_never_printed(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(FILE)
    result = invoke("recognizers", "test", file)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"{file}:9: Order has no examples under `no_match`.",
        f"{file}:7: Ticket finds nothing, and must find something.",
        f"{file}:8: Ticket finds something, and must not.",
        "5 examples of 2 recognizers, 3 failures.",
    ]


def test_promises_that_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    kept = FILE.replace(", TICKET-12]", "]").replace(", TICKET-9999]", "]")
    file.write_text(kept.replace("[ORDER-1234]}", "[ORDER-1234], no_match: [ORDER]}"))
    result = invoke("recognizers", "test", file)
    assert (result.exit_code, result.stdout) == (0, "4 examples of 2 recognizers, 0 failures.\n")


def test_a_mistake_in_the_file_is_wrong_use(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(FILE.replace("patterns:", "pattern:"))
    result = invoke("recognizers", "test", file)
    assert result.exit_code == 2
    assert "did you mean ‘patterns’?" in result.stderr


def test_list(config: Path, data: Path) -> None:
    result = invoke("recognizers", "list", "--config", config, "--data", data)
    assert result.exit_code == 0
    assert re.search(r"^\w+  IP_ADDRESS  personal_data  0\.\d+  network\.yaml:\d+$", result.stdout, re.MULTILINE)
