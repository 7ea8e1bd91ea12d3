import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from promptguard.detectors.deobfuscation.interface import Confidence
from promptguard.detectors.interface import Detector
from promptguard.detectors.patterns.detector import PatternDetector
from promptguard.detectors.recognizers.allow_list import load_allow_list
from promptguard.detectors.scanner import Scanner
from promptguard.detectors.values import fingerprint
from promptguard.errors import ScanFailed
from promptguard.model import Allowed, DataClass, Match, Position, Role, Segment
from promptguard.reasons import Code
from promptguard.redaction.redactor import Redactor

AWS = "AKIA" + "Q3EGRIG5TAMPLE2X"
KEY = b"k" * 32


class Words(Detector):
    """Finds given words, and remembers what it was asked."""

    def __init__(
        self, id: str, *words: str, data_class: DataClass = DataClass.PERSONAL_DATA, score: float = 0.5
    ) -> None:
        self.id = id
        self.version = "1"
        self.words = words
        self.data_class = data_class
        self.score = score
        self.asked: list[list[str]] = []
        self.running = False

    async def start(self) -> None:
        self.running = True

    async def stop(self) -> None:
        self.running = False

    async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
        self.asked.append([segment.text for segment in segments])
        return [[self.match(segment.text, word) for word in self.words if word in segment.text] for segment in segments]

    def match(self, text: str, word: str) -> Match:
        start = text.index(word)
        return Match(start, start + len(word), self.id.upper(), self.score, f"{self.id}-rule", self.data_class, "t1")


class Broken(Words):
    def __init__(self, problem: Exception) -> None:
        super().__init__("broken")
        self.problem = problem

    async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
        raise self.problem


def segment(text: str, role: Role = Role.USER, position: Position = Position.NEW, label: str = "") -> Segment:
    return Segment((text,), text, role, position, label)


async def test_findings_carry_everything_but_the_value() -> None:
    scan = await Scanner([Words("words", "anna")], KEY).scan([segment("hello"), segment("hello anna")])
    (finding,) = scan.findings
    assert (finding.segment, finding.start, finding.end) == (1, 6, 10)
    assert (finding.entity_type, finding.data_class, finding.score) == ("WORDS", DataClass.PERSONAL_DATA, 0.5)
    assert (finding.detector, finding.subject) == ("words-rule", "t1")
    assert finding.fingerprint == fingerprint("ANNA", KEY) != fingerprint("anna", b"other")
    assert "anna" not in repr(scan)
    assert scan.detectors == ("words",)
    assert set(scan.elapsed_ms) == {"words"}


async def test_findings_of_all_detectors_are_merged_and_ordered() -> None:
    first = Words("first", "anna schmidt", score=0.9)
    second = Words("second", "schmidt", "bob")
    scan = await Scanner([first, second], KEY).scan([segment("bob and anna schmidt"), segment("bob")])
    assert [(one.segment, one.start, one.entity_type) for one in scan.findings] == [
        (0, 0, "SECOND"),
        (0, 8, "FIRST"),
        (1, 0, "SECOND"),
    ]


async def test_allowed_values_are_no_findings(tmp_path: Path) -> None:
    (tmp_path / "allow.yaml").write_text("allow: [{values: [Anna], entity_types: [WORDS]}]")
    allow_list = load_allow_list(tmp_path / "allow.yaml")
    scanner = Scanner([Words("words", "anna", "bob"), Words("other", "anna")], KEY, allow_list=allow_list)
    scan = await scanner.scan([segment("anna, bob")])
    assert [one.entity_type for one in scan.findings] == ["OTHER", "WORDS"]
    assert scan.allowed == (Allowed(0, 0, 4, "allow.yaml:1"),)
    assert [match.entity_type for match in await scanner.scan_text("anna, bob")] == ["OTHER", "WORDS"]
    assert scanner.version != Scanner([Words("words"), Words("other")], KEY).version


async def test_text_seen_before_is_not_scanned_again() -> None:
    words = Words("words", "anna")
    scanner = Scanner([words], KEY)
    first = await scanner.scan([segment("anna one"), segment("two")])
    again = await scanner.scan([segment("two", position=Position.HISTORY), segment("three"), segment("anna one")])
    assert words.asked == [["anna one", "two"], ["three"]]
    assert (first.cached_characters, again.cached_characters) == (0, 11)
    assert [(one.segment, one.start) for one in again.findings] == [(2, 0)]


async def test_equal_segments_are_scanned_once() -> None:
    words = Words("words", "anna")
    scan = await Scanner([words], KEY).scan([segment("anna"), segment("anna")])
    assert words.asked == [["anna"]]
    assert [one.segment for one in scan.findings] == [0, 1]
    assert len({one.fingerprint for one in scan.findings}) == 1


