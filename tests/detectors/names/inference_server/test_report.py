from __future__ import annotations

from promptguard.detectors.names.inference_server.report import ServerReport


def test_counts_of_workers_are_added_up() -> None:
    one = ServerReport().with_answer(0.5).with_answer(0.25).with_open(True)
    other = ServerReport().with_failure(1.0).with_fallback(3).with_open(True)
    assert one + other == ServerReport(answered=2, failed=1, fallback=3, seconds=1.75, open=2)
    assert sum([one], other) == one + other


def test_it_goes_through_a_frame() -> None:
    report = ServerReport(1, 2, 3, 0.5, 1)
    assert ServerReport(*report.as_list()) == report
