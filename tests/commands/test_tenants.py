from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.commands.inputs import Run

from promptguard.cli import main

CONFIG = Path(__file__).parents[2] / "config"
TABLE = """\
Nr,Firma,Kontakt,E-Mail,Telefon
K-1001,Quarzwerke Nordheim GmbH,Änne Müller,aenne@quarzwerke.example,030 1234567
K-1002,QWN,John Smith,j.smith@blueheron.example,+44 20 7946 0958
"""


@pytest.fixture
def run(tmp_path: Path) -> Any:
    def invoke(command: str, *arguments: str) -> Result:
        folders = ["--config", str(CONFIG), "--data", str(tmp_path / "data")]
        return CliRunner().invoke(main, ["tenants", command, *folders, *arguments])

    return invoke


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_text(TABLE, "utf-8")
    return path


def test_build_tells_what_it_took_and_show_tells_it_again(run: Any, table: Path) -> None:
    built = run("build", str(table), "--region", "DE")
    assert built.exit_code == 0, built.output
    assert f"{table}:3: refused: Firma: shorter than 4 characters" in built.stderr
    assert "12 terms in" in built.stdout and ", 1 refused." in built.stdout
    assert "Kontakt  person, by its name: found beside others; 2 values" in built.stdout
    shown = run("show")
    assert shown.exit_code == 0
    assert shown.stdout == "".join(built.stdout.splitlines(keepends=True)[:-1])
    assert "Quarzwerke" not in built.output + shown.output


def test_columns_may_be_said_elsewhere(run: Any, table: Path, tmp_path: Path) -> None:
    (tmp_path / "said.yaml").write_text("columns: {Firma: ignore, Nr: {kind: id, alone: false}}\n")
    built = run("build", str(table), "--columns", str(tmp_path / "said.yaml"), "--subject-column", "Firma")
    assert built.exit_code == 0, built.output
    assert "Nr       id, as you said: found beside others" in built.stdout
    assert "Firma    " not in built.stdout


def test_many_refusals_of_one_reason_are_summed_up(run: Any, table: Path) -> None:
    table.write_text("name,mail\n" + "".join(f"abc,a{number}@o.example\n" for number in range(50)) + "Acme Ltd,\n" * 60)
    built = run("build", str(table))
    assert built.stderr.count(": refused: name: shorter than 4 characters") == 20
    assert f"{table}: refused on 30 more lines: name: shorter than 4 characters" in built.stderr


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--subject-column", "Mandant"], "no column ‘Mandant’"),
        (["--region", "Germany"], "two capital letters"),
        (["--region", "XX"], "'XX' is no country"),
    ],
)
def test_wrong_use(run: Any, table: Path, arguments: list[str], problem: str) -> None:
    built = run("build", str(table), *arguments)
    assert built.exit_code == 2
    assert problem in built.output


def test_show_without_an_index(run: Any, table: Path) -> None:
    assert run("show").exit_code == 2
    run("build", str(table))
    (table.parent / "data" / "tenants.index").unlink()
    shown = run("show")
    assert shown.exit_code == 2
    assert "cannot be read" in shown.output


def test_tenants_are_built_and_found_without_their_names(shipped: Run, data: Path, tmp_path: Path) -> None:
    csv = tmp_path / "customers.csv"
    csv.write_text("id,name,domain\nC-48213,Brightwater Logistics GmbH,brightwater-logistics.example\nC-2,of,\n")
    built = shipped("tenants build", str(csv))
    assert built.exit_code == 0, built.output
    assert f"{csv}:3: refused" in built.output
    found = shipped("scan", "--no-names", text="The invoice of Brightwater Logistics is late")
    assert found.exit_code == 1
    assert "TENANT_NAME of C-48213 (tenant_data" in found.stdout
    stored = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    assert b"rightwater" not in stored
    (data / "tenants.index").unlink()
