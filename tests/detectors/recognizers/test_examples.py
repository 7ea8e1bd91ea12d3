from pathlib import Path

import pytest

from promptguard.detectors.patterns.detector import PatternDetector
from promptguard.detectors.recognizers.examples import failing_examples
from promptguard.detectors.recognizers.loading import RecognizerSet, load_recognizers
from promptguard.model import Segment


async def test_shipped_recognizers_keep_their_word(shipped_recognizers: RecognizerSet, compiled_patterns: Path) -> None:
    failing = await failing_examples(shipped_recognizers, compiled_patterns)
    assert [(example.file.name, example.line, example.recognizer) for example in failing] == []


# Hyperscan 5.4.12 loses matches of some expressions that stand beside certain others in one database, depending on how
# much text is before them. What is shipped must not contain such a combination.
@pytest.mark.parametrize("words_before", [1, 9, 23, 75])
def test_examples_are_found_wherever_they_stand(
    shipped_recognizers: RecognizerSet, shipped_detector: PatternDetector, words_before: int
) -> None:
    examples = [example for example in shipped_recognizers.examples() if example.matches]
    texts = [f"{'z ' * words_before}\n{example.text}\nz z" for example in examples]
    answers = shipped_detector.scan([Segment((), text) for text in texts])
    lost = [
        example.recognizer
        for example, matches in zip(examples, answers, strict=True)
        if example.recognizer not in {match.detector for match in matches}
    ]
    assert lost == []


def test_shipped_recognizers_have_examples_of_both_kinds(shipped_recognizers: RecognizerSet) -> None:
    lacking = [
        recognizer.name
        for recognizer in shipped_recognizers.recognizers
        if {example.matches for example in recognizer.examples} != {True, False}
    ]
    assert lacking == []


async def test_broken_promises_are_named(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        """
        recognizers:
          - name: Ticket
            supported_entity: TICKET
            data_class: confidential_records
            patterns: [{name: number, regex: 'TICKET-\\d{4}', score: 0.8}]
            examples:
              match: ['TICKET-1234', 'TICKET-12', 'ticket-4321']
              no_match: ['TICKET-99', 'TICKET-9999', 'TICKET-0000']
        """
    )
    (tmp_path / "allow.yaml").write_text("allow: [{values: [TICKET-0000]}]")
    failing = await failing_examples(load_recognizers(tmp_path))
    assert [example.text for example in failing] == ["TICKET-12", "TICKET-9999"]
