"""Every format's sample through a guard whose detector flags given words: texts are rewritten, anything else blocks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from tests.wire.formats.samples.interface import CARD, MAIL, Sample
from tests.wire.formats.samples.tables import FORMATS, load_samples, reading_of

from promptguard.destinations.entries import RegistryFile
from promptguard.destinations.registry import Registry
from promptguard.detectors.interface import Detector
from promptguard.detectors.scanner import Scanner
from promptguard.guard import Guard, Rules
from promptguard.model import (
    Action,
    DataClass,
    Destination,
    Event,
    Identity,
    Kind,
    Match,
    Nature,
    Role,
    Segment,
    Status,
    Verdict,
)
from promptguard.notices.templates import Templates
from promptguard.notices.writer import NoticeWriter
from promptguard.policy.policy import Policy
from promptguard.policy.schema import PolicyFile
from promptguard.redaction.redactor import Redactor
from promptguard.redaction.scope_memory import ScopeMemory
from promptguard.redaction.vault import MemoryVault
from promptguard.typed_yaml.reading import load

SAMPLES = load_samples()
ENGLISH = load(Path(__file__).parents[3] / "config" / "notices" / "en.yaml", Templates)
POLICY = Policy(
    PolicyFile.model_validate(
        {
            "version": "1",
            "rules": [
                {"id": "found", "when": {"data_classes": "personal_data"}, "action": "redact", "reason": "Found."},
                {"id": "other", "action": "allow", "reason": "Nothing found."},
            ],
        },
        strict=False,
    )
)
REGISTRY = Registry(
    RegistryFile.model_validate(
        {"destinations": [{"id": "y", "name": "Y", "hosts": ["y.example"], "kind": "api", "status": "approved"}]},
        strict=False,
    ).entries()
)
KEY = b"k" * 32
SHORTEST = 3
"""Characters of the shortest word that is flagged: shorter ones stand in everything."""

every_sample = pytest.mark.parametrize("sample", [pytest.param(sample, id=id) for id, sample in SAMPLES.items()])
REWRITABLE = [
    pytest.param(sample, id=id) for id, sample in SAMPLES.items() if not FORMATS[id].is_body_bound(sample.request())
]


class Words(Detector):
    """Finds given words wherever they stand."""

    id = "words"
    version = "1"
    readings = frozenset()

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words

    async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
        return [[match for word in self.words for match in matches(segment.text, word)] for segment in segments]


class NoRecord:
    async def record(self, event: Event) -> None:
        pass


def matches(text: str, word: str) -> list[Match]:
    found = []
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        found.append(Match(start, end, "EMAIL_ADDRESS", 1.0, "words", DataClass.PERSONAL_DATA))
        start = text.find(word, end)
    return found


def inspected(sample: Sample, *words: str) -> Verdict:
    """What becomes of a sample's request where these words are found."""
    notices = NoticeWriter(ENGLISH, None, REGISTRY.names())
    guard = Guard(
        Rules(REGISTRY, POLICY, Redactor(KEY), notices),
        formats=FORMATS,
        scanner=Scanner([Words(words)], KEY),
        memory=ScopeMemory(MemoryVault(), KEY),
        record=NoRecord(),
    )
    destination = Destination("x", "X", (sample.host,), Kind.API, Status.APPROVED, format=sample.id)
    return asyncio.run(guard.inspect(sample.request(), Identity("ada", "p_ada"), destination))


def found_in(segments: Sequence[Segment], word: str) -> list[Segment]:
    """The segments in which a word is found: nobody looks into what is sealed."""
    return [segment for segment in segments if word in segment.text and segment.nature is not Nature.SEALED]


def is_text(segment: Segment) -> bool:
    return segment.nature is Nature.TEXT and not segment.fixed and bool(segment.path)


@pytest.mark.parametrize("sample", REWRITABLE)
def test_only_texts_are_rewritten(sample: Sample) -> None:
    verdict = inspected(sample, MAIL, CARD)
    assert verdict.decision.action is Action.REDACT
    written = verdict.body if verdict.query is None else verdict.query.encode()
    assert written is not None
    before = reading_of(sample).prompt.segments
    after = reading_of(sample, sample.request_of(written)).prompt.segments
    assert [segment.path for segment in after] == [segment.path for segment in before]
    for old, new in zip(before, after, strict=True):
        flagged = MAIL in old.text or CARD in old.text
        assert (new.text != old.text) is flagged
        assert back(new.text, verdict) == old.text


def back(text: str, verdict: Verdict) -> str:
    for placeholder, original in verdict.restoration.originals.items():
        text = text.replace(placeholder, original)
    return text


@pytest.mark.parametrize(
    "sample", [each for each in SAMPLES.values() if FORMATS[each.id].is_body_bound(each.request())]
)
def test_what_is_bound_to_a_signature_is_blocked(sample: Sample) -> None:
    verdict = inspected(sample, MAIL)
    assert (verdict.decision.action, verdict.body) == (Action.BLOCK, None)


@every_sample
def test_a_clean_request_leaves_as_it_came(sample: Sample) -> None:
    verdict = inspected(sample, "nothing that stands there")
    assert (verdict.decision.action, verdict.body, verdict.query) == (Action.ALLOW, None, None)


@every_sample
def test_whatever_is_found_texts_are_rewritten_and_all_else_blocks(sample: Sample) -> None:
    segments = reading_of(sample).prompt.segments
    words = sorted({segment.text for segment in segments if len(segment.text) >= SHORTEST})
    chosen = Random(sample.id).sample(words, min(25, len(words)))
    for word in chosen:
        found = found_in(segments, word)
        verdict = inspected(sample, word)
        if not found:
            expected = Action.ALLOW
        elif all(map(is_text, found)) and not FORMATS[sample.id].is_body_bound(sample.request()):
            expected = Action.REDACT
        else:
            expected = Action.BLOCK
        assert (word, verdict.decision.action) == (word, expected)
        assert (verdict.answer is not None) is (expected is Action.BLOCK)
        if verdict.body is not None:
            again = reading_of(sample, sample.request_of(verdict.body)).prompt.segments
            changed = [old for old, new in zip(segments, again, strict=True) if old.text != new.text]
            assert changed == [segment for segment in found if segment.role is not Role.URL]
