import asyncio
import logging
import random
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from presidio_analyzer import AnalyzerEngine, EntityRecognizer, LocalRecognizer, RecognizerRegistry, RecognizerResult

from promptguard.detectors.patterns.context import LightNlpEngine, enhancer
from promptguard.detectors.patterns.detector import INLINE_CHARACTERS, PatternDetector
from promptguard.detectors.patterns.prefilter import PatternPrefilter
from promptguard.detectors.recognizers.loading import RecognizerSet, load_recognizers
from promptguard.detectors.recognizers.recognizer import Recognizer
from promptguard.errors import ScanFailed
from promptguard.model import DataClass, Match, Role, Segment

IBAN = "DE89 3704 0044 0532 0130 00"


def segments(*texts: str, label: str = "") -> list[Segment]:
    return [Segment((index,), text, label=label) for index, text in enumerate(texts)]


def found(text: str, matches: Sequence[Match]) -> list[tuple[str, str]]:
    return [(match.entity_type, text[match.start : match.end]) for match in matches]


async def scan(detector: PatternDetector, text: str, label: str = "") -> list[tuple[str, str]]:
    (matches,) = await detector.find(segments(text, label=label))
    return found(text, matches)


def detector_of(*recognizers: LocalRecognizer, prefilter: str = "", threshold: float = 0.4) -> PatternDetector:
    entries = [
        Recognizer(recognizer, DataClass.PERSONAL_DATA, threshold, Path("own.yaml"), 1, prefilter=prefilter)
        for recognizer in recognizers
    ]
    return PatternDetector(RecognizerSet(tuple(entries), "1"))


class EveryX(LocalRecognizer):
    """A company's own recognizer that is not made of regexes: finds each `x`."""

    def __init__(self, name: str = "EveryX") -> None:
        super().__init__(supported_entities=["X"], name=name)

    def load(self) -> None:
        pass

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        return [RecognizerResult("X", at, at + 1, 0.5) for at, character in enumerate(text) if character == "x"]


# --- what is found, and where


@pytest.mark.parametrize(
    "text",
    [
        f"pay to {IBAN}, thanks",
        f"{IBAN}",
        "ü" * 40 + f" {IBAN}",
        "😀\ud800 " + IBAN + " \U000e0041",
        "word " * 4000 + IBAN + " word" * 4000,
        "x" * 40_000 + f" {IBAN}",
        f"\n\n{IBAN}\n",
    ],
)
async def test_offsets(shipped_detector: PatternDetector, text: str) -> None:
    assert ("IBAN_CODE", IBAN) in await scan(shipped_detector, text)


async def test_matches_carry_what_the_configuration_says(shipped_detector: PatternDetector) -> None:
    ((match,),) = await shipped_detector.find(segments(IBAN))
    assert match == Match(0, 27, "IBAN_CODE", 1.0, "Iban", DataClass.PERSONAL_DATA)


async def test_each_segment_has_its_own_matches(shipped_detector: PatternDetector) -> None:
    texts = ["nothing", IBAN, "", "write to anna@firma.de", IBAN]
    answer = await shipped_detector.find(segments(*texts))
    types = [[match.entity_type for match in matches] for matches in answer]
    assert types == [[], ["IBAN_CODE"], [], ["EMAIL_ADDRESS"], ["IBAN_CODE"]]


async def test_nothing_is_found_across_segments(shipped_detector: PatternDetector) -> None:
    for cut in range(1, len(IBAN)):
        answer = await shipped_detector.find(segments(IBAN[:cut], IBAN[cut:]))
        assert not [match for matches in answer for match in matches if match.entity_type == "IBAN_CODE"]


async def test_no_segments(shipped_detector: PatternDetector) -> None:
    assert await shipped_detector.find([]) == []