@pytest.mark.parametrize("other", [segment("anna", role=Role.KEY), segment("anna", label="name"), segment("anna ")])
async def test_what_detectors_see_is_part_of_the_key(other: Segment) -> None:
    words = Words("words")
    scanner = Scanner([words], KEY)
    await scanner.scan([segment("anna")])
    await scanner.scan([other])
    assert len(words.asked) == 2


async def test_label_and_text_are_kept_apart() -> None:
    words = Words("words")
    words.readings = frozenset()
    scanner = Scanner([words], KEY)
    await scanner.scan([segment("b\0c", label="a"), segment("c", label="a\0b")])
    assert words.asked == [["b\0c", "c"]]


async def test_a_new_version_forgets_the_old_answers() -> None:
    words = Words("words", "anna")
    scanner = Scanner([words], KEY)
    before = scanner.version
    await scanner.scan([segment("bob anna")])
    words.version, words.words = "2", ("bob",)
    scan = await scanner.scan([segment("bob anna")])
    assert [one.start for one in scan.findings] == [0]
    assert scanner.version != before


async def test_the_cache_forgets_what_was_used_longest_ago() -> None:
    words = Words("words")
    scanner = Scanner([words], KEY, cache_entries=2)
    for text in ("one", "two", "one", "three", "one", "two"):
        await scanner.scan([segment(text)])
    assert words.asked == [["one"], ["two"], ["three"], ["two"]]


async def test_no_cache() -> None:
    words = Words("words")
    scanner = Scanner([words], KEY, cache_entries=0)
    await scanner.scan([segment("one")])
    await scanner.scan([segment("one")])
    assert len(words.asked) == 2


async def test_empty_texts_are_not_asked_about() -> None:
    words = Words("words")
    scan = await Scanner([words], KEY).scan([segment("")])
    assert (words.asked, scan.findings, scan.cached_characters) == ([], (), 0)


async def test_lone_surrogates() -> None:
    scan = await Scanner([Words("words", "\ud800")], KEY).scan([segment("a\ud800b", label="\udfff")])
    assert [(one.start, one.end) for one in scan.findings] == [(1, 2)]


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (ScanFailed(Code.NAMES_OVERLOADED), "names.overloaded"),
        (ValueError("anna"), "scan.detector_failed detector=broken error=ValueError"),
    ],
)
async def test_a_detector_that_fails_fails_the_scan(problem: Exception, told: str) -> None:
    scanner = Scanner([Words("words", "anna"), Broken(problem)], KEY)
    with pytest.raises(ScanFailed, match=told) as raised:
        await scanner.scan([segment("anna")])
    assert "anna" not in str(raised.value)
    with pytest.raises(ScanFailed, match=told):
        await scanner.scan_text("anna")


async def test_an_answer_for_too_few_segments_fails_the_scan() -> None:
    class Short(Words):
        async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
            return []

    with pytest.raises(ScanFailed, match=r"scan\.detector_incomplete detector=short answered=0 asked=1"):
        await Scanner([Short("short")], KEY).scan([segment("anna")])


async def test_detectors_run_at_once_and_are_cancelled_together() -> None:
    started, cancelled = asyncio.Event(), asyncio.Event()

    class Waiting(Words):
        async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
            started.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled.set()
                raise
            return []

    class Late(Broken):
        async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
            await started.wait()
            raise self.problem

    with pytest.raises(ScanFailed):
        await Scanner([Waiting("waiting"), Late(ScanFailed(Code.NAMES_STOPPED))], KEY).scan([segment("anna")])
    await asyncio.wait_for(cancelled.wait(), 5)


async def test_scan_text() -> None:
    scanner = Scanner([Words("first", "anna s", score=0.9), Words("second", "s. anna")], KEY)
    assert [(match.start, match.end, match.entity_type) for match in await scanner.scan_text("s. anna s.")] == [
        (0, 1, "SECOND"),
        (3, 9, "FIRST"),
    ]


async def test_hidden_text_is_found_where_it_stands() -> None:
    words = Words("words", "anna schmidt")
    scanner = Scanner([words], KEY)
    text = "mail to anna%20schmidt, please"
    scan = await scanner.scan([segment(text), segment("nothing")])
    (finding,) = scan.findings
    assert text[finding.start : finding.end] == "anna%20schmidt"
    assert (finding.segment, finding.hidden, finding.detector) == (0, "url", "words-rule")
    assert words.asked == [[text, "nothing", "mail to anna schmidt, please"]]
    again = await scanner.scan([segment(text)])
    assert [one.hidden for one in again.findings] == ["url"]
    assert len(words.asked) == 1
    assert [match.hidden for match in await scanner.scan_text(text)] == ["url"]


