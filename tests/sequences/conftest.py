from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.samples.reviewing import installation
from tests.sequences.company import Company, Ground

from promptguard.configuration.bundle import load_bundle
from promptguard.detectors.patterns.detector import PatternDetector
from promptguard.detectors.recognizers.loading import load_recognizers
from promptguard.wire.formats import load_formats

CONFIG = Path(__file__).parents[2] / "config"

RECOGNIZERS = r"""
recognizers:
  - {name: Mail, supported_entity: EMAIL_ADDRESS, data_class: personal_data,
     patterns: [{name: Mail, score: 0.9, regex: '\b[a-z]+@[a-z-]+\.com\b'}]}
  - {name: Iban, supported_entity: IBAN_CODE, data_class: personal_data,
     patterns: [{name: Iban, score: 0.9, regex: '\bDE[0-9]{2}(?: [0-9]{4}){4} [0-9]{2}\b'}]}
  - {name: Token, supported_entity: GITHUB_TOKEN, data_class: credentials,
     patterns: [{name: Token, score: 0.9, regex: '\bghp_[A-Za-z0-9]{30,40}\b'}]}
"""
"""As a company writes its own: the shipped ones take seconds to compile."""


@pytest.fixture(scope="module")
def make_company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Company]]:
    """Makes one in which nobody has done anything; one at a time."""
    recognizers = tmp_path_factory.mktemp("recognizers")
    (recognizers / "own.yaml").write_text(RECOGNIZERS)
    patterns = PatternDetector(load_recognizers(recognizers), tmp_path_factory.mktemp("cache"))
    with installation(tmp_path_factory.mktemp("company")) as made, asyncio.Runner() as runner:
        runner.run(patterns.start())
        ground = Ground(made, patterns, load_bundle(CONFIG), load_formats(), runner)
        yield lambda: Company(ground)
