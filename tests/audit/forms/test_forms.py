from typing import Any

from promptguard.audit.export import export
from promptguard.audit.forms import load_forms, written


def test_forms_are_found_by_themselves() -> None:
    assert {"jsonl", "csv", "cef"} <= load_forms().keys()


def test_an_empty_export_is_the_heading_alone(installation: Any) -> None:
    lines = {id: list(written(export(installation.store), form)) for id, form in load_forms().items()}
    assert lines["jsonl"] == lines["cef"] == []
    assert len(lines["csv"]) == 1