async def test_what_stands_plain_is_not_said_to_be_hidden() -> None:
    text = "anna schmidt, anna%20schmidt"

    class All(Words):
        async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
            return [
                [
                    Match(at, at + 12, "NAME", 0.5, "rule", DataClass.PERSONAL_DATA)
                    for at in range(len(segment.text))
                    if segment.text.startswith("anna schmidt", at)
                ]
                for segment in segments
            ]

    scan = await Scanner([All("all")], KEY).scan([segment(text)])
    assert [(one.start, one.end, one.hidden) for one in scan.findings] == [(0, 12, ""), (14, 28, "url")]


async def test_a_detector_says_which_readings_it_wants() -> None:
    text = "a%40b and p4ssw0rd"
    everything, decoded, plain = Words("everything"), Words("decoded"), Words("plain")
    decoded.readings, plain.readings = frozenset({Confidence.DECODED}), frozenset()
    await Scanner([everything, decoded, plain], KEY).scan([segment(text)])
    assert everything.asked == [[text, "a@b and p4ssw0rd", "a%40b and password"]]
    assert decoded.asked == [[text, "a@b and p4ssw0rd"]]
    assert plain.asked == [[text]]


@pytest.mark.parametrize(
    ("data_class", "score", "found"),
    [
        (DataClass.PERSONAL_DATA, 1.0, 0),
        (DataClass.TENANT_DATA, 0.95, 1),
        (DataClass.TENANT_DATA, 0.75, 0),
        (DataClass.CREDENTIALS, 0.5, 1),
    ],
)
async def test_a_guess_counts_only_if_it_proves_itself(data_class: DataClass, score: float, found: int) -> None:
    words = Words("words", "contoso", data_class=data_class, score=score)
    scan = await Scanner([words], KEY).scan([segment("a b o u t   c o n t o s o")])
    assert [one.hidden for one in scan.findings] == ["spaced"] * found


TABLE = "name;token\nanna;hunter\nbob;eve"


async def test_cells_are_found_after_their_headings_and_are_not_hidden() -> None:
    labelled = Words("labelled", "name: anna")
    labelled.readings = frozenset(Confidence)
    scan = await Scanner([labelled], KEY).scan([segment(TABLE)])
    assert [(TABLE[one.start : one.end], one.hidden) for one in scan.findings] == [("anna", "")]


async def test_headings_prove_no_credentials() -> None:
    labelled = Words("labelled", "token: hunter", data_class=DataClass.CREDENTIALS)
    labelled.readings = frozenset(Confidence)
    assert not (await Scanner([labelled], KEY).scan([segment(TABLE)])).findings


async def test_a_disguised_table_is_hidden_by_its_disguise_alone() -> None:
    labelled = Words("labelled", "name: anna")
    labelled.readings = frozenset(Confidence)
    text = TABLE.encode().hex()
    scan = await Scanner([labelled], KEY).scan([segment(text)])
    assert [(one.start, one.end, one.hidden) for one in scan.findings] == [(0, len(text), "hex")]


async def test_the_label_stands_before_what_was_hidden_at_the_beginning() -> None:
    class Labels(Words):
        async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
            self.asked.append([segment.label for segment in segments])
            return [[] for _ in segments]

    labels = Labels("labels")
    filler = " word" * 1000
    texts = [segment("a%40b" + filler, label="name"), segment(filler + " a%40b", label="name")]
    await Scanner([labels], KEY).scan(texts)
    assert labels.asked == [["name", "name", "name", ""]]


async def test_allowed_values_are_no_findings_hidden_either(tmp_path: Path) -> None:
    (tmp_path / "allow.yaml").write_text("allow: [{values: [Anna], entity_types: [WORDS]}]")
    scanner = Scanner([Words("words", "anna")], KEY, allow_list=load_allow_list(tmp_path / "allow.yaml"))
    for _ in range(2):  # as it is remembered, too
        scan = await scanner.scan([segment("it is %61nna")])
        assert (scan.findings, scan.allowed) == ((), (Allowed(0, 6, 12, "allow.yaml:1"),))


