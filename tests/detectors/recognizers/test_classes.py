from pathlib import Path

import presidio_analyzer.predefined_recognizers as presidios
import pytest
from presidio_analyzer import EntityRecognizer

from promptguard.detectors.recognizers.classes import (
    NoSuchClass,
    class_at,
    class_names,
    named_class,
    needs_another_machine,
    own_classes,
    reads_language_model,
)

COMPANYS = """\
from presidio_analyzer import EntityRecognizer, RecognizerResult


class TicketRecognizer(EntityRecognizer):
    def __init__(self, supported_language="en", prefix="TIC"):
        super().__init__(["TICKET"], supported_language=supported_language)
        self.prefix = prefix

    def load(self):
        pass

    def analyze(self, text, entities, nlp_artifacts=None):
        start = text.find(self.prefix)
        return [RecognizerResult("TICKET", start, start + len(self.prefix), 0.8)] if start >= 0 else []


class Unfinished(EntityRecognizer):
    pass


class Other:
    pass
"""


def test_ours_stand_before_presidios() -> None:
    assert named_class("EmailRecognizer") is own_classes()["EmailRecognizer"]
    assert named_class("CryptoRecognizer") is presidios.CryptoRecognizer


def test_what_is_no_recognizer_has_no_name() -> None:
    assert {*own_classes(), "CryptoRecognizer", "SpacyRecognizer"} <= set(class_names())
    assert [named_class(name) for name in ("NoSuchRecognizer", "generic", "")] == [None, None, None]


@pytest.mark.parametrize(
    ("path", "module"),
    [
        ("tickets.TicketRecognizer", "promptguard_recognizers_of.tickets"),
        ("help.desk.TicketRecognizer", "promptguard_recognizers_of.help.desk"),
        (
            "presidio_analyzer.predefined_recognizers.CryptoRecognizer",
            "presidio_analyzer.predefined_recognizers.generic.crypto_recognizer",
        ),
    ],
)
def test_a_class_by_its_path(tmp_path: Path, path: str, module: str) -> None:
    (tmp_path / "tickets.py").write_text(COMPANYS)
    (tmp_path / "help").mkdir()
    (tmp_path / "help" / "desk.py").write_text(COMPANYS)
    found = class_at(path, tmp_path)
    assert issubclass(found, EntityRecognizer)
    assert (found.__name__, found.__module__) == (path.rpartition(".")[2], module)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("no_such_module.Thing", "there is no module ‘no_such_module’"),
        ("tickets.Tickets", "no recognizer class ‘Tickets’"),
        ("tickets.Other", "no recognizer class ‘Other’"),
        ("tickets.Unfinished", "no `analyze` of its own"),
        ("broken.Thing", "cannot be imported: ZeroDivisionError"),
    ],
)
def test_a_path_that_leads_nowhere(tmp_path: Path, path: str, told: str) -> None:
    (tmp_path / "tickets.py").write_text(COMPANYS)
    (tmp_path / "broken.py").write_text("1 / 0\n")
    with pytest.raises(NoSuchClass, match=told):
        class_at(path, tmp_path)


@pytest.mark.parametrize(
    ("name", "model", "machine"),
    [
        ("SpacyRecognizer", True, False),
        ("TransformersRecognizer", True, False),
        ("AzureAILanguageRecognizer", False, True),
        ("BasicLangExtractRecognizer", False, True),
        ("HuggingFaceNerRecognizer", False, True),
        ("CreditCardRecognizer", False, False),
    ],
)
def test_what_cannot_run_in_the_proxy(name: str, model: bool, machine: bool) -> None:
    found = named_class(name)
    assert found is not None
    assert (reads_language_model(found), needs_another_machine(found)) == (model, machine)