async def test_a_label_is_context_and_no_part_of_the_text(shipped_detector: PatternDetector) -> None:
    number = "536228726"
    assert await scan(shipped_detector, number) == []
    assert await scan(shipped_detector, number, label="ssn") == [("US_SSN", number)]
    assert await scan(shipped_detector, number, label="customerSsn\n") == [("US_SSN", number)]
    assert await scan(shipped_detector, "nothing here", label=IBAN) == []


async def test_a_pair_is_found_over_a_label(shipped_detector: PatternDetector) -> None:
    value = "Kx9-vvTq" + "27!pl"
    assert ("PASSWORD", value) in await scan(shipped_detector, value, label="password")


async def test_roles_make_no_difference(shipped_detector: PatternDetector) -> None:
    (matches,) = await shipped_detector.find([Segment((), IBAN, role=Role.KEY)])
    assert found(IBAN, matches) == [("IBAN_CODE", IBAN)]


# --- the same as Presidio


@pytest.fixture(scope="module")
def analyzer(shipped_recognizers: RecognizerSet) -> AnalyzerEngine:
    registry = RecognizerRegistry(
        recognizers=[one.recognizer for one in shipped_recognizers.recognizers], supported_languages=["en"]
    )
    return AnalyzerEngine(
        registry=registry,
        nlp_engine=LightNlpEngine(),
        supported_languages=["en"],
        context_aware_enhancer=enhancer(),
    )


type Found = set[tuple[str, int, int, float]]


def by_presidio(analyzer: AnalyzerEngine, recognizers: RecognizerSet, text: str) -> Found:
    thresholds = {one.name: one.threshold for one in recognizers.recognizers}
    return {
        (result.entity_type, result.start, result.end, round(result.score, 4))
        for result in analyzer.analyze(text, "en")
        if result.score >= thresholds[result.recognition_metadata[RecognizerResult.RECOGNIZER_NAME_KEY]]
    }


def by_us(detector: PatternDetector, text: str) -> Found:
    (matches,) = detector.scan(segments(text))
    # Presidio drops what lies within a surer match of another recognizer; the scanner does that after all detectors.
    results = [RecognizerResult(m.entity_type, m.start, m.end, m.score, None, {"from": m.detector}) for m in matches]
    return {(r.entity_type, r.start, r.end, r.score) for r in EntityRecognizer.remove_duplicates(results)}


def test_the_same_as_presidio_on_all_examples(
    shipped_detector: PatternDetector, shipped_recognizers: RecognizerSet, analyzer: AnalyzerEngine
) -> None:
    for example in shipped_recognizers.examples():
        assert by_us(shipped_detector, example.text) == by_presidio(analyzer, shipped_recognizers, example.text)


NOISE = ["\n", " ", ". ", "phone: ", "é", "Straße ", "ſ", "\u2003", "、", "x" * 80, '"', "SSN ", "\ud800", "😀", "٣٤٥",
         "0" * 20, "word " * 60, "account number ", "12 34 ", "a.b@", "::", "-----", "=", "'"]  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(data=st.data(), seed=st.integers(0, 10**6), glue=st.sampled_from(["", " ", "\n"]))
def test_the_same_as_presidio_on_random_texts(
    shipped_detector: PatternDetector,
    shipped_recognizers: RecognizerSet,
    analyzer: AnalyzerEngine,
    data: st.DataObject,
    seed: int,
    glue: str,
) -> None:
    examples = [example.text for example in shipped_recognizers.examples()]
    source = random.Random(seed)
    parts = [source.choice(examples if source.random() < 0.5 else NOISE) for _ in range(data.draw(st.integers(1, 60)))]
    text = glue.join(parts)
    assert by_us(shipped_detector, text) == by_presidio(analyzer, shipped_recognizers, text)


# --- recognizers that are not made of regexes, or of regexes that Hyperscan does not take


async def test_a_gate_selects_windows() -> None:
    detector = detector_of(EveryX(), prefilter=r"\d")
    text = "x" + "." * 5000 + "7x" + "." * 5000 + "x"
    assert [match.start for match in (await detector.find(segments(text)))[0]] == [5002]