async def test_a_value_over_two_texts_is_found_in_both(shipped_detector: PatternDetector) -> None:
    scanner = Scanner([shipped_detector], KEY)
    segments = [
        Segment(("messages", 0, "content"), "the key is " + AWS[:7], Role.USER),
        Segment(("messages", 1, "content"), "Go on", Role.ASSISTANT),
        Segment(("messages", 2, "content"), AWS[7:] + " is the rest", Role.USER),
    ]
    for _ in range(2):
        scan = await scanner.scan(segments)
        assert [(one.segment, one.start, one.end, one.hidden) for one in scan.findings] == [
            (0, 11, 18, "adjacent texts"),
            (2, 0, 13, "adjacent texts"),
        ]
    assert scan.cached_characters == sum(len(one.text) for one in segments)


CARD = "4539 1488 0343 6467"
MAIL = "anna.schmidt@contoso-gmbh.de"


@pytest.mark.parametrize(
    ("first", "second", "entity_type"),
    [
        ("ask me", MAIL, "EMAIL_ADDRESS"),
        (MAIL, "com", "EMAIL_ADDRESS"),
        (CARD, "123", "CREDIT_CARD"),
        ("12", CARD, "CREDIT_CARD"),
        (AWS, "7", "AWS_ACCESS_KEY"),
    ],
)
@pytest.mark.parametrize(
    "paths", [(("x", 0), ("x", 1)), (("part1",), ("part2",)), (("m", 0, "text"), ("m", 1, "text"))]
)
async def test_a_text_beside_a_whole_value_is_no_part_of_it(
    shipped_detector: PatternDetector,
    paths: tuple[tuple[str | int, ...], ...],
    first: str,
    second: str,
    entity_type: str,
) -> None:
    texts = [Segment(path, text, Role.USER) for path, text in zip(paths, (first, second), strict=True)]
    scan = await Scanner([shipped_detector], KEY).scan(texts)
    (finding,) = scan.findings
    whole = texts[finding.segment].text
    assert (whole[finding.start : finding.end], finding.entity_type) == (whole, entity_type)


async def test_a_password_that_is_cut_is_found_in_both(shipped_detector: PatternDetector) -> None:
    scanner = Scanner([shipped_detector], KEY)
    first, second = "password: " + "pebble-saf", "fron-76\nAnd then?"
    scan = await scanner.scan([Segment(("x", 0), first), Segment(("x", 1), second)])
    assert [(one.segment, one.start, one.end) for one in scan.findings] == [(0, 10, 20), (1, 0, 7)]


async def test_what_was_joined_is_no_answer_for_a_text_that_is_alike(shipped_detector: PatternDetector) -> None:
    scanner = Scanner([shipped_detector], KEY)
    hidden = "4539/1488" + "/0343/6467"
    await scanner.scan([Segment(("x", 0), hidden[:9]), Segment(("x", 1), hidden[9:])])
    scan = await scanner.scan([Segment((), hidden)])
    assert [one.entity_type for one in scan.findings] == ["CREDIT_CARD"]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("mail anna.schmidt%40firma-mueller.de today", "mail {} today"),
        ("mail anna.\u200bschmidt@firma-mueller.de today", "mail {} today"),
        ("card 4539/1488" + "/0343/6467, ok", "card {}, ok"),
        ("encoded: " + "YW5uYS5zY2htaWR0QGZpcm1hLW11ZWxsZXIuZGU=" + " end", "encoded: {} end"),
    ],
)
async def test_what_was_hidden_is_replaced_and_put_back(
    shipped_detector: PatternDetector, text: str, rest: str
) -> None:
    segments = [segment(text)]
    scan = await Scanner([shipped_detector], KEY).scan(segments)
    redaction = Redactor(b"key").redact(segments, scan.findings, "scope", {})
    ((placeholder, original),) = redaction.issued.items()
    assert redaction.texts == {0: rest.format(placeholder)}
    assert redaction.texts[0].replace(placeholder, original.text) == text


async def test_start_and_stop() -> None:
    detectors = [Words("one"), Words("two")]
    scanner = Scanner(detectors, KEY)
    await scanner.start()
    assert all(detector.running for detector in detectors)
    await scanner.stop()
    assert not any(detector.running for detector in detectors)


async def test_every_detector_is_stopped() -> None:
    class Stuck(Words):
        async def stop(self) -> None:
            raise RuntimeError("stuck")

    last = Words("two")
    scanner = Scanner([Stuck("one"), last], KEY)
    await scanner.start()
    with pytest.raises(RuntimeError, match="stuck"):
        await scanner.stop()
    assert not last.running


@pytest.mark.parametrize(
    ("ids", "key", "told"),
    [(["a", "a"], KEY, "one id"), (["a"], b"", "fingerprint key"), (["a"], b"k" * 65, "fingerprint key")],
)
def test_wrong_use(ids: list[str], key: bytes, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Scanner([Words(one) for one in ids], key)
