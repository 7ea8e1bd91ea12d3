import pytest

from promptguard.review.accounts import NotPossible
from promptguard.review.staff_reports import MAX_REPORTS, ReportKind, ReportOutcome, StaffReports


@pytest.fixture
def reports(installation):
    return StaffReports(installation.database)


def test_what_is_told_and_answered_is_found_by_link_and_by_decision(reports) -> None:
    mine = reports.tell("pg-1", ReportKind.QUESTION, token=b"t" * 32, remark="why\0?", signed=" Jane  Roe ")
    reports.tell("pg-1", ReportKind.MISSED, token=None)
    reports.answer(mine, "nobody", "so")
    (found,) = reports.of_link(b"t" * 32)
    assert (found.id, found.signed, found.outcome) == (mine, "Jane Roe", ReportOutcome.ANSWERED)
    assert [each.remark for each in found.answers] == ["so"]
    assert {each.kind for each in reports.of_decision("pg-1")} == {"question", "missed"}
    assert [each.kind for each in reports.page(still_open=True)] == ["missed"]
    assert [each.kind for each in reports.page(still_open=False)] == ["question"]
    assert "\0" not in found.remark


def test_pages_go_on_where_the_last_one_ended(reports) -> None:
    for number in range(5):
        reports.tell(f"pg-{number}", ReportKind.MISSED, token=None)
    seen, before = [], None
    while page := reports.page(still_open=True, before=before, size=2):
        seen += [each.decision_id for each in page]
        before = page[-1].place
    assert sorted(seen) == [f"pg-{number}" for number in range(5)]


def test_there_is_an_end_to_what_is_told(reports) -> None:
    for _ in range(MAX_REPORTS):
        reports.tell("pg-1", ReportKind.QUESTION, token=None)
    with pytest.raises(NotPossible):
        reports.tell("pg-1", ReportKind.QUESTION, token=None)
