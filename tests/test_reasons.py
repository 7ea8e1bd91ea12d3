from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from promptguard.errors import NotRewritable, ReasonedError, ScanFailed, Unavailable, Unreadable
from promptguard.files.interface import CannotRead
from promptguard.reasons import Code, Reason

SOURCE = Path(__file__).parents[1] / "src" / "promptguard"

OF_FILES = ("kind", "within")
"""What `CannotRead.inside` adds."""


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        (Reason(Code.JSON_TOO_DEEP), "json.too_deep"),
        (Reason(Code.SCAN_TIMEOUT, {"seconds": 0.5}), "scan.timeout seconds=0.5"),
        (Reason(Code.BODY_TOO_LARGE, {"megabytes": 10}), "body.too_large megabytes=10"),
        (
            Reason(Code.FILE_ENCRYPTED, {"kind": "pdf", "within": "email/zip"}),
            "file.encrypted kind=pdf within=email/zip",
        ),
        (Reason("acme.down", {"why": 'it "said" a=b \\'}), 'acme.down why="it \\"said\\" a=b \\\\"'),
        (Reason("acme.down", {"a": "", "b": "12", "c": "é", "d": "x\ny"}), 'acme.down a="" b="12" c="é" d="x\\ny"'),
    ],
)
def test_reasons_are_written_and_read(reason: Reason, text: str) -> None:
    assert str(reason) == text
    assert Reason.parse(text) == reason


@pytest.mark.parametrize("text", ["", "A sentence of an older version.", "x y=", 'x y="', "x y=1e999", "x =1 ä=2"])
def test_what_is_no_reason_is_read_without_an_error(text: str) -> None:
    assert Reason.parse(text).code == text.partition(" ")[0]


def test_lone_surrogates_are_written_as_question_marks() -> None:
    assert str(Reason("acme.down", {"why": "\ud800"})) == 'acme.down why="?"'


@pytest.mark.parametrize("kind", [Unreadable, ScanFailed, NotRewritable, Unavailable, CannotRead])
def test_errors_carry_a_reason(kind: type[ReasonedError]) -> None:
    error = kind(Code.SCAN_TIMEOUT, seconds=3)
    assert error.reason == Reason("scan.timeout", {"seconds": 3})
    assert str(error) == "scan.timeout seconds=3"
    assert kind(error.reason).reason is error.reason


def test_codes_are_unique_and_of_one_form() -> None:
    assert len({str(code) for code in Code}) == len(Code.__members__)
    assert [code for code in Code if code.count(".") != 1 or not code.replace("_", "").replace(".", "").isalnum()] == []


def uses() -> Iterator[tuple[str, ast.Attribute, ast.Call | None]]:
    """Where the source names a code, and the call that it is the first argument of."""
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = {
            id(node.args[0]): node for node in ast.walk(tree) if isinstance(node, ast.Call) and len(node.args) in (1, 2)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Code":
                yield f"{path.name}:{node.lineno}", node, calls.get(id(node))


def test_every_code_is_given_somewhere() -> None:
    assert {Code[node.attr] for _, node, _ in uses()} == set(Code)


def test_codes_are_given_with_their_parameters() -> None:
    wrong = []
    for where, node, call in uses():
        if call is None or not isinstance(call.func, ast.Name):
            continue
        names = {keyword.arg for keyword in call.keywords}
        if len(call.args) == 2:
            assert isinstance(call.args[1], ast.Dict), where
            names = {key.value for key in call.args[1].keys if isinstance(key, ast.Constant)}
        asked = set(Code[node.attr].parameters)
        if names - asked or asked - names - set(OF_FILES):
            wrong.append(f"{where}: {Code[node.attr]} takes {sorted(asked)}")
    assert wrong == []
