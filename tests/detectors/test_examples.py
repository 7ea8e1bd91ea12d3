from pathlib import Path

from promptguard.detectors.examples import failing_examples
from promptguard.detectors.recognizers import RecognizerSet, load_recognizers


async def test_shipped_recognizers_keep_their_word(shipped_recognizers: RecognizerSet, compiled_patterns: Path) -> None:
    failing = await failing_examples(shipped_recognizers, compiled_patterns)
    assert [(example.file.name, example.line, example.recognizer) for example in failing] == []


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