@pytest.mark.parametrize("length", [3, 3000, 30_000])
async def test_without_a_prefilter_all_text_is_read(length: int, caplog: pytest.LogCaptureFixture) -> None:
    detector = detector_of(EveryX())
    text = "x" + ". " * length + "x" + ". " * length + "x"
    with caplog.at_level(logging.WARNING):
        assert len((await detector.find(segments(text)))[0]) == 3
    assert "EveryX has no prefilter" in caplog.text


async def test_a_regex_that_hyperscan_does_not_take(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        """
        recognizers:
          - name: Fuzzy
            supported_entity: CODE_NAME
            data_class: confidential_records
            patterns: [{name: nearly, regex: '(?:bluebird){e<=1}', score: 0.8}]
        """
    )
    detector = PatternDetector(load_recognizers(tmp_path))
    assert await scan(detector, "project bluebard starts") == await scan(detector, "project bluebard starts")
    assert [kind for kind, _ in await scan(detector, "project bluebard starts")] == ["CODE_NAME"]
    assert await scan(detector, "project redbird starts") == []


async def test_what_hyperscan_overlooks_is_looked_for_in_all_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It does so with expressions in the company of others, silently; here it is made blind."""
    (tmp_path / "own.yaml").write_text(
        """
        recognizers:
          - name: Ticket
            supported_entity: TICKET
            data_class: confidential_records
            patterns: [{name: number, regex: 'T-\\d{4}', score: 0.8}]
            examples: {match: [see T-1234], no_match: [T-12]}
        """
    )
    monkeypatch.setattr(PatternPrefilter, "scan", lambda self, text: [])
    for _ in range(2):  # the second time it is known from the first
        detector = PatternDetector(load_recognizers(tmp_path), tmp_path / "cache")
        caplog.clear()
        await detector.start()
        assert "Ticket is overlooked by Hyperscan" in caplog.text
        text = "word " * 2_000 + "T-4321"
        assert await scan(detector, text) == [("TICKET", "T-4321")]
        monkeypatch.setattr(PatternDetector, "_is_overlooked", None)


async def test_regexes_that_examples_were_tried_with_are_let_go(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        """
        recognizers:
          - name: Ticket
            supported_entity: TICKET
            data_class: confidential_records
            patterns: [{name: number, regex: 'T-\\d{4}', score: 0.8}]
            examples: {match: [see T-1234], no_match: [T-12]}
        """
    )
    recognizers = load_recognizers(tmp_path)
    detector = PatternDetector(recognizers)
    await detector.start()
    (pattern,) = recognizers.recognizers[0].patterns
    assert "compiled_regex" not in vars(pattern)
    assert await scan(detector, "see T-4321") == [("TICKET", "T-4321")]
    assert "compiled_regex" in vars(pattern)


async def test_matches_without_a_limit_are_found_whole(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        """
        recognizers:
          - name: Marked
            supported_entity: MARKED
            data_class: confidential_records
            patterns: [{name: between marks, regex: '<secret>[^<]*</secret>', score: 0.8}]
        """
    )
    detector = PatternDetector(load_recognizers(tmp_path))
    marked = "<secret>" + "word " * 20_000 + "</secret>"
    assert await scan(detector, f"{marked} and {marked}, not </secret>") == [("MARKED", marked)] * 2


class Enhancing(EveryX):
    """Raises its own scores."""

    def enhance_using_context(
        self, text: str, raw_recognizer_results: Any, *_: Any, **__: Any
    ) -> list[RecognizerResult]:
        for result in raw_recognizer_results:
            result.score = 0.9
        return list(raw_recognizer_results)


async def test_recognizers_may_raise_their_own_scores() -> None:
    ((match,),) = await detector_of(Enhancing(), prefilter="x", threshold=0.8).find(segments("an x"))
    assert match.score == 0.9


# --- failing


class Failing(EveryX):
    prefilter: ClassVar[str] = "x"

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        if text:
            raise ValueError(f"cannot read {text}")
        return []


async def test_a_failing_recognizer_fails_the_scan_and_tells_no_text() -> None:
    detector = detector_of(Failing("Broken"), prefilter="x")
    with pytest.raises(ScanFailed, match=r"scan\.recognizer_failed recognizer=Broken error=ValueError") as raised:
        await detector.find(segments("secret x"))
    assert "secret" not in str(raised.value)
    assert raised.value.__suppress_context__


@pytest.mark.parametrize(
    ("where", "expression"),
    [
        ("promptguard.detectors.recognizers.types.pattern.MATCH_SECONDS", "(?:a|aa|aaa){30,100}!"),
        ("promptguard.detectors.patterns.detector._SLOW_REGEX_SECONDS", "(?:a|aa)+!"),
    ],
)
async def test_a_regex_that_takes_too_long_fails_the_scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, expression: str
) -> None:
    (tmp_path / "own.yaml").write_text(
        f"""
        recognizers:
          - name: Slow
            supported_entity: SLOW
            data_class: source_code
            patterns: [{{name: catastrophic, regex: '{expression}', score: 0.8}}]
        """
    )
    monkeypatch.setattr(where, 0.05)
    text = "a" * 500 + "b" + "a" * 60 + "!"
    with pytest.raises(ScanFailed, match=r"scan\.regex_timeout"):
        await PatternDetector(load_recognizers(tmp_path)).find(segments(text))


# --- threads, starting, length


async def test_long_texts_leave_the_event_loop(
    shipped_detector: PatternDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []
    scan_here = shipped_detector.scan

    def watched(texts: Sequence[Segment]) -> list[list[Match]]:
        threads.append(threading.current_thread())
        return scan_here(texts)

    monkeypatch.setattr(shipped_detector, "scan", watched)
    await shipped_detector.find(segments("x" * INLINE_CHARACTERS))
    await shipped_detector.find(segments(*["word " * 100] * (INLINE_CHARACTERS // 400)))
    assert [thread is threading.main_thread() for thread in threads] == [True, False]


async def test_many_at_once(shipped_detector: PatternDetector) -> None:
    texts = [f"{IBAN} " + "word " * number * 1000 for number in range(12)]
    answers = await asyncio.gather(*(shipped_detector.find(segments(text)) for text in texts))
    assert [len(matches) for (matches,) in answers] == [1] * 12


async def test_find_starts_what_is_not_started(shipped_recognizers: RecognizerSet, compiled_patterns: Path) -> None:
    detector = PatternDetector(shipped_recognizers, compiled_patterns)
    assert await scan(detector, IBAN) == [("IBAN_CODE", IBAN)]


def test_scan_wants_a_started_detector(shipped_recognizers: RecognizerSet) -> None:
    with pytest.raises(RuntimeError, match="not started"):
        PatternDetector(shipped_recognizers).scan(segments("text"))


def test_version_is_the_recognizers(shipped_recognizers: RecognizerSet, shipped_detector: PatternDetector) -> None:
    assert shipped_detector.version == shipped_recognizers.version
    assert shipped_detector.id == "patterns"


class Counting(EveryX):
    """Counts the characters it was shown."""

    shown = 0

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        self.shown += len(text)
        return super().analyze(text, entities, nlp_artifacts)


@pytest.mark.parametrize("unit", ["x", "x ", "x" + "." * 30, "x\n" * 50 + "." * 900])
async def test_work_is_linear_in_the_text(unit: str) -> None:
    for length in (10_000, 100_000):
        recognizer = Counting()
        await detector_of(recognizer, prefilter="x").find(segments(unit * (length // len(unit))))
        assert recognizer.shown < 2 * length
