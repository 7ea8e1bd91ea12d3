import subprocess
import sys

import presidio_analyzer.nlp_engine
import pytest

from promptguard.presidio import analyzer

FRESH = """
import sys
import promptguard.proxy.run, promptguard.runtime.assembly
from promptguard.detectors.names.models import NamesModel
heavy = ["spacy", "thinc", "requests", "flask", "ldap3", "onnxruntime", "alembic"]
print([name for name in heavy if name in sys.modules])
"""
USING = """
from promptguard.presidio import analyzer
import presidio_analyzer, presidio_analyzer.nlp_engine as engines
from presidio_analyzer.nlp_engine import NlpArtifacts, SpacyNlpEngine
from presidio_analyzer.nlp_engine.nlp_artifacts import Doc
import spacy.tokens
assert Doc is spacy.tokens.Doc
assert analyzer.NlpArtifacts is NlpArtifacts and issubclass(SpacyNlpEngine, analyzer.NlpEngine)
assert presidio_analyzer.AnalyzerEngine and engines.NlpEngineProvider and presidio_analyzer.RecognizerRegistry
print("whole")
"""


def run(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_proxy_does_without_what_it_does_not_use() -> None:
    assert run(FRESH) == "[]"


def test_presidio_s_own_engine_is_there_for_who_asks() -> None:
    assert run(USING) == "whole"


@pytest.mark.parametrize("name", analyzer.__all__)
def test_classes_are_presidio_s_own(name: str) -> None:
    owners = presidio_analyzer, presidio_analyzer.nlp_engine
    assert getattr(analyzer, name) is next(getattr(owner, name) for owner in owners if hasattr(owner, name))
