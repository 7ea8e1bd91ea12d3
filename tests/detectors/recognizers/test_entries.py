from pathlib import Path

import pytest

from promptguard.detectors.recognizers.entries import read_entries
from promptguard.detectors.recognizers.presidio_files import DataClasses
from promptguard.errors import ConfigError
from promptguard.model import DataClass

TICKET = """\
recognizers:
  - name: Ticket
    supported_entity: TICKET
    data_class: confidential_records
    enabled: false
    patterns: [{name: number, regex: 'TICKET-\\d{4}', score: 0.8}]
"""
STOCK = """\
supported_languages: [en]
recognizers:
  - {name: SpacyRecognizer, type: predefined}
  - {name: UsSsnRecognizer, type: predefined}
  - {name: EsNifRecognizer, type: predefined, supported_languages: [es]}
"""


def test_an_entry_that_is_switched_off_is_read_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(TICKET)
    (entry,) = read_entries(tmp_path / "own.yaml", check=True)
    assert (entry.name, entry.is_enabled, entry.is_stock) == ("Ticket", False, False)
    assert entry.entity_types == ("TICKET",)
    made = entry.finished(DataClasses({}, {}))
    assert (made.data_class, made.threshold, made.line) == (DataClass.CONFIDENTIAL_RECORDS, 0.4, 2)


def test_what_presidio_would_not_make_says_why(tmp_path: Path) -> None:
    (tmp_path / "presidio.yaml").write_text(STOCK)
    model, number, spanish = read_entries(tmp_path / "presidio.yaml", check=True)
    assert model.presidio is None and "own workers" in model.why_not
    assert number.presidio is not None and number.is_stock and not number.why_not
    assert spanish.presidio is None and "other languages" in spanish.why_not


@pytest.mark.parametrize("name", ["allow.yaml", "allow_names.yaml", "tuning.yaml"])
def test_other_files_hold_none(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("allow: []")
    assert read_entries(tmp_path / name, check=True) == []


def test_regexes_are_compiled_where_that_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(TICKET.replace("TICKET-", "(TICKET-"))
    assert len(read_entries(tmp_path / "own.yaml", check=False)) == 1
    with pytest.raises(ConfigError, match="does not compile"):
        read_entries(tmp_path / "own.yaml", check=True)
